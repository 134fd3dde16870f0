"""Playing one day: consumers, agents, outages and the core, one thing after another in the order of time."""

from __future__ import annotations

import os
import random
import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path

from msgspec import Struct

from connector.base.clock import SteppingClock
from connector.domain.agent import Agent, PresenceSpan
from connector.lab.day.agenda import Agenda
from connector.lab.day.agents import Clerk
from connector.lab.day.checks import Broken, check
from connector.lab.day.core import KEEP_S, Cause, SimulatedCore
from connector.lab.day.ledger import Ledger
from connector.lab.day.plan import draw
from connector.lab.day.scenario import Day, DayScenario, PlannedOutage
from connector.lab.day.visits import Visits
from connector.store.ports import Store
from connector.store.sql.store import open_store
from connector.wire import events
from connector.wire.views import ConversationView

_TELL_S = 300  # of the day, between two words about how far it is
_STUCK = 10_000  # times that timers have run at one moment
# The database is gone when the day is over, so it need not outlive a power cut.
_IN_MEMORY = Path("/dev/shm")

Progress = Callable[[float, str], None]


class PlayedDay(Struct, frozen=True):
    """A day that is over. `highest`: the most an agent had when routing gave them something, in thousandths.
    `refused`: how many requests, by the code of the refusal."""

    scenario: DayScenario
    ledger: Ledger
    agents: list[Agent]
    highest: dict[str, int]
    spans: list[PresenceSpan]
    refused: dict[str, int]
    checks: int


async def play(day: Day, seed: int, progress: Progress) -> PlayedDay:
    """Raises Broken when the core does not keep a promise. `progress` hears how much is done, and the time of day."""
    where = _IN_MEMORY if _IN_MEMORY.is_dir() and "TMPDIR" not in os.environ else None
    with tempfile.TemporaryDirectory(prefix="textdesk-simulate-", dir=where) as directory:
        store = await open_store(Path(directory, "day.db"))
        try:
            return await _Floor(store, day, seed).play(progress)
        finally:
            await store.close()


