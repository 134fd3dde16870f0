"""Agents of one core: their desks connect and disconnect, and time passes."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec.structs import replace

from connector.domain.agent import Desk
from connector.domain.conversation import Conversation
from connector.domain.refusals import Refused
from connector.domain.skill_rules import Rules, SkillRules
from connector.services.conversations import timers
from connector.services.routing import absence
from connector.services.routing import desks as leases
from connector.services.routing.desks import LEASE_S
from connector.store.sql.store import SqlStore
from connector.wire import answers, requests
from tests.kit.folding import folded, stored
from tests.kit.stores import agent
from tests.kit.use_cases import OTHER_LINE, Office, define, rules


class Floor:
    """Agents of one core, and the leases of their desks."""

    def __init__(self, office: Office) -> None:
        self.office = office
        self.desks: dict[str, Desk] = {}

    async def come(self, name: str, *, capacity: int = 4, **more: Any) -> Desk:
        office = self.office
        place = Desk(id=office.ids.new(), agent=name, node="n1", lease_until=office.now + LEASE_S * 1000)
        person = agent(id=name, name=name, capacity=capacity, **more)
        await office.do(define, person)
        await office.do(leases.connect, person, place)
        self.desks[place.id] = place
        return place

    async def go(self, place: Desk) -> None:
        del self.desks[place.id]
        await self.office.do(leases.disconnect, place.id, place.agent)

    async def line(self, place: Desk, *, is_silent: bool) -> None:
        """A desk reports that its line has become silent, or has come back."""
        until = self.office.now + LEASE_S * 1000
        self.desks[place.id] = place = replace(self.desks[place.id], is_silent=is_silent, lease_until=until)
        await self.office.do(leases.line_changed, place)

    async def kill(self) -> None:
        """The core ends at once, and starts again: it has no desks."""
        self.desks.clear()
        await self.office.do(leases.release_node, "n1")

    async def keep(self) -> None:
        """What the core does every few seconds."""
        until = self.office.now + LEASE_S * 1000
        await self.office.do(absence.maintain, [replace(place, lease_until=until) for place in self.desks.values()])

    async def wait(self, seconds: float) -> None:
        """Advance the clock, and run all that is due by then."""
        self.office.clock.advance(seconds)
        await self.keep()
        await self.run_timers()
        await self.keep()

    async def run_timers(self) -> None:
        while await self.office.do(timers.run, 50):
            pass

    async def conversation(self, conversation_id: str) -> Conversation:
        found = await self.office.store.read(lambda reading: reading.conversation(conversation_id))
        assert found is not None
        return found

    async def presences(self) -> list[tuple[str, str]]:
        return [(one["agent"]["id"], one["agent"]["presence"]) for one in await self.office.events("agent_changed")]


class Desks(Floor):
    """A floor with shorter words for what tests ask."""

    @property
    def now(self) -> int:
        return self.office.now

    async def refused(self, command: requests.Request, name: str) -> str:
        with pytest.raises(Refused) as no:
            await self.office.ask(command, name=name)
        assert no.value.words
        return no.value.code

    async def ask(self, command: requests.Request, name: str) -> answers.Answer:
        return await self.office.ask(command, name=name)

    async def at(self, one: Conversation) -> tuple[str, str | None]:
        found = await self.conversation(one.id)
        return found.state, found.agent

    async def rings(self, one: Conversation) -> tuple[str, ...]:
        return (await self.conversation(one.id)).rings

    async def demand_events_equal_snapshot(self) -> None:
        assert await folded(self.office.store) == await stored(self.office.store, self.now, self.office.brand.rules)


def desks(store: SqlStore, skills: dict[str, SkillRules] | None = None, **usual: Any) -> Desks:
    """`usual`: rules of every skill. Lines: orders, and bookings at the other."""
    every = SkillRules(**({"undo_s": 0, "reopen_s": 0} | usual))
    named = Rules(every, skills, known=("orders", "bookings", "refunds"))
    return Desks(Office(store, rules(), rules(address=OTHER_LINE, skill="bookings"), skills=named))
