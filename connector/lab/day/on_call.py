"""A night of on call: the core looks what is due, those who are asked answer or do not, the webhook's receiver takes
what is posted while it is there."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import partial

from connector.config.on_call import OnCallSettings
from connector.domain.conversation import ON_CALL
from connector.lab.day.agents import SimulatedAgent
from connector.lab.day.core import Cause, SimulatedCore
from connector.lab.day.escalations import (
    ACKNOWLEDGED,
    ASKED,
    ENDED,
    LOOK_EVERY_S,
    RAISED,
    AlertRecord,
    Night,
    WebhookPost,
    covers,
)
from connector.lab.day.on_call_settings import PersonOnCall
from connector.lab.day.scenario import DayScenario
from connector.lab.day.schedule import Schedule
from connector.store.on_call import WebhookEvent
from connector.wire import events, requests
from connector.wire.alert_words import waits
from connector.wire.views import AlertView, ConversationView

_KINDS: dict[type, str] = {
    events.AlertRaised: RAISED,
    events.AlertEscalated: ASKED,
    events.AlertAcknowledged: ACKNOWLEDGED,
    events.AlertEnded: ENDED,
}
_LATE_MS = 2 * LOOK_EVERY_S * 1000
_COMES_S = 45  # from the acknowledgement to the desk


class NightWatch:
    """`seen`: what has happened so far."""

    def __init__(
        self,
        scenario: DayScenario,
        on_call: OnCallSettings,
        schedule: Schedule,
        core: SimulatedCore,
        agents: Mapping[str, SimulatedAgent],
    ) -> None:
        self.seen = Night([], [], set(), [])
        self._scenario = scenario
        self._on_call = on_call
        self._schedule = schedule
        self._core = core
        self._agents = agents
        self._people = {one.agent: one for one in scenario.people}
        self._down = [scenario.span(span) for span in scenario.receiver.down] if scenario.receiver else []
        self._was_down = False
        self._alerts: dict[str, AlertView] = {}
        self._waiting: dict[str, ConversationView] = {}
        self._unalerted: set[str] = set()
        self._until: dict[str, int] = {}  # how long who stays at the desk

    def begin(self) -> None:
        self._schedule.after(0, self._look)

    async def finish(self) -> None:
        self.seen.waiting = await self._core.waiting_posts()

    def on_event(self, event: events.Event, cause: Cause) -> None:
        now = self._schedule.now
        view = getattr(event, "conversation", None)
        if isinstance(view, ConversationView):
            self._follow(view)
        if isinstance(event, events.ReplyWritten) and event.conversation.entry_point == ON_CALL:
            self.seen.texts.add((event.conversation.consumer, event.message.at))
        alert = getattr(event, "alert", None)
        if not isinstance(alert, AlertView):
            return
        self._alerts[alert.id] = alert
        if (kind := _KINDS.get(type(event))) is None:
            return
        way = "by text" if cause.part == "inbound" else "at the desk"
        self.seen.records.append(AlertRecord(now, kind, alert, way if kind == ACKNOWLEDGED else ""))
        if kind == ASKED:
            for name in alert.steps[-1].people:
                self._plan_answer(name, alert)
        elif kind == ACKNOWLEDGED and (person := self._people.get(alert.acknowledged_by or "")) is not None:
            self._schedule.after(_COMES_S, partial(self._work, person))

    def _follow(self, view: ConversationView) -> None:
        if view.waiting_since is None or view.state == "closed" or view.due_at is None:
            self._waiting.pop(view.id, None)
        else:
            self._waiting[view.id] = view

    # What the core does by itself.

    async def _look(self) -> None:
        await self._core.look_at_alerts()
        await self._core.post_due(self._receive)
        self._check_alerted()
        self._schedule.after(LOOK_EVERY_S, self._look)

    def _check_alerted(self) -> None:
        """Note what is overdue for long enough, and no alert is about."""
        now, late_ms = self._schedule.now, self._on_call.overdue_s * 1000
        for view in self._waiting.values():
            overdue_at = (view.due_at or now) + late_ms
            if now - overdue_at <= _LATE_MS or view.id in self._unalerted:
                continue
            if not any(covers(alert, view.skill, overdue_at) for alert in self._alerts.values()):
                self._unalerted.add(view.id)
                clock = self._scenario.time_of_day(overdue_at)
                words = f"conversation {view.id} ({view.skill}) is overdue for long enough since {clock}"
                self.seen.unalerted.append(f"{words}, and no alert says so")

    def _receive(self, event: WebhookEvent) -> str:
        """Take what is posted. Returns why not, in words; empty: it was taken."""
        now = self._schedule.now
        if any(start <= now < end for start, end in self._down):
            self._was_down = True
            return "cannot be reached"
        told = json.loads(event.body)
        what = told["type"].removeprefix("alert.")
        self.seen.posts.append(WebhookPost(now, event.id, what, told["data"]["id"]))
        is_lost, self._was_down = self._was_down, False
        return "the connection broke before the answer" if is_lost else ""

    # What people do.

    def _plan_answer(self, name: str, alert: AlertView) -> None:
        person = self._people.get(name)
        if person is None or person.answers == "never" or self._is_asleep(person):
            return
        if person.answers == "desk":
            self._schedule.after(person.after_s, partial(self._acknowledge, person, alert.id))
        elif name in alert.steps[-1].texted:
            self._schedule.after(person.after_s, partial(self._text_back, person))

    def _is_asleep(self, person: PersonOnCall) -> bool:
        spans = map(self._scenario.span, person.asleep)
        return any(start <= self._schedule.now < end for start, end in spans)

    async def _text_back(self, person: PersonOnCall) -> None:
        """An answer to each text, as long as something of what they were texted about waits."""
        texted = (one for one in self._alerts.values() if any(person.agent in step.texted for step in one.steps))
        if any(map(waits, texted)) and self._on_call.line is not None:
            await self._core.receive(self._on_call.line, person.phone, "Ack.", self._schedule.now)

    async def _acknowledge(self, person: PersonOnCall, alert_id: str) -> None:
        if waits(self._alerts[alert_id]):
            await self._core.request(person.agent, requests.Acknowledge([alert_id]))

    async def _work(self, person: PersonOnCall) -> None:
        """At the desk for a while."""
        agent = self._agents[person.agent]
        self._until[person.agent] = self._schedule.now + person.works_s * 1000
        if person.works_s and not agent.is_on_duty:
            await agent.begin_shift()
            self._schedule.after(person.works_s, partial(self._stop_working, person))

    async def _stop_working(self, person: PersonOnCall) -> None:
        left_ms = self._until[person.agent] - self._schedule.now
        if left_ms > 0:
            self._schedule.after(left_ms / 1000, partial(self._stop_working, person))
        else:
            await self._agents[person.agent].end_shift()
