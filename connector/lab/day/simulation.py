"""The simulation of one day: consumers, agents, outages and the core, one action after another in the order of time."""

from __future__ import annotations

import os
import random
import sys
import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path

from msgspec import Struct

from connector.base.clock import SteppingClock
from connector.domain.agent import Agent, PresenceSpan
from connector.domain.conversation import ON_CALL
from connector.lab.day.agents import AgentEnvironment, SimulatedAgent
from connector.lab.day.checks import BrokenPromise, check_promises
from connector.lab.day.consumers import Consumers
from connector.lab.day.core import RENEW_EVERY_S, Cause, SimulatedCore
from connector.lab.day.escalations import Night
from connector.lab.day.inquiries import draw_inquiries
from connector.lab.day.measurements import Measurements
from connector.lab.day.on_call import NightWatch
from connector.lab.day.scenario import Day, DayScenario, PlannedOutage, ScenarioTeam
from connector.lab.day.schedule import Schedule
from connector.store.ports import Store
from connector.store.sql.store import open_store
from connector.wire import events
from connector.wire.views import ConversationView

_PROGRESS_EVERY_S = 300  # of the day
_CHECK_EVERY_S = 3600
_STUCK = 10_000  # runs of the timers of one moment
# The database is gone when the day is over, so it need not outlive a power cut.
_IN_MEMORY = Path("/dev/shm")

_WITH_CONVERSATION = events.ReplyWritten | events.MessageReceived

Progress = Callable[[float, str], None]


class DayResult(Struct, frozen=True):
    """A day that is over. `highest_loads`: by agent, when routing gave them something, in thousandths. `refused`: the
    number of requests by refusal code."""

    scenario: DayScenario
    measurements: Measurements
    agents: list[Agent]
    highest_loads: dict[str, int]
    spans: list[PresenceSpan]
    refused: dict[str, int]
    checks: int
    night: Night | None = None  # of a scenario with people on call


async def simulate(day: Day, seed: int, progress: Progress) -> DayResult:
    """Raises BrokenPromise. `progress` gets the share that is done and the time of day."""
    where = _IN_MEMORY if _IN_MEMORY.is_dir() and "TMPDIR" not in os.environ else None
    with tempfile.TemporaryDirectory(prefix="textdesk-simulate-", dir=where) as directory:
        store = await open_store(Path(directory, "day.db"))
        try:
            return await _Simulation(store, day, seed).run(progress)
        finally:
            await store.close()


