"""Conversations in SQL."""

from __future__ import annotations

from msgspec.structs import asdict
from sqlalchemy import BigInteger, bindparam, case, cast, desc, func, or_, select, update

from connector.domain.conversation import Conversation
from connector.domain.load import FULL_WEIGHT
from connector.store.ports import Raced
from connector.store.sql.connection import WriteConnection, keeping_the_first
from connector.store.sql.tables import HAS_TIMER, IS_ASSIGNED, IS_CLOSED, IS_HELD, IS_OPEN, IS_QUEUED, IS_RINGING
from connector.store.sql.tables import conversations as table

_GET = select(table).where(table.c.id == bindparam("key"))
_OPEN_FOR = select(table).where(table.c.line == bindparam("our_line"), table.c.consumer == bindparam("who"), IS_OPEN)
_INSERT = keeping_the_first(table, "line", "consumer", where=IS_OPEN)
_UPDATE = update(table).where(table.c.id == bindparam("key"))
_QUEUED = (
    select(table)
    .where(IS_QUEUED, table.c.skill == bindparam("wanted"))
    .order_by(table.c.rank, table.c.id)
    .limit(bindparam("most"))
)
_FIRST_SKILL = select(table.c.skill).where(IS_QUEUED).order_by(table.c.skill).limit(1)
_NEXT_SKILL = _FIRST_SKILL.where(table.c.skill > bindparam("than"))
# See `connector.domain.load.weight`, which says the same of one conversation.
_lost = (
    (FULL_WEIGHT - table.c.light) * (bindparam("now") - table.c.idle_since) // (table.c.light_at - table.c.idle_since)
)
_WEIGHT = case(
    (or_(table.c.idle_since.is_(None), table.c.light_at.is_(None)), FULL_WEIGHT),
    (table.c.light_at <= bindparam("now"), table.c.light),
    (table.c.idle_since >= bindparam("now"), FULL_WEIGHT),
    else_=FULL_WEIGHT - _lost,
)
LOADS = (
    select(table.c.agent, func.count(), cast(func.sum(_WEIGHT), BigInteger))
    .where(IS_HELD, table.c.agent.is_not(None))
    .group_by(table.c.agent)
    .order_by(table.c.agent)
)
RINGING = select(table).where(IS_RINGING).order_by(table.c.id)
_ASSIGNED_TO = select(table).where(table.c.agent == bindparam("owner"), IS_ASSIGNED, IS_HELD).order_by(table.c.id)
_past = select(table).where(table.c.consumer == bindparam("who"), IS_CLOSED)
_LATEST_CLOSED = (
    _past.where(table.c.line == bindparam("our_line")).order_by(desc(table.c.closed_at), desc(table.c.id)).limit(1)
)
_HAS_PAST = select(table.c.id).where(table.c.consumer == bindparam("who"), IS_CLOSED).limit(1)
_TIMERS = (
    select(table)
    .where(HAS_TIMER, table.c.timer_at <= bindparam("now"))
    .order_by(table.c.timer_at, table.c.id)
    .limit(bindparam("most"))
)
LATEST_OWNER = (
    select(table.c.agent)
    .where(table.c.consumer == bindparam("who"), IS_CLOSED, table.c.agent.is_not(None))
    .order_by(desc(table.c.closed_at), desc(table.c.id))
    .limit(1)
)


class SqlConversations:
    def __init__(self, unit: WriteConnection) -> None:
        self._unit = unit

    def get(self, conversation_id: str) -> Conversation | None:
        row = self._unit.first(_GET, {"key": conversation_id})
        return Conversation(*row) if row else None

    def open_for(self, line: str, consumer: str) -> Conversation | None:
        row = self._unit.first(_OPEN_FOR, {"our_line": line, "who": consumer})
        return Conversation(*row) if row else None

    def insert(self, conversation: Conversation) -> None:
        if not self._unit.kept(_INSERT, asdict(conversation)):
            raise Raced

    def update(self, conversation: Conversation) -> None:
        values = asdict(conversation)
        values["key"] = values.pop("id")
        self._unit.run(_UPDATE, values)

    def queued(self, limit: int, skill: str) -> list[Conversation]:
        return [Conversation(*row) for row in self._unit.rows(_QUEUED, {"most": limit, "wanted": skill})]

    def queued_skills(self) -> list[str]:
        # A look for each skill: DISTINCT would read the whole queue.
        found: list[str] = []
        skill: str | None = self._unit.value(_FIRST_SKILL, {})
        while skill is not None:
            found.append(skill)
            skill = self._unit.value(_NEXT_SKILL, {"than": skill})
        return found

    def assigned_to(self, agent: str) -> list[Conversation]:
        return [Conversation(*row) for row in self._unit.rows(_ASSIGNED_TO, {"owner": agent})]

    def latest_owner(self, consumer: str) -> str | None:
        owner: str | None = self._unit.value(LATEST_OWNER, {"who": consumer})
        return owner

    def latest_closed(self, line: str, consumer: str) -> Conversation | None:
        row = self._unit.first(_LATEST_CLOSED, {"our_line": line, "who": consumer})
        return Conversation(*row) if row else None

    def has_closed(self, consumer: str) -> bool:
        return self._unit.first(_HAS_PAST, {"who": consumer}) is not None

    def due_timers(self, now: int, limit: int) -> list[Conversation]:
        return [Conversation(*row) for row in self._unit.rows(_TIMERS, {"now": now, "most": limit})]
