"""Conversations in SQL."""

from __future__ import annotations

from msgspec.structs import asdict
from sqlalchemy import bindparam, desc, func, select, update

from connector.domain.values import Conversation
from connector.store.base import Raced
from connector.store.tables import IS_ASSIGNED, IS_CLOSED, IS_OPEN, IS_QUEUED, WAITING_SINCE
from connector.store.tables import conversations as table
from connector.store.unit import Unit, keeping_the_first

_GET = select(table).where(table.c.id == bindparam("key"))
_OPEN_FOR = select(table).where(table.c.line == bindparam("our_line"), table.c.consumer == bindparam("who"), IS_OPEN)
_INSERT = keeping_the_first(table, "line", "consumer", where=IS_OPEN)
_UPDATE = update(table).where(table.c.id == bindparam("key"))
_QUEUED = select(table).where(IS_QUEUED).order_by(WAITING_SINCE, table.c.id).limit(bindparam("most"))
_QUEUED_FOR = _QUEUED.where(table.c.skill == bindparam("wanted"))
_QUEUED_SKILLS = select(table.c.skill).where(IS_QUEUED).distinct().order_by(table.c.skill)
LOADS = select(table.c.agent, func.count()).where(IS_ASSIGNED, table.c.agent.is_not(None)).group_by(table.c.agent)
_ASSIGNED_TO = select(table).where(table.c.agent == bindparam("owner"), IS_ASSIGNED).order_by(table.c.id)
_LATEST_OWNER = (
    select(table.c.agent)
    .where(table.c.consumer == bindparam("who"), IS_CLOSED)
    .order_by(desc(table.c.closed_at), desc(table.c.id))
    .limit(1)
)


class SqlConversations:
    def __init__(self, unit: Unit) -> None:
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

    def queued(self, limit: int, skill: str | None = None) -> list[Conversation]:
        if skill is None:
            rows = self._unit.rows(_QUEUED, {"most": limit})
        else:
            rows = self._unit.rows(_QUEUED_FOR, {"most": limit, "wanted": skill})
        return [Conversation(*row) for row in rows]

    def queued_skills(self) -> list[str]:
        return [skill for (skill,) in self._unit.rows(_QUEUED_SKILLS, {})]

    def loads(self) -> dict[str, int]:
        return dict(self._unit.rows(LOADS, {}))

    def assigned_to(self, agent: str) -> list[Conversation]:
        return [Conversation(*row) for row in self._unit.rows(_ASSIGNED_TO, {"owner": agent})]

    def latest_owner(self, consumer: str) -> str | None:
        owner: str | None = self._unit.value(_LATEST_OWNER, {"who": consumer})
        return owner
