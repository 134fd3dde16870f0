"""Agents, their desks, and what consumers consented to, in SQL."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from msgspec.structs import asdict, replace
from sqlalchemy import Executable, bindparam, delete, desc, insert, select, update

from connector.domain.agent import Agent, Desk, PresenceSpan
from connector.domain.consent import ConsentEntry
from connector.domain.conversation import Conversation
from connector.store.sql.connection import WriteConnection, replacing
from connector.store.sql.conversations import LOADS, RINGING
from connector.store.sql.tables import agents, consent, desks
from connector.store.sql.tables import presence_spans as spans
from connector.store.values import Load, Staff

_GET = select(agents).where(agents.c.id == bindparam("key"))
_PUT = replacing(agents, "id")
ALL = select(agents).order_by(agents.c.id)
_PUT_DESK = replacing(desks, "id")
_DROP_DESK = delete(desks).where(desks.c.id == bindparam("key"))
_DESKS_OF = select(desks).where(desks.c.node == bindparam("of_node")).order_by(desks.c.id)
LIVE = select(desks.c.agent).where(desks.c.lease_until > bindparam("now"))
_EXPIRED = select(desks).where(desks.c.lease_until <= bindparam("now")).order_by(desks.c.lease_until, desks.c.id)
_is_open_span = (spans.c.agent == bindparam("whose"), spans.c.until_at.is_(None))
_OPEN_SPAN = select(spans.c.state, spans.c.reason, spans.c.from_at).where(*_is_open_span)
_END_SPAN = update(spans).where(*_is_open_span).values(until_at=bindparam("at"))
_ADD_SPAN = insert(spans)


def people(rows: Callable[[Executable, dict[str, Any]], Sequence[Any]], now: int) -> Staff:
    """`rows` runs a statement with values."""
    return Staff(
        agents=tuple(Agent(*row) for row in rows(ALL, {})),
        connected=frozenset(agent for (agent,) in rows(LIVE, {"now": now})),
        loads={agent: Load(count, weight) for agent, count, weight in rows(LOADS, {"now": now})},
        ringing=tuple(Conversation(*row) for row in rows(RINGING, {})),
    )


class SqlAgents:
    def __init__(self, unit: WriteConnection) -> None:
        self._unit = unit

    def get(self, agent_id: str) -> Agent | None:
        row = self._unit.first(_GET, {"key": agent_id})
        return Agent(*row) if row else None

    def save(self, agent: Agent) -> None:
        self._unit.put(_PUT, asdict(agent))

    def all(self) -> list[Agent]:
        return [Agent(*row) for row in self._unit.rows(ALL, {})]

    def save_desk(self, desk: Desk) -> None:
        self._unit.put(_PUT_DESK, asdict(desk))

    def remove_desk(self, desk_id: str) -> None:
        self._unit.run(_DROP_DESK, {"key": desk_id})

    def desks_of(self, node: str) -> list[Desk]:
        return [Desk(*row) for row in self._unit.rows(_DESKS_OF, {"of_node": node})]

    def connected(self, now: int) -> set[str]:
        return {agent for (agent,) in self._unit.rows(LIVE, {"now": now})}

    def expired_desks(self, now: int) -> list[Desk]:
        return [Desk(*row) for row in self._unit.rows(_EXPIRED, {"now": now})]

    def current_state(self, agent_id: str) -> str | None:
        span = self._unit.first(_OPEN_SPAN, {"whose": agent_id})
        return None if span is None else span[0]

    def begin_span(self, span: PresenceSpan) -> None:
        last = self._unit.first(_OPEN_SPAN, {"whose": span.agent})
        if last is not None and (last[0], last[1]) == (span.state, span.reason):
            return
        at = span.from_at if last is None else max(span.from_at, last[2])  # a clock may have gone back
        self._unit.run(_END_SPAN, {"whose": span.agent, "at": at})
        self._unit.run(_ADD_SPAN, asdict(replace(span, from_at=at)))


_APPEND = insert(consent)
_LATEST = (
    select(consent)
    .where(consent.c.consumer == bindparam("who"))
    .order_by(desc(consent.c.at), desc(consent.c.id))
    .limit(1)
)


class SqlConsent:
    def __init__(self, unit: WriteConnection) -> None:
        self._unit = unit

    def append(self, entry: ConsentEntry) -> None:
        self._unit.run(_APPEND, asdict(entry))

    def latest(self, consumer: str) -> ConsentEntry | None:
        row = self._unit.first(_LATEST, {"who": consumer})
        return ConsentEntry(*row) if row else None
