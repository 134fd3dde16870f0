"""Messages in SQL."""

from __future__ import annotations

from sqlalchemy import Text, bindparam, delete, desc, func, insert, not_, select, type_coerce

from connector.domain.conversation import Conversation
from connector.domain.message import Direction, Message
from connector.store.sql import tallies
from connector.store.sql.counters import count_message
from connector.store.sql.session import SqlSession, WriteSession
from connector.store.sql.statements import RowQuery, RowUpdates, Values, insert_or_ignore, scalars, structs, tuples
from connector.store.sql.tables.messages import HAS_PICTURES, IS_SETTLED, IS_UNCERTAIN, IS_UNSETTLED, message_refs
from connector.store.sql.tables.messages import messages as table

_ADD = insert(table)
_ADD_REF = insert_or_ignore(message_refs, "account", "ref")
BY_ID = structs(Message, select(table).where(table.c.id == bindparam("key")))
_BY_REF = structs(
    Message,
    select(table).where(
        table.c.id
        == select(message_refs.c.message_id)
        .where(message_refs.c.account == bindparam("account"), message_refs.c.ref == bindparam("ref"))
        .scalar_subquery()
    ),
)
_WITHOUT_REF = structs(
    Message,
    select(table)
    .where(
        table.c.person == bindparam("person"),
        table.c.account == bindparam("account"),
        table.c.line == bindparam("line"),
        table.c.direction == Direction.REPLY,
        table.c.text == bindparam("of_text"),
        table.c.ref.is_(None),
        table.c.at >= bindparam("since"),
    )
    .order_by(table.c.id),
)
_UNSETTLED = structs(
    Message,
    select(table)
    .where(IS_UNSETTLED, table.c.line == bindparam("line"), table.c.person == bindparam("person"))
    .order_by(table.c.id),
)
_LOOKED_UP = scalars(
    select(table.c.id)
    .where(
        IS_UNCERTAIN,
        table.c.account == bindparam("account"),
        table.c.line == bindparam("line"),
        table.c.person == bindparam("person"),
        table.c.author.is_not(None),
        not_(IS_UNSETTLED),
        table.c.settled_by.is_(None),
        table.c.resent_as.is_(None),
    )
    .limit(1)
)
_SETTLED_BY = structs(
    Message, select(table).where(IS_SETTLED, table.c.settled_by == bindparam("by")).order_by(table.c.id)
)
_DELETE_REF = delete(message_refs).where(
    message_refs.c.account == bindparam("of_account"),
    message_refs.c.ref == bindparam("of_ref"),
    message_refs.c.message_id == bindparam("of_message"),
)
UNSETTLED_COUNTS = tuples(
    select(table.c.account, func.count().label("count")).where(IS_UNSETTLED).group_by(table.c.account)
)
_UPDATES = RowUpdates(table, Message)
_latest = (
    select(table).where(table.c.person == bindparam("person")).order_by(desc(table.c.id)).limit(bindparam("limit"))
)
_LATEST = structs(Message, _latest)
_LATEST_BEFORE = structs(Message, _latest.where(table.c.id < bindparam("before")))
FIRST_AFTER = structs(
    Message,
    select(table)
    .where(table.c.person == bindparam("person"), table.c.id > bindparam("after"))
    .order_by(table.c.id)
    .limit(bindparam("limit")),
)
_MOST_REPLIES = 1000  # of one conversation that are looked at
_REPLIES_IN = structs(
    Message,
    select(table)
    .where(
        table.c.person == bindparam("person"),
        table.c.id > bindparam("conversation"),  # ids are in the order of storing
        table.c.conversation_id == bindparam("conversation"),
        table.c.direction == Direction.REPLY,
    )
    .order_by(desc(table.c.id))
    .limit(bindparam("limit")),
)
_HAS_INBOUND = scalars(
    select(table.c.id).where(table.c.person == bindparam("person"), table.c.direction == Direction.INBOUND).limit(1)
)
MEDIA_JSON = scalars(select(type_coerce(table.c.media, Text).label("media")).where(HAS_PICTURES))


def history(session: SqlSession, person: str, before: str | None, limit: int) -> list[Message]:
    values = {"person": person, "limit": limit}
    if before is None:
        found = session.all(_LATEST, values)
    else:
        found = session.all(_LATEST_BEFORE, {**values, "before": before})
    return found[::-1]


class SqlMessages:
    def __init__(self, session: WriteSession) -> None:
        self._session = session
        self._cache = session.cache

    def add_once(self, message: Message) -> bool:
        if message.ref is not None and not self._add_ref(message):
            return False
        self._session.execute(_ADD, message)
        count_message(self._session, message, 1)
        tallies.count_message(self._session, None, message)
        return True

    def get(self, message_id: str) -> Message | None:
        known = self._cache.messages.get(message_id)
        return known or self._first(BY_ID, {"key": message_id})

    def by_ref(self, account: str, ref: str) -> Message | None:
        return self._first(_BY_REF, {"account": account, "ref": ref})

    def history(self, person: str, before: str | None, limit: int) -> list[Message]:
        return history(self._session, person, before, limit)

    def replies_in(self, conversation: Conversation) -> list[Message]:
        values = {"person": conversation.person, "conversation": conversation.id, "limit": _MOST_REPLIES}
        return self._session.all(_REPLIES_IN, values)

    def has_inbound(self, person: str) -> bool:
        return self._session.first(_HAS_INBOUND, {"person": person}) is not None

    def without_ref(self, like: Message, since: int) -> list[Message]:
        where = {"account": like.account, "line": like.line, "person": like.person}
        return self._session.all(_WITHOUT_REF, {**where, "of_text": like.text, "since": since})

    def unsettled(self, line: str, person: str) -> list[Message]:
        return self._session.all(_UNSETTLED, {"line": line, "person": person})

    def is_looked_up(self, account: str, line: str, person: str) -> bool:
        return self._session.first(_LOOKED_UP, {"account": account, "line": line, "person": person}) is not None

    def settled_by(self, by: str) -> list[Message]:
        return self._session.all(_SETTLED_BY, {"by": by})

    def update(self, message: Message) -> None:
        before = self.get(message.id)
        if before is None:
            return
        if before.ref is not None and before.ref != message.ref:
            which = {"of_account": before.account, "of_ref": before.ref, "of_message": before.id}
            self._session.execute(_DELETE_REF, which)
        # A provider may give one reference to two messages. How the send ended is recorded all the same: the first
        # message keeps the reference.
        if message.ref is not None and before.ref != message.ref:
            self._add_ref(message)
        statement = _UPDATES.of(before, message)
        if statement is not None:
            self._session.execute(statement, message)
            self._cache.messages.keep(message.id, message)
        count_message(self._session, before, -1)
        count_message(self._session, message, 1)
        tallies.count_message(self._session, before, message)

    def _first(self, query: RowQuery[Message], values: Values) -> Message | None:
        found = self._session.first(query, values)
        if found is not None:
            self._cache.messages.keep(found.id, found)
        return found

    def _add_ref(self, message: Message) -> bool:
        values = {"account": message.account, "ref": message.ref, "message_id": message.id}
        return self._session.execute(_ADD_REF, values) > 0
