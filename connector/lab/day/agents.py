"""Agents of a simulated day: each answers one text after another while their shift lasts."""

from __future__ import annotations

import random
from collections.abc import Callable
from functools import partial

from msgspec import Struct
from msgspec.structs import replace

from connector.domain.agent import Agent
from connector.domain.refusals import Refused
from connector.lab.day.consumers import Consumers, OpenInquiry
from connector.lab.day.core import SimulatedCore
from connector.lab.day.habits import AgentHabits
from connector.lab.day.scenario import DayScenario, ScenarioTeam
from connector.lab.day.schedule import Action, Schedule
from connector.wire import requests
from connector.wire.views import ConversationView

LUNCH = "lunch"
ANSWERED, NOTHING_TO_ANSWER = "answered", "no answer needed"
_NOTES_S = 8.0  # to write a note or an outcome
_CLOSES_S = 2.0
_TOMORROW_MS = 14 * 3_600_000


class AgentEnvironment(Struct, frozen=True):
    """What all agents share. `colleague`: another agent of a skill who is online, by skill and own id."""

    habits: AgentHabits
    schedule: Schedule
    core: SimulatedCore
    consumers: Consumers
    colleague: Callable[[str, str], str | None]


class SimulatedAgent:
    """One agent: the conversations on their desk, and what they do about them.

    `unsent`: own conversations with a reply that did not reach the consumer.
    """

    def __init__(
        self, agent: Agent, team: ScenarioTeam, node: str, environment: AgentEnvironment, chance: random.Random
    ) -> None:
        self.agent = agent
        self.team = team
        self.node = node
        self.mine: dict[str, ConversationView] = {}
        self.rings: dict[str, ConversationView] = {}
        self.unsent: set[str] = set()
        self.is_on_duty = False
        self._habits = environment.habits
        self._schedule = environment.schedule
        self._core = environment.core
        self._consumers = environment.consumers
        self._colleague = environment.colleague
        self._chance = chance
        self._desk: str | None = None
        self._task = 0  # number of the latest; scheduled steps of earlier ones are dropped
        self._is_busy = False
        self._is_looking = False
        self._is_away = False
        self._leaving_for: str | None = None  # lunch or home, when the current task is done
        self._missed_rings: set[tuple[str, int | None]] = set()

    def schedule_shift(self, scenario: DayScenario) -> None:
        start, end = scenario.span(self.team.shift)
        late = self._chance.randrange(0, 180_000)
        self._schedule.at(start + late, self.begin_shift)
        self._schedule.at(end + late, self.end_shift)
        if self.team.lunch:
            start, end = scenario.span(self.team.lunch)
            self._schedule.at(start + late, partial(self._leave_soon, LUNCH))
            self._schedule.at(end + late, self._return_from_lunch)

    def disconnect(self) -> None:
        """The core of this desk has stopped; what was being written is lost."""
        self._desk = None
        self._drop_task()

    async def reconnect(self) -> None:
        if self.is_on_duty and self._desk is None:
            self._desk = await self._core.sign_in(self.agent, self.node)
            if not self._is_away:  # a lunch may have ended meanwhile
                await self._try(requests.SetPresence("online"))
            self.nudge()

    @property
    def is_online(self) -> bool:
        return self._desk is not None and not self._is_away

    def nudge(self) -> None:
        """Notice, after a moment, that something on the desk has changed."""
        if self.is_online and not self._is_busy and not self._is_looking:
            self._is_looking = True
            self._schedule.after(self._chance.uniform(*self._habits.notices_s), self._look)

    def on_consent(self, consumer: str, *, is_opted_out: bool) -> None:
        """It holds for the consumer's conversations on all lines."""
        for key, view in self.mine.items():
            if view.consumer == consumer:
                self.mine[key] = replace(view, opted_out=is_opted_out)
        self.nudge()

    async def begin_shift(self) -> None:
        self.is_on_duty = True
        if self.node not in self._core.stopped_nodes:
            await self.reconnect()

    async def _leave_soon(self, what: str) -> None:
        if self.is_on_duty:
            self._leaving_for = what
            if not self._is_busy:
                await self._leave()

    async def _return_from_lunch(self) -> None:
        if self._leaving_for == LUNCH:
            self._leaving_for = None
        if self._is_away:
            self._is_away = False
            if self._desk is not None:
                await self._try(requests.SetPresence("online"))
                self.nudge()

    async def end_shift(self) -> None:
        if self.team.leaves == "signs_off":
            await self._leave_soon("home")
        else:
            await self._disappear()

    async def _leave(self) -> None:
        what, self._leaving_for = self._leaving_for, None
        if self._desk is None:
            self.is_on_duty = self.is_on_duty and what == LUNCH
        elif what == LUNCH:
            self._is_away = True
            await self._try(requests.SetPresence("away", LUNCH))
        elif await self._try(requests.SignOff([self._sign_off_choice(view) for view in self.mine.values()])):
            await self._disappear()

    def _sign_off_choice(self, view: ConversationView) -> requests.SignOffChoice:
        inquiry = self._consumers.open_inquiry(view.line, view.consumer)
        if view.waiting_since is None and view.state == "assigned":
            if inquiry is None or not inquiry.is_waiting:
                return requests.SignOffChoice(view.id, "close")
            return requests.SignOffChoice(view.id, "due", self._schedule.now + _TOMORROW_MS)
        return requests.SignOffChoice(view.id, "return")

    async def _disappear(self) -> None:
        self.is_on_duty = False
        self._drop_task()
        if self._desk is not None:
            desk, self._desk = self._desk, None
            await self._core.sign_off(desk)

    def _drop_task(self) -> None:
        self._task += 1
        self._is_busy = False

    async def _look(self) -> None:
        """Decide what to do next."""
        self._is_looking = False
        if not self.is_online or self._is_busy:
            return
        if self._leaving_for:
            await self._leave()
            return
        if await self._answer_ring():
            return
        waiting = [view for view in self.mine.values() if self._needs_work(view)]
        if waiting:
            view = min(waiting, key=lambda one: (one.waiting_since or one.last_at, one.id))
            self._begin(self._reading_s(view), partial(self._attend, view.id, view.last_seq))

    def _needs_work(self, view: ConversationView) -> bool:
        return view.waiting_since is not None or view.state == "wrap_up" or view.id in self.unsent

    async def _answer_ring(self) -> bool:
        for view in list(self.rings.values()):
            ring = (view.id, view.ring_until)
            if ring in self._missed_rings:
                continue
            if view.handed_by is None and self._chance.random() < self._habits.misses_ring:
                self._missed_rings.add(ring)
                continue
            await self._try(requests.Accept(view.id))  # another agent may have been faster
            self.nudge()
            return True
        return False

    def _begin(self, seconds: float, action: Action) -> None:
        self._is_busy = True
        task = self._task

        async def unless_dropped() -> None:
            if task == self._task:
                self._is_busy = False
                await action()
                if self._leaving_for and not self._is_busy and self._desk is not None:
                    await self._leave()
                self.nudge()

        self._schedule.after(seconds, unless_dropped)

    def _reading_s(self, view: ConversationView) -> float:
        return 2 + len(view.last_text) / self._habits.reads_per_s

    async def _attend(self, conversation_id: str, seen: int) -> None:
        """It has been read: give it back, transfer it, or begin to answer."""
        view = self.mine.get(conversation_id)
        if view is None or not self._needs_work(view):
            return
        inquiry = self._consumers.open_inquiry(view.line, view.consumer)
        if view.state == "wrap_up":
            self._begin(_NOTES_S, partial(self._note, conversation_id))
        elif inquiry is None or view.opted_out or not (inquiry.is_waiting or view.id in self.unsent):
            await self._try(requests.Close(conversation_id, outcome=NOTHING_TO_ANSWER))
        elif inquiry.plan.is_given_back and not inquiry.was_given_back:
            inquiry.was_given_back = True
            await self._try(requests.GiveBack(conversation_id, note="I cannot do this one."))
        elif self._is_for_others(view, inquiry):
            self._begin(_NOTES_S, partial(self._transfer, conversation_id, inquiry))
        else:
            writing_s = inquiry.question.thinks_s + len(inquiry.question.answer) / self._habits.types_per_s
            self._begin(writing_s, partial(self._reply, conversation_id, inquiry, seen))

    def _is_for_others(self, view: ConversationView, inquiry: OpenInquiry) -> bool:
        skill = inquiry.plan.skill
        return view.skill != skill and not self.agent.has(skill) and not inquiry.was_transferred

    async def _note(self, conversation_id: str) -> None:
        if (view := self.mine.get(conversation_id)) is not None and view.state == "wrap_up":
            await self._try(requests.WrapUp(conversation_id, outcome=ANSWERED, tags=[view.skill]))

    async def _transfer(self, conversation_id: str, inquiry: OpenInquiry) -> None:
        if conversation_id not in self.mine:
            return
        inquiry.was_transferred = True  # where no other agent takes it, it is answered here
        skill = inquiry.plan.skill
        colleague = self._colleague(skill, self.agent.id) if inquiry.plan.is_transferred_by_name else None
        note = f"This is one for {skill}."
        if colleague is not None:
            await self._try(requests.Transfer(conversation_id, skill=skill, agent=colleague, note=note))
        else:
            await self._try(requests.Transfer(conversation_id, skill=skill, note=note))

    async def _reply(self, conversation_id: str, inquiry: OpenInquiry, seen: int) -> None:
        view = self.mine.get(conversation_id)
        if view is None or view.state != "assigned":
            return
        is_done = await self._try(requests.Reply(conversation_id, inquiry.question.answer, seen=seen))
        if not is_done:
            if (view := self.mine.get(conversation_id)) is not None and not view.opted_out:
                again = partial(self._reply, conversation_id, inquiry, view.last_seq)
                self._begin(self._reading_s(view), again)  # texts that arrived meanwhile
            return
        self.unsent.discard(conversation_id)
        if inquiry.is_last and inquiry.is_asked and inquiry.plan.is_closed:
            self._begin(_CLOSES_S, partial(self._close, conversation_id, inquiry))

    async def _close(self, conversation_id: str, inquiry: OpenInquiry) -> None:
        view = self.mine.get(conversation_id)
        if view is not None and view.state == "assigned" and view.waiting_since is None:
            outcome = ANSWERED if inquiry.plan.has_outcome else ""
            await self._try(requests.Close(conversation_id, outcome=outcome))

    async def _try(self, command: requests.Request) -> bool:
        """Whether it was done rather than refused."""
        try:
            await self._core.request(self.agent.id, command)
        except Refused:
            return False
        return True
