"""Agents, their desks and their presence in SQL."""

from __future__ import annotations

from msgspec.structs import replace
from sqlalchemy import ColumnElement, bindparam, delete, insert, select, union_all, update

from connector.domain.agent import Agent, AgentToken, Desk, Presence, PresenceSpan
from connector.store.sql.conversations import HELD, LOADS, RINGING
from connector.store.sql.known_staff import KnownStaff
from connector.store.sql.session import SqlSession, WriteSession
from connector.store.sql.statements import RowQuery, scalars, structs, upsert
from connector.store.sql.tables.staff import agent_tokens as tokens
from connector.store.sql.tables.staff import agents, desks
from connector.store.sql.tables.staff import presence_spans as spans
from connector.store.sql.tallies import count_online
from connector.store.values import Load, Staff

BY_ID = structs(Agent, select(agents).where(agents.c.id == bindparam("key")))
_SAVE = upsert(agents, "id")
OF_OS_USER = structs(Agent, select(agents).where(agents.c.os_user == bindparam("user")).order_by(agents.c.id))
AFTER = structs(
    Agent, select(agents).where(agents.c.id > bindparam("after")).order_by(agents.c.id).limit(bindparam("limit"))
)
ALL = structs(Agent, select(agents).order_by(agents.c.id))
_DESKS = structs(Desk, select(desks))
_SAVE_DESK = upsert(desks, "id")
_REMOVE_DESK = delete(desks).where(desks.c.id == bindparam("key"))
_DESKS_OF = structs(Desk, select(desks).where(desks.c.node == bindparam("node")).order_by(desks.c.id))
_DESKS_OF_AGENT = structs(Desk, select(desks).where(desks.c.agent == bindparam("of_agent")).order_by(desks.c.id))
LIVE_DESKS = structs(
    Desk,
    select(desks)
    .where(
        desks.c.agent >= bindparam("first"), desks.c.agent <= bindparam("last"), desks.c.lease_until > bindparam("now")
    )
    .order_by(desks.c.agent, desks.c.signed_in_at, desks.c.id),
)
TOKEN = structs(AgentToken, select(tokens).where(tokens.c.digest == bindparam("key")))
TOKENS_OF = structs(
    AgentToken,
    select(tokens)
    .where(tokens.c.agent >= bindparam("first"), tokens.c.agent <= bindparam("last"))
    .order_by(tokens.c.agent, tokens.c.at, tokens.c.digest),
)
_TOKENS_BEGINNING = structs(
    AgentToken,
    select(tokens)
    .where(tokens.c.digest >= bindparam("start"), tokens.c.digest < bindparam("end"))
    .order_by(tokens.c.digest),
)
_SAVE_TOKEN = upsert(tokens, "digest")
_REMOVE_TOKEN = delete(tokens).where(tokens.c.digest == bindparam("key"))
_is_live = desks.c.lease_until > bindparam("now")
CONNECTED = scalars(select(desks.c.agent).where(_is_live, ~desks.c.is_silent))
SILENT = scalars(select(desks.c.agent).where(_is_live, desks.c.is_silent))
_UNTIL_AFTER = structs(Desk, select(desks).where(desks.c.lease_until > bindparam("at")).order_by(desks.c.id))
_EXPIRED = structs(
    Desk, select(desks).where(desks.c.lease_until <= bindparam("now")).order_by(desks.c.lease_until, desks.c.id)
)
_is_open_span = (spans.c.agent == bindparam("of_agent"), spans.c.until_at.is_(None))
_OPEN_SPAN = structs(PresenceSpan, select(spans).where(*_is_open_span))
_END_SPAN = update(spans).where(*_is_open_span).values(until_at=bindparam("at"))
_ADD_SPAN = insert(spans)
_ALL_OF_AGENT = 10_000
LIMIT_SPANS = (
    update(spans).where(spans.c.until_at.is_(None), spans.c.from_at > bindparam("now")).values(from_at=bindparam("now"))
)
# Two selects, sorted afterwards: for each there is an index, which spares reading all that ended before.
_since = (spans.c.until_at.is_(None), spans.c.until_at > bindparam("since"))


def _spans_since(*conditions: ColumnElement[bool]) -> RowQuery[tuple[int, PresenceSpan]]:
    return RowQuery(
        union_all(*(select(spans).where(*conditions, each) for each in _since)).limit(bindparam("limit")),
        ("number", *PresenceSpan.__struct_fields__),
        lambda number, *span: (number, PresenceSpan(*span)),
    )


_SPANS_SINCE = _spans_since()
_SPANS_OF_SINCE = _spans_since(spans.c.agent == bindparam("of_agent"))


