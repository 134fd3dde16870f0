"""Conversations in SQL."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

from sqlalchemy import BigInteger, and_, bindparam, case, cast, desc, func, or_, select, tuple_, union_all, update

from connector.domain.ahead import PAST
from connector.domain.conversation import Conversation, DueRule
from connector.domain.load import FULL_WEIGHT
from connector.domain.rights import Visibility
from connector.store.ports import Raced
from connector.store.sql import tallies
from connector.store.sql.known_staff import HeldConversation
from connector.store.sql.session import SqlSession, WriteSession
from connector.store.sql.statements import RowQuery, RowUpdates, Values, insert_or_ignore, scalars, structs, tuples
from connector.store.sql.tables.conversations import (
    HAS_JOINED,
    HAS_OWNER,
    HAS_TIMER,
    IS_ASSIGNED,
    IS_CLOSED,
    IS_OPEN,
    IS_QUEUED,
    IS_RINGING,
    WAS_ASSIGNED,
)
from connector.store.sql.tables.conversations import conversations as table
from connector.store.values import AheadLimits, Assignments

BY_ID = structs(Conversation, select(table).where(table.c.id == bindparam("key")))
_OPEN_FOR = structs(
    Conversation,
    select(table).where(table.c.person == bindparam("person"), table.c.line == bindparam("line"), IS_OPEN),
)
_OPEN_OF = structs(
    Conversation, select(table).where(table.c.person == bindparam("person"), IS_OPEN).order_by(table.c.id)
)
_INSERT = insert_or_ignore(table, "person", "line", where=IS_OPEN)
_UPDATES = RowUpdates(table, Conversation)
_queued = (
    select(table)
    .where(IS_QUEUED, table.c.skill == bindparam("skill"))
    .order_by(table.c.rank, table.c.id)
    .limit(bindparam("limit"))
)
QUEUED = structs(Conversation, _queued)
_QUEUED_AT = structs(Conversation, _queued.where(table.c.account == bindparam("account")))
_first_skill = select(table.c.skill).where(IS_QUEUED).order_by(table.c.skill).limit(1)
FIRST_SKILL = scalars(_first_skill)
NEXT_SKILL = scalars(_first_skill.where(table.c.skill > bindparam("previous")))
_count_ahead = select(func.count()).where(
    IS_QUEUED,
    table.c.skill == bindparam("skill"),
    tuple_(table.c.rank, table.c.id) < tuple_(bindparam("rank"), bindparam("key")),
)
_COUNT_AHEAD = scalars(_count_ahead)
_COUNT_AHEAD_AT = scalars(_count_ahead.where(table.c.account == bindparam("account")))
_queue_lengths = select(table.c.skill, func.count().label("count")).where(IS_QUEUED).group_by(table.c.skill)
QUEUE_LENGTHS = tuples(_queue_lengths)
QUEUE_LENGTHS_AT = tuples(_queue_lengths.where(table.c.account == bindparam("account")))
_ASSIGNED_SINCE = tuples(
    select(table.c.skill, func.count().label("count"), func.min(table.c.assigned_at).label("first_at"))
    .where(WAS_ASSIGNED, table.c.assigned_at >= bindparam("since"))
    .group_by(table.c.skill)
)
# The same rule as `connector.domain.load.weight`, for all at once.
_decayed = (
    (FULL_WEIGHT - table.c.light) * (bindparam("now") - table.c.idle_since) // (table.c.light_at - table.c.idle_since)
)
_WEIGHT = case(
    (or_(table.c.idle_since.is_(None), table.c.light_at.is_(None)), FULL_WEIGHT),
    (table.c.light_at <= bindparam("now"), table.c.light),
    (table.c.idle_since >= bindparam("now"), FULL_WEIGHT),
    else_=FULL_WEIGHT - _decayed,
)
LOADS = tuples(
    select(table.c.agent, func.count().label("count"), cast(func.sum(_WEIGHT), BigInteger).label("weight"))
    .where(HAS_OWNER, table.c.agent.is_not(None))
    .group_by(table.c.agent)
    .order_by(table.c.agent)
)
HELD = structs(
    HeldConversation,
    select(table.c.id, table.c.agent, table.c.idle_since, table.c.light_at, table.c.light).where(
        HAS_OWNER, table.c.agent.is_not(None)
    ),
)
RINGING = structs(Conversation, select(table).where(IS_RINGING).order_by(table.c.id))
_ASSIGNED_TO = structs(
    Conversation,
    # HAS_OWNER follows from IS_ASSIGNED; it names the partial index.
    select(table).where(table.c.agent == bindparam("agent"), IS_ASSIGNED, HAS_OWNER).order_by(table.c.id),
)
_OWNED_BY_ACCOUNT = tuples(
    select(table.c.account, func.count().label("count"))
    .where(table.c.agent == bindparam("agent"), HAS_OWNER)
    .group_by(table.c.account)
)
JOINED = structs(Conversation, select(table).where(HAS_JOINED).order_by(table.c.id))
_closed_of = (table.c.person == bindparam("person"), IS_CLOSED)
_latest_first = (desc(table.c.closed_at), desc(table.c.id))
_LATEST_CLOSED = structs(
    Conversation,
    select(table).where(*_closed_of, table.c.line == bindparam("line")).order_by(*_latest_first).limit(1),
)
_CLOSED_OF = structs(Conversation, select(table).where(*_closed_of, table.c.closed_at >= bindparam("since")))
_HAS_CLOSED = scalars(select(table.c.id).where(*_closed_of).limit(1))
_RENAME_CLOSED = (
    update(table)
    .where(table.c.person == bindparam("of_person"), IS_CLOSED, table.c.name != bindparam("to"))
    .values(name=bindparam("to"), version=table.c.version + 1)
)
LATEST_OWNER = scalars(
    select(table.c.agent).where(*_closed_of, table.c.agent.is_not(None)).order_by(*_latest_first).limit(1)
)
_DUE_TIMERS = structs(
    Conversation,
    select(table)
    .where(HAS_TIMER, table.c.timer_at <= bindparam("now"))
    .order_by(table.c.timer_at, table.c.id)
    .limit(bindparam("limit")),
)
NEXT_TIMER = scalars(select(table.c.timer_at).where(HAS_TIMER).order_by(table.c.timer_at).limit(1))
# One branch for each partial index, so that conversations closed long ago are never read.
_OPEN_OR_CLOSED_SINCE = (IS_OPEN, and_(IS_CLOSED, table.c.closed_at >= bindparam("since")))
SHOWN_SINCE = structs(Conversation, union_all(*(select(table).where(each) for each in _OPEN_OR_CLOSED_SINCE)))

VISIBILITY = (table.c.id, table.c.account, table.c.skill, table.c.agent, table.c.rings, table.c.joined)
VISIBILITIES_WITH = tuples(
    union_all(
        *(select(*VISIBILITY).where(table.c.person == bindparam("person"), each) for each in (IS_OPEN, IS_CLOSED))
    )
)

_PAST = [table.c[name] for name in PAST]
_is_ahead = or_(
    *(column > bindparam("now") for column in _PAST),
    *(table.c[name] > bindparam("timer_at") for name in ("ring_until", "again_at", "wrap_up_until", "light_at")),
    and_(table.c.due_by != DueRule.MANUAL, table.c.due_at > bindparam("due_at")),
)
_AHEAD = structs(
    Conversation,
    union_all(
        select(table).where(IS_OPEN, _is_ahead), select(table).where(IS_CLOSED, table.c.closed_at > bindparam("now"))
    ),
)


def visibility(
    account: str, skill: str, agent: str | None, rings: tuple[str, ...], joined: tuple[str, ...]
) -> Visibility:
    return Visibility(account, skill, (*(() if agent is None else (agent,)), *rings, *joined))


def by_conversation(rows: Iterable[tuple[Any, ...]]) -> dict[str, Visibility]:
    """Of rows of VISIBILITY."""
    return {id_: visibility(*seen) for id_, *seen in rows}


def ahead_of(session: SqlSession, conversation: Conversation, accounts: Collection[str]) -> int:
    values = {"skill": conversation.skill, "rank": conversation.rank, "key": conversation.id}
    if not accounts:
        return int(session.one(_COUNT_AHEAD, values))
    return sum(int(session.one(_COUNT_AHEAD_AT, {**values, "account": account})) for account in accounts)


def assigned_since(session: SqlSession, at: int) -> dict[str, Assignments]:
    rows = session.all(_ASSIGNED_SINCE, {"since": at})
    return {skill: Assignments(count, first_at) for skill, count, first_at in rows}


class SqlConversations:
    def __init__(self, session: WriteSession) -> None:
        self._session = session
        self._cache = session.cache

    def get(self, conversation_id: str) -> Conversation | None:
        known = self._cache.conversations.get(conversation_id)
        return known or self._first(BY_ID, {"key": conversation_id})

    def open_for(self, line: str, person: str) -> Conversation | None:
        known = self._cache.open.get((line, person))
        return known or self._first(_OPEN_FOR, {"line": line, "person": person})

    def open_of(self, person: str) -> list[Conversation]:
        return self._all(_OPEN_OF, {"person": person})

    def insert(self, conversation: Conversation) -> None:
        if not self._session.execute(_INSERT, conversation):
            raise Raced
        tallies.count_opening(self._session, conversation)
        self._cache.written(conversation)

    def update(self, conversation: Conversation) -> None:
        before = self.get(conversation.id)
        statement = _UPDATES.of(before, conversation)
        if statement is not None and self._session.execute(statement, conversation):
            tallies.count_closing(self._session, before, conversation)
            self._cache.written(conversation)

    def queued(self, limit: int, skill: str, account: str | None = None) -> list[Conversation]:
        if account is None:
            return self._all(QUEUED, {"limit": limit, "skill": skill})
        return self._all(_QUEUED_AT, {"limit": limit, "skill": skill, "account": account})

    def queued_skills(self) -> list[str]:
        # One index look-up for each skill: DISTINCT would read the whole queue.
        found: list[str] = []
        skill: str | None = self._session.first(FIRST_SKILL, {})
        while skill is not None:
            found.append(skill)
            skill = self._session.first(NEXT_SKILL, {"previous": skill})
        return found

    def assigned_to(self, agent: str) -> list[Conversation]:
        return self._all(_ASSIGNED_TO, {"agent": agent})

    def owned_by_account(self, agent: str) -> dict[str, int]:
        return dict(self._session.all(_OWNED_BY_ACCOUNT, {"agent": agent}))

    def joined(self) -> list[Conversation]:
        return self._all(JOINED, {})

    def latest_owner(self, person: str) -> str | None:
        return self._session.first(LATEST_OWNER, {"person": person})

    def latest_closed(self, line: str, person: str) -> Conversation | None:
        return self._first(_LATEST_CLOSED, {"line": line, "person": person})

    def closed_of(self, person: str, since: int) -> list[Conversation]:
        return self._all(_CLOSED_OF, {"person": person, "since": since})

    def has_closed(self, person: str) -> bool:
        return self._session.first(_HAS_CLOSED, {"person": person}) is not None

    def visibilities_with(self, person: str) -> dict[str, Visibility]:
        return by_conversation(self._session.all(VISIBILITIES_WITH, {"person": person}))

    def rename_closed(self, person: str, name: str) -> None:
        if self._session.execute(_RENAME_CLOSED, {"of_person": person, "to": name}):
            self._cache.renamed(person)

    def ahead_of(self, limits: AheadLimits) -> list[Conversation]:
        return self._all(_AHEAD, {"now": limits.now, "timer_at": limits.timer_at, "due_at": limits.due_at})

    def due_timers(self, now: int, limit: int) -> list[Conversation]:
        return self._all(_DUE_TIMERS, {"now": now, "limit": limit})

    def _first(self, query: RowQuery[Conversation], values: Values) -> Conversation | None:
        found = self._session.first(query, values)
        if found is not None:
            self._cache.keep(found)
        return found

    def _all(self, query: RowQuery[Conversation], values: Values) -> list[Conversation]:
        found = self._session.all(query, values)
        for conversation in found:
            self._cache.keep(conversation)
        return found
