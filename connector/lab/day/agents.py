"""Agents of a simulated day: each answers one text after another, as long as the shift lasts."""

from __future__ import annotations

import random
from collections.abc import Awaitable, Callable
from functools import partial

from msgspec.structs import replace

from connector.domain.agent import Agent
from connector.domain.refusals import Refused
from connector.lab.day.agenda import Agenda
from connector.lab.day.core import SimulatedCore
from connector.lab.day.habits import AgentHabits
from connector.lab.day.scenario import DayScenario, TeamSettings
from connector.lab.day.visits import Visit, Visits
from connector.services.requests import Command
from connector.wire import requests
from connector.wire.views import ConversationView

LUNCH = "lunch"
ANSWERED, NOTHING_TO_ANSWER = "answered", "no answer needed"
_NOTES_S = 8.0  # to write a note or an outcome
_CLOSES_S = 2.0
_TOMORROW_MS = 14 * 3_600_000


class Clerk:
    """One agent: what their desk shows them, and what they do about it. `colleagues` tells who else is online."""

    def __init__(
        self,
        agent: Agent,
        team: TeamSettings,
        node: str,
        habits: AgentHabits,
        agenda: Agenda,
        core: SimulatedCore,
        visits: Visits,
        chance: random.Random,
        colleagues: Callable[[str, str], str | None],
    ) -> None:
        self.agent = agent
        self.team = team
        self.node = node
        self.mine: dict[str, ConversationView] = {}
        self.rings: dict[str, ConversationView] = {}
        self.unsent: set[str] = set()  # conversations of mine whose reply did not reach the consumer
        self.is_on_duty = False
        self._habits = habits
        self._agenda = agenda
        self._core = core
        self._visits = visits
        self._chance = chance
        self._colleagues = colleagues
        self._desk: str | None = None
        self._task = 0  # grows with each; what belongs to an older one is not done any more
        self._is_busy = False
        self._is_looking = False
        self._is_away = False
        self._wants: str | None = None  # lunch or home, as soon as what is under way is done
        self._missed: set[tuple[str, int | None]] = set()

    def plan(self, scenario: DayScenario) -> None:
        start, end = scenario.span(self.team.shift)
        late = self._chance.randrange(0, 180_000)
        self._agenda.at(start + late, self._come)
        self._agenda.at(end + late, self._go)
        if self.team.lunch:
            start, end = scenario.span(self.team.lunch)
            self._agenda.at(start + late, partial(self._want, LUNCH))
            self._agenda.at(end + late, self._be_back)

    def cut_off(self) -> None:
        """The core of this desk has died; what was being written is lost."""
        self._desk = None
        self._drop_task()

    async def come_back(self) -> None:
        if self.is_on_duty and self._desk is None:
            self._desk = await self._core.sign_in(self.agent, self.node)
            if not self._is_away:  # a lunch may have ended meanwhile
                await self._try(requests.SetPresence("online"))
            self.nudge()

    @property
    def is_online(self) -> bool:
        return self._desk is not None and not self._is_away

    def nudge(self) -> None:
        """Something on the desk has changed."""
        if self.is_online and not self._is_busy and not self._is_looking:
            self._is_looking = True
            self._agenda.after(self._chance.uniform(*self._habits.notices_s), self._look)

    def hear_consent(self, consumer: str, *, is_opted_out: bool) -> None:
        """On every line: also where the consumer did not say it."""
        for key, view in self.mine.items():
            if view.consumer == consumer:
                self.mine[key] = replace(view, opted_out=is_opted_out)
        self.nudge()

    async def _come(self) -> None:
        self.is_on_duty = True
        if self.node not in self._core.dead:
            await self.come_back()

    async def _want(self, what: str) -> None:
        if self.is_on_duty:
            self._wants = what
            if not self._is_busy:
                await self._leave()

    async def _be_back(self) -> None:
        if self._wants == LUNCH:
            self._wants = None
        if self._is_away:
            self._is_away = False
            if self._desk is not None:
                await self._try(requests.SetPresence("online"))
                self.nudge()

    async def _go(self) -> None:
        if self.team.leaves == "signs_off":
            await self._want("home")
        else:
            await self._vanish()

    async def _leave(self) -> None:
        what, self._wants = self._wants, None
        if self._desk is None:
            self.is_on_duty = self.is_on_duty and what == LUNCH
        elif what == LUNCH:
            self._is_away = True
            await self._try(requests.SetPresence("away", LUNCH))
        elif await self._try(requests.SignOff([self._leaving(view) for view in self.mine.values()])):
            await self._vanish()

    def _leaving(self, view: ConversationView) -> requests.SignOffChoice:
        visit = self._visits.of(view.line, view.consumer)
        if view.waiting_since is None and view.state == "assigned":
            if visit is None or not visit.is_wanting:
                return requests.SignOffChoice(view.id, "close")
            return requests.SignOffChoice(view.id, "due", self._agenda.now + _TOMORROW_MS)
        return requests.SignOffChoice(view.id, "return")

    async def _vanish(self) -> None:
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
        if self._wants:
            await self._leave()
            return
        if await self._answer_ring():
            return
        waiting = [view for view in self.mine.values() if self._is_to_do(view)]
        if waiting:
            view = min(waiting, key=lambda one: (one.waiting_since or one.last_at, one.id))
            self._begin(self._reading_s(view), partial(self._attend, view.id, view.last_seq))

    def _is_to_do(self, view: ConversationView) -> bool:
        return view.waiting_since is not None or view.state == "wrap_up" or view.id in self.unsent

    async def _answer_ring(self) -> bool:
        for view in list(self.rings.values()):
            call = (view.id, view.ring_until)
            if call in self._missed:
                continue
            if view.handed_by is None and self._chance.random() < self._habits.misses_ring:
                self._missed.add(call)
                continue
            await self._try(requests.Accept(view.id))  # somebody else may be as fast
            self.nudge()
            return True
        return False

    def _begin(self, seconds: float, doing: Callable[[], Awaitable[None]]) -> None:
        self._is_busy = True
        task = self._task

        async def unless_dropped() -> None:
            if task == self._task:
                self._is_busy = False
                await doing()
                if self._wants and not self._is_busy and self._desk is not None:
                    await self._leave()
                self.nudge()

        self._agenda.after(seconds, unless_dropped)

    def _reading_s(self, view: ConversationView) -> float:
        return 2 + len(view.last_text) / self._habits.reads_per_s

    async def _attend(self, conversation_id: str, seen: int) -> None:
        """It has been read: give it back, hand it over, or begin to answer."""
        view = self.mine.get(conversation_id)
        if view is None or not self._is_to_do(view):
            return
        visit = self._visits.of(view.line, view.consumer)
        if view.state == "wrap_up":
            self._begin(_NOTES_S, partial(self._note, conversation_id))
        elif visit is None or view.opted_out or not (visit.is_wanting or view.id in self.unsent):
            await self._try(requests.Close(conversation_id, outcome=NOTHING_TO_ANSWER))
        elif visit.matter.is_given_back and not visit.was_given_back:
            visit.was_given_back = True
            await self._try(requests.GiveBack(conversation_id, note="I cannot do this one."))
        elif self._is_for_others(view, visit):
            self._begin(_NOTES_S, partial(self._hand_over, conversation_id, visit))
        else:
            writing_s = visit.turn.thinks_s + len(visit.turn.answer) / self._habits.types_per_s
            self._begin(writing_s, partial(self._reply, conversation_id, visit, seen))

    def _is_for_others(self, view: ConversationView, visit: Visit) -> bool:
        skill = visit.matter.skill
        return view.skill != skill and not self.agent.has(skill) and not visit.was_handed_over

    async def _note(self, conversation_id: str) -> None:
        if (view := self.mine.get(conversation_id)) is not None and view.state == "wrap_up":
            await self._try(requests.WrapUp(conversation_id, outcome=ANSWERED, tags=[view.skill]))

    async def _hand_over(self, conversation_id: str, visit: Visit) -> None:
        if conversation_id not in self.mine:
            return
        visit.was_handed_over = True  # where nobody is there to take it, it is answered here
        skill = visit.matter.skill
        colleague = self._colleagues(skill, self.agent.id) if visit.matter.is_handed_by_name else None
        note = f"This is one for {skill}."
        if colleague is not None:
            await self._try(requests.Transfer(conversation_id, skill=skill, agent=colleague, note=note))
        else:
            await self._try(requests.Transfer(conversation_id, skill=skill, note=note))

    async def _reply(self, conversation_id: str, visit: Visit, seen: int) -> None:
        view = self.mine.get(conversation_id)
        if view is None or view.state != "assigned":
            return
        is_done = await self._try(requests.Reply(conversation_id, visit.turn.answer, seen=seen))
        if not is_done:
            if (view := self.mine.get(conversation_id)) is not None and not view.opted_out:
                again = partial(self._reply, conversation_id, visit, view.last_seq)
                self._begin(self._reading_s(view), again)  # what came meanwhile
            return
        self.unsent.discard(conversation_id)
        if visit.is_last and visit.is_said and visit.matter.is_closed:
            self._begin(_CLOSES_S, partial(self._close, conversation_id, visit))

    async def _close(self, conversation_id: str, visit: Visit) -> None:
        view = self.mine.get(conversation_id)
        if view is not None and view.state == "assigned" and view.waiting_since is None:
            outcome = ANSWERED if visit.matter.has_outcome else ""
            await self._try(requests.Close(conversation_id, outcome=outcome))

    async def _try(self, command: Command) -> bool:
        """Whether it was done; a refusal is something agents live with."""
        try:
            await self._core.ask(self.agent.id, command)
        except Refused:
            return False
        return True