def spans_since(session: SqlSession, at: int, agent: str | None, limit: int) -> list[PresenceSpan]:
    asked = {"since": at, "limit": limit}
    if agent is None:
        rows: list[tuple[int, PresenceSpan]] = session.all(_SPANS_SINCE, asked)
    else:
        rows = session.all(_SPANS_OF_SINCE, {**asked, "of_agent": agent})
    return [span for _, span in sorted(rows, key=lambda row: (row[1].agent, row[0]))]


def staff(session: SqlSession, now: int) -> Staff:
    return Staff(
        agents=tuple(session.all(ALL, {})),
        connected=frozenset(session.all(CONNECTED, {"now": now})),
        silent=frozenset(session.all(SILENT, {"now": now})),
        loads={agent: Load(count, weight) for agent, count, weight in session.all(LOADS, {"now": now})},
        ringing=tuple(session.all(RINGING, {})),
    )


def known_staff(session: WriteSession, now: int) -> Staff:
    """The same, as the writer knows it."""
    if session.is_postgresql:  # what is known is forgotten with each transaction, and sums are read faster than rows
        return staff(session, now)
    if session.cache.staff is None:
        session.cache.staff = KnownStaff(
            session.all(ALL, {}), session.all(_DESKS, {}), session.all(HELD, {}), session.all(RINGING, {})
        )
    return session.cache.staff.at(now)


class SqlAgents:
    def __init__(self, session: WriteSession) -> None:
        self._session = session
        self._cache = session.cache

    def get(self, agent_id: str) -> Agent | None:
        if self._cache.staff is not None:
            return self._cache.staff.agent(agent_id)
        return self._session.first(BY_ID, {"key": agent_id})

    def save(self, agent: Agent) -> None:
        self._session.execute(_SAVE, agent)
        if self._cache.staff is not None:
            self._cache.staff.set_agent(agent)

    def all(self) -> list[Agent]:
        return self._session.all(ALL, {})

    def save_desk(self, desk: Desk) -> None:
        self._session.execute(_SAVE_DESK, desk)
        if self._cache.staff is not None:
            self._cache.staff.set_desk(desk)

    def remove_desk(self, desk_id: str) -> None:
        self._session.execute(_REMOVE_DESK, {"key": desk_id})
        if self._cache.staff is not None:
            self._cache.staff.remove_desk(desk_id)

    def desks_of(self, node: str) -> list[Desk]:
        return self._session.all(_DESKS_OF, {"node": node})

    def desks_of_agent(self, agent_id: str) -> list[Desk]:
        return self._session.all(_DESKS_OF_AGENT, {"of_agent": agent_id})

    def connected(self, now: int) -> set[str]:
        return set(self._session.all(CONNECTED, {"now": now}))

    def desks_until_after(self, at: int) -> list[Desk]:
        return self._session.all(_UNTIL_AFTER, {"at": at})

    def expired_desks(self, now: int) -> list[Desk]:
        return self._session.all(_EXPIRED, {"now": now})

    def current_state(self, agent_id: str) -> str | None:
        span = self._session.first(_OPEN_SPAN, {"of_agent": agent_id})
        return None if span is None else span.state

    def spans_since(self, agent_id: str, at: int) -> list[PresenceSpan]:
        return spans_since(self._session, at, agent_id, _ALL_OF_AGENT)

    def begin_span(self, span: PresenceSpan) -> None:
        last = self._session.first(_OPEN_SPAN, {"of_agent": span.agent})
        if last is not None and (last.state, last.reason) == (span.state, span.reason):
            return
        at = span.from_at if last is None else max(span.from_at, last.from_at)  # a clock may have gone back
        self._session.execute(_END_SPAN, {"of_agent": span.agent, "at": at})
        if last is not None and last.state == Presence.ONLINE:
            count_online(self._session, last.agent, last.from_at, at)
        self._session.execute(_ADD_SPAN, replace(span, from_at=at))


class SqlTokens:
    def __init__(self, session: WriteSession) -> None:
        self._session = session

    def get(self, digest: str) -> AgentToken | None:
        return self._session.first(TOKEN, {"key": digest})

    def of(self, agent_id: str) -> list[AgentToken]:
        return self._session.all(TOKENS_OF, {"first": agent_id, "last": agent_id})

    def beginning_with(self, start: str) -> list[AgentToken]:
        return self._session.all(_TOKENS_BEGINNING, {"start": start, "end": start + "g"})  # after each digit

    def save(self, token: AgentToken) -> None:
        self._session.execute(_SAVE_TOKEN, token)

    def remove(self, digest: str) -> None:
        self._session.execute(_REMOVE_TOKEN, {"key": digest})
