"""Alerts and the webhook's outbox in SQL."""

from __future__ import annotations

from sqlalchemy import bindparam, delete, func, insert, select, update

from connector.domain.alerts import Alert, OverdueAnswers
from connector.store.on_call import WebhookBacklog, WebhookEvent
from connector.store.ports import Raced
from connector.store.sql.session import SqlSession, WriteSession
from connector.store.sql.statements import PerDialect, scalars, structs
from connector.store.sql.tables.conversations import conversations
from connector.store.sql.tables.on_call import HAS_ENDED, HAS_NOT_ENDED, IS_OVERDUE, webhook_events
from connector.store.sql.tables.on_call import alerts as table

_BY_ID = structs(Alert, select(table).where(table.c.id == bindparam("key")))
_OPEN = structs(Alert, select(table).where(HAS_NOT_ENDED).order_by(table.c.id))
_ENDED_SINCE = structs(
    Alert,
    select(table)
    .where(HAS_ENDED, table.c.ended_at >= bindparam("since"))
    .order_by(table.c.ended_at, table.c.id)
    .limit(bindparam("limit")),
)
_of = (conversations.c.account, conversations.c.skill)
_counted = select(*_of, func.count().label("count"), func.min(conversations.c.due_at).label("first_due_at")).where(
    IS_OVERDUE, conversations.c.due_at <= bindparam("until")
)
OVERDUE = structs(OverdueAnswers, _counted.group_by(*_of).order_by(*_of))
_OVERDUE_OF = structs(
    OverdueAnswers,
    _counted.where(
        conversations.c.account == bindparam("of_account"),
        conversations.c.skill == bindparam("of_skill"),
        conversations.c.due_at > bindparam("after"),
    ).group_by(*_of),
)
_ADD = PerDialect(table, lambda insert: insert.on_conflict_do_nothing())
_UPDATE = (
    update(table)
    .where(table.c.id == bindparam("key"))
    .values(**{name: bindparam(name) for name in Alert.__struct_fields__ if name != "id"})
)
PURGE = delete(table).where(
    table.c.id.in_(
        select(table.c.id)
        .where(HAS_ENDED, table.c.ended_at < bindparam("before"))
        .order_by(table.c.ended_at)
        .limit(bindparam("limit"))
    )
)
_ADD_EVENT = insert(webhook_events)
_EVENT = structs(WebhookEvent, select(webhook_events).where(webhook_events.c.id == bindparam("key")))
_EVENTS = scalars(select(func.count()).select_from(webhook_events))
_OLDEST = structs(WebhookEvent, select(webhook_events).order_by(webhook_events.c.id).limit(bindparam("limit")))
_FAILED = update(webhook_events).where(webhook_events.c.id == bindparam("key")).values(words=bindparam("because"))
_REMOVE_EVENT = delete(webhook_events).where(webhook_events.c.id == bindparam("key"))


class SqlAlertReading:
    """See `store.on_call.AlertReading`."""

    def __init__(self, session: SqlSession) -> None:
        self._reading = session

    def get(self, alert_id: str) -> Alert | None:
        return self._reading.first(_BY_ID, {"key": alert_id})

    def open(self) -> list[Alert]:
        return self._reading.all(_OPEN, {})

    def ended_since(self, at: int, limit: int) -> list[Alert]:
        return self._reading.all(_ENDED_SINCE, {"since": at, "limit": limit})

    def overdue(self, until: int) -> list[OverdueAnswers]:
        return self._reading.all(OVERDUE, {"until": until})

    def overdue_of(self, account: str, skill: str, after: int, until: int) -> OverdueAnswers | None:
        values = {"of_account": account, "of_skill": skill, "after": after, "until": until}
        return self._reading.first(_OVERDUE_OF, values)

    def webhook_backlog(self) -> WebhookBacklog:
        oldest = self._reading.first(_OLDEST, {"limit": 1})
        if oldest is None:
            return WebhookBacklog()
        return WebhookBacklog(int(self._reading.one(_EVENTS, {})), oldest.at, oldest.words)


class SqlAlerts(SqlAlertReading):
    """See `store.on_call.AlertRepository`."""

    def __init__(self, session: WriteSession) -> None:
        super().__init__(session)
        self._session = session

    def add(self, alert: Alert) -> None:
        if not self._session.execute(_ADD, alert):
            raise Raced

    def update(self, alert: Alert) -> None:
        values = {name: getattr(alert, name) for name in Alert.__struct_fields__ if name != "id"}
        self._session.execute(_UPDATE, {**values, "key": alert.id})


class SqlWebhookOutbox:
    """See `store.on_call.WebhookOutbox`."""

    def __init__(self, session: WriteSession) -> None:
        self._session = session

    def add(self, event: WebhookEvent) -> None:
        self._session.execute(_ADD_EVENT, event)

    def get(self, event_id: str) -> WebhookEvent | None:
        return self._session.first(_EVENT, {"key": event_id})

    def count(self) -> int:
        return int(self._session.one(_EVENTS, {}))

    def oldest(self, limit: int) -> list[WebhookEvent]:
        return self._session.all(_OLDEST, {"limit": limit})

    def failed(self, event_id: str, words: str) -> None:
        self._session.execute(_FAILED, {"key": event_id, "because": words})

    def remove(self, event_id: str) -> None:
        self._session.execute(_REMOVE_EVENT, {"key": event_id})
