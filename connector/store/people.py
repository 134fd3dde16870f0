"""Agents, their desks, and what consumers consented to, in SQL."""

from __future__ import annotations

from msgspec.structs import asdict
from sqlalchemy import bindparam, delete, desc, insert, select

from connector.domain.values import Agent, ConsentEntry, Desk
from connector.store.tables import agents, consent, desks
from connector.store.unit import Unit, replacing

_GET = select(agents).where(agents.c.id == bindparam("key"))
_PUT = replacing(agents, "id")
_ALL = select(agents).order_by(agents.c.id)
_PUT_DESK = replacing(desks, "id")
_DROP_DESK = delete(desks).where(desks.c.id == bindparam("key"))
_DESKS_OF = select(desks).where(desks.c.node == bindparam("of_node")).order_by(desks.c.id)
LIVE = select(desks.c.agent).where(desks.c.lease_until > bindparam("now"))
_EXPIRED = select(desks).where(desks.c.lease_until <= bindparam("now")).order_by(desks.c.lease_until, desks.c.id)


class SqlAgents:
    def __init__(self, unit: Unit) -> None:
        self._unit = unit

    def get(self, agent_id: str) -> Agent | None:
        row = self._unit.first(_GET, {"key": agent_id})
        return Agent(*row) if row else None

    def put(self, agent: Agent) -> None:
        self._unit.put(_PUT, asdict(agent))

    def all(self) -> list[Agent]:
        return [Agent(*row) for row in self._unit.rows(_ALL, {})]

    def put_desk(self, desk: Desk) -> None:
        self._unit.put(_PUT_DESK, asdict(desk))

    def drop_desk(self, desk_id: str) -> None:
        self._unit.run(_DROP_DESK, {"key": desk_id})

    def desks_of(self, node: str) -> list[Desk]:
        return [Desk(*row) for row in self._unit.rows(_DESKS_OF, {"of_node": node})]

    def live(self, now: int) -> set[str]:
        return {agent for (agent,) in self._unit.rows(LIVE, {"now": now})}

    def expired(self, now: int) -> list[Desk]:
        return [Desk(*row) for row in self._unit.rows(_EXPIRED, {"now": now})]


_APPEND = insert(consent)
_LATEST = (
    select(consent)
    .where(consent.c.consumer == bindparam("who"))
    .order_by(desc(consent.c.at), desc(consent.c.id))
    .limit(1)
)


class SqlConsent:
    def __init__(self, unit: Unit) -> None:
        self._unit = unit

    def append(self, entry: ConsentEntry) -> None:
        self._unit.run(_APPEND, asdict(entry))

    def latest(self, consumer: str) -> ConsentEntry | None:
        row = self._unit.first(_LATEST, {"who": consumer})
        return ConsentEntry(*row) if row else None