class _Floor:
    """Everybody and everything of a day."""

    def __init__(self, store: Store, day: Day, seed: int) -> None:
        self._scenario = scenario = day.scenario
        self._capacity = day.capacity
        self._begins, self._ends = scenario.moment(scenario.begins), scenario.moment(scenario.ends)
        clock = SteppingClock(self._begins)
        self._core = SimulatedCore(store, clock, scenario, day.rules, seed)
        self._agenda = Agenda(clock)
        self._ledger = Ledger(day.measure)
        self._visits = Visits(self._agenda, self._core, draw(scenario, seed), self._ends)
        self._clerks = {clerk.agent.id: clerk for clerk in self._hire(seed)}
        self._sends_at: int | None = None
        self._checks = 0
        self._core.hear = self._hear

    async def play(self, progress: Progress) -> PlayedDay:
        for clerk in self._clerks.values():
            clerk.plan(self._scenario)
        for number, outage in enumerate(self._scenario.outages):
            begins = self._scenario.moment(outage.begins)
            self._agenda.at(begins, partial(self._fail, number, outage))
            self._agenda.at(begins + outage.for_s * 1000, partial(self._recover, number, outage))
        self._agenda.after(KEEP_S, self._keep)
        self._agenda.after(0, partial(self._tell, progress))
        self._agenda.after(3600, self._look)
        await self._run()
        await self._check()
        self._ledger.finish(self._ends)
        begins = self._begins
        return PlayedDay(
            scenario=self._scenario,
            ledger=self._ledger,
            agents=[clerk.agent for clerk in self._clerks.values()],
            highest=self._core.highest,
            spans=await self._core.store.read(lambda reading: reading.presence_spans(begins, None)),
            refused=dict(sorted(self._core.refused.items())),
            checks=self._checks,
        )

    def _hire(self, seed: int) -> list[Clerk]:
        scenario = self._scenario
        usual = scenario.routing.capacity
        nodes = {name: _node(number) for number, one in enumerate(scenario.outages) for name in one.agents}
        return [
            Clerk(
                agent=Agent(name, name.capitalize(), team.skills, self._capacity or team.capacity or usual),
                team=team,
                node=nodes.get(name, "desks"),
                habits=scenario.agents,
                agenda=self._agenda,
                core=self._core,
                visits=self._visits,
                chance=random.Random(f"{seed} agent {name}"),
                colleagues=self._colleague,
            )
            for team in scenario.teams
            for name in team.agents
        ]

    def _colleague(self, skill: str, but: str) -> str | None:
        """Somebody of this skill who is online."""
        others = (one for one in self._clerks.values() if one.is_online and one.agent.id != but)
        return next((one.agent.id for one in others if one.agent.has(skill)), None)

    async def _run(self) -> None:
        """Until the day is over. What the core does by itself comes before what people do at the same moment."""
        times = 0
        while True:
            timer, thing = self._core.next_timer, self._agenda.next_at
            if timer is not None and timer <= min(self._ends, self._ends if thing is None else thing):
                times = times + 1 if timer <= self._agenda.now else 0
                if times > _STUCK:
                    raise Broken("the timers of a moment never come to an end")
                self._agenda.jump(timer)
                await self._core.run_timers()
            elif thing is not None and thing <= self._ends:
                await self._agenda.pop()()
            else:
                self._agenda.jump(self._ends)
                return

    def _hear(self, event: events.Event, cause: Cause) -> None:
        now = self._agenda.now
        self._ledger.hear(event, cause, now)
        self._visits.hear(event, cause)
        match event:
            case events.ReplyWritten(conversation=view):
                self._send_at(now + self._core.rules.of(view.skill).undo_s * 1000)
            case events.StatusMoved(status="failed"):
                for clerk in self._clerks.values():
                    if event.conversation_id in clerk.mine:
                        clerk.unsent.add(event.conversation_id)
                        clerk.nudge()
            case events.ConsentChanged():
                for clerk in self._clerks.values():
                    clerk.hear_consent(event.consumer, is_opted_out=event.opted_out)
        if (view_now := getattr(event, "conversation", None)) is not None:
            self._show(view_now)

    def _show(self, view: ConversationView) -> None:
        """On the desks that show it among theirs."""
        is_held = view.state in ("assigned", "wrap_up")
        for name, clerk in self._clerks.items():
            if is_held and view.agent == name:
                clerk.mine[view.id] = view
                clerk.nudge()
            elif clerk.mine.pop(view.id, None) is not None:
                clerk.unsent.discard(view.id)
            if view.state == "ringing" and name in view.rings:
                clerk.rings[view.id] = view
                clerk.nudge()
            else:
                clerk.rings.pop(view.id, None)

    def _send_at(self, moment: int) -> None:
        if self._sends_at is None or moment < self._sends_at:
            self._sends_at = moment
            self._agenda.at(moment, partial(self._send, moment))

    async def _send(self, moment: int) -> None:
        if self._sends_at == moment:
            self._sends_at = None
            if (again := await self._core.send()) is not None:
                self._send_at(max(again, moment + 1))

    async def _keep(self) -> None:
        await self._core.keep()
        self._agenda.after(KEEP_S, self._keep)

    async def _tell(self, progress: Progress) -> None:
        now = self._agenda.now
        progress((now - self._begins) / (self._ends - self._begins), self._scenario.time_of_day(now))
        self._agenda.after(_TELL_S, partial(self._tell, progress))

    async def _look(self) -> None:
        await self._check()
        self._agenda.after(3600, self._look)

    async def _check(self) -> None:
        """Raises Broken. What was due up to now has been done: timers come first at every moment."""
        now = self._agenda.now
        snapshot = await self._core.store.read(lambda reading: reading.snapshot(now, now + 1))
        check(snapshot, self._core.rules, now, late_s=4 * KEEP_S)
        self._checks += 1

    async def _fail(self, number: int, outage: PlannedOutage) -> None:
        if outage.what == "provider":
            self._core.is_provider_out = True
        else:
            self._core.dead.add(_node(number))
            for name in outage.agents:
                self._clerks[name].cut_off()

    async def _recover(self, number: int, outage: PlannedOutage) -> None:
        if outage.what == "provider":
            self._core.is_provider_out = False
            self._visits.provider_is_back()
        else:
            await self._core.restart(_node(number))
            for name in outage.agents:
                await self._clerks[name].come_back()


def _node(outage: int) -> str:
    """The core whose desks this outage takes."""
    return f"desks of outage {outage + 1}"