class _Simulation:
    def __init__(self, store: Store, day: Day, seed: int) -> None:
        self._scenario = scenario = day.scenario
        self._capacity = day.capacity
        self._begins, self._ends = scenario.moment(scenario.begins), scenario.moment(scenario.ends)
        clock = SteppingClock(self._begins)
        self._core = SimulatedCore(store, clock, scenario, day.rules, seed)
        self._schedule = Schedule(clock)
        self._measurements = Measurements(day.measure)
        self._consumers = Consumers(self._schedule, self._core, draw_inquiries(scenario, seed), self._ends)
        self._agents = {agent.agent.id: agent for agent in self._make_agents(seed)}
        self._sends_at: int | None = None
        self._checks = 0
        self._core.on_event = self._on_event
        self._night: NightWatch | None = None
        if scenario.on_call is not None:
            self._night = NightWatch(scenario, scenario.on_call, self._schedule, self._core, self._agents)

    async def run(self, progress: Progress) -> DayResult:
        for agent in self._agents.values():
            if agent.team in self._scenario.teams:
                agent.schedule_shift(self._scenario)
        if self._night is not None:
            await self._core.know(agent.agent for agent in self._agents.values())
            self._night.begin()
        for number, outage in enumerate(self._scenario.outages):
            begins = self._scenario.moment(outage.begins)
            self._schedule.at(begins, partial(self._begin_outage, number, outage))
            self._schedule.at(begins + outage.for_s * 1000, partial(self._end_outage, number, outage))
        self._schedule.after(RENEW_EVERY_S, self._renew_leases)
        self._schedule.after(0, partial(self._report_progress, progress))
        self._schedule.after(_CHECK_EVERY_S, self._check_hourly)
        await self._run_to_the_end()
        await self._check()
        self._measurements.finish(self._ends)
        if self._night is not None:
            await self._night.finish()
        begins = self._begins
        return DayResult(
            scenario=self._scenario,
            measurements=self._measurements,
            agents=[agent.agent for agent in self._agents.values()],
            highest_loads=self._core.highest_loads,
            spans=await self._core.store.read(lambda reading: reading.presence_spans(begins, None, sys.maxsize)),
            refused=dict(sorted(self._core.refused.items())),
            checks=self._checks,
            night=self._night.seen if self._night is not None else None,
        )

    def _make_agents(self, seed: int) -> list[SimulatedAgent]:
        scenario = self._scenario
        environment = AgentEnvironment(
            scenario.agents, self._schedule, self._core, self._consumers, self._online_colleague
        )
        usual, phones = scenario.routing.capacity, {one.agent: one.phone for one in scenario.people}
        nodes = {name: _node(number) for number, one in enumerate(scenario.outages) for name in one.agents}
        return [
            SimulatedAgent(
                agent=Agent(
                    name,
                    name.capitalize(),
                    team.skills,
                    self._capacity or team.capacity or usual,
                    phone=phones.get(name, ""),
                ),
                team=team,
                node=nodes.get(name, "desks"),
                environment=environment,
                chance=random.Random(f"{seed} agent {name}"),
            )
            for team in [*scenario.teams, *_called(scenario)]
            for name in team.agents
        ]

    def _online_colleague(self, skill: str, agent_id: str) -> str | None:
        others = (one for one in self._agents.values() if one.is_online and one.agent.id != agent_id)
        return next((one.agent.id for one in others if one.agent.has(skill)), None)

    async def _run_to_the_end(self) -> None:
        """Timers of the core run before what people do at the same moment."""
        runs = 0
        while True:
            timer, action_at = self._core.next_timer, self._schedule.next_at
            if timer is not None and timer <= min(self._ends, self._ends if action_at is None else action_at):
                runs = runs + 1 if timer <= self._schedule.now else 0
                if runs > _STUCK:
                    raise BrokenPromise("the timers of a moment never come to an end")
                self._schedule.advance_to(timer)
                await self._core.run_timers()
            elif action_at is not None and action_at <= self._ends:
                await self._schedule.pop()()
            else:
                self._schedule.advance_to(self._ends)
                return

    def _on_event(self, event: events.Event, cause: Cause) -> None:
        now = self._schedule.now
        if self._night is not None:
            self._night.on_event(event, cause)
        if isinstance(event, _WITH_CONVERSATION) and event.conversation.entry_point == ON_CALL:
            if isinstance(event, events.ReplyWritten):
                self._send_at(now)
            return  # what is texted to people on call is no consumer's
        self._measurements.on_event(event, cause, now)
        self._consumers.on_event(event, cause)
        match event:
            case events.ReplyWritten(conversation=view):
                self._send_at(now + self._core.rules.of(view.skill).undo_s * 1000)
            case events.StatusMoved(status="failed"):
                for agent in self._agents.values():
                    if event.conversation_id in agent.mine:
                        agent.unsent.add(event.conversation_id)
                        agent.nudge()
            case events.ConsentChanged():
                for agent in self._agents.values():
                    agent.on_consent(event.consumer, is_opted_out=event.opted_out)
        if (changed := getattr(event, "conversation", None)) is not None:
            self._show(changed)

    def _show(self, view: ConversationView) -> None:
        """Update the desks of its owner and of agents at whom it rings."""
        is_held = view.state in ("assigned", "wrap_up")
        for name, agent in self._agents.items():
            if is_held and view.agent == name:
                agent.mine[view.id] = view
                agent.nudge()
            elif agent.mine.pop(view.id, None) is not None:
                agent.unsent.discard(view.id)
            if view.state == "ringing" and name in view.rings:
                agent.rings[view.id] = view
                agent.nudge()
            else:
                agent.rings.pop(view.id, None)

    def _send_at(self, moment: int) -> None:
        if self._sends_at is None or moment < self._sends_at:
            self._sends_at = moment
            self._schedule.at(moment, partial(self._send, moment))

    async def _send(self, moment: int) -> None:
        if self._sends_at == moment:
            self._sends_at = None
            if (again := await self._core.send()) is not None:
                self._send_at(max(again, moment + 1))

    async def _renew_leases(self) -> None:
        await self._core.renew_leases()
        self._schedule.after(RENEW_EVERY_S, self._renew_leases)

    async def _report_progress(self, progress: Progress) -> None:
        now = self._schedule.now
        progress((now - self._begins) / (self._ends - self._begins), self._scenario.time_of_day(now))
        self._schedule.after(_PROGRESS_EVERY_S, partial(self._report_progress, progress))

    async def _check_hourly(self) -> None:
        await self._check()
        self._schedule.after(_CHECK_EVERY_S, self._check_hourly)

    async def _check(self) -> None:
        """Raises BrokenPromise. All timers up to now have run: they come first at every moment."""
        now = self._schedule.now
        snapshot = await self._core.store.read(lambda reading: reading.snapshot(now, now + 1))
        check_promises(snapshot, self._core.rules, now, late_s=4 * RENEW_EVERY_S)
        self._checks += 1

    async def _begin_outage(self, number: int, outage: PlannedOutage) -> None:
        if outage.what == "provider":
            self._core.provider.is_out = True
        else:
            self._core.stopped_nodes.add(_node(number))
            for name in outage.agents:
                self._agents[name].disconnect()

    async def _end_outage(self, number: int, outage: PlannedOutage) -> None:
        if outage.what == "provider":
            self._core.provider.is_out = False
            self._consumers.provider_is_back()
        else:
            await self._core.restart(_node(number))
            for name in outage.agents:
                await self._agents[name].reconnect()


def _called(scenario: DayScenario) -> list[ScenarioTeam]:
    """Those on call who have no shift of their own: a team each."""
    known = {name for team in scenario.teams for name in team.agents}
    alone = (one.agent for one in scenario.people if one.agent not in known)
    return [ScenarioTeam(agents=(name,), skills=(), shift="00:00-24:00") for name in alone]


def _node(outage: int) -> str:
    """The core that this outage stops."""
    return f"desks of outage {outage + 1}"
