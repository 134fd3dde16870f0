"""Consumers of a simulated day: they write, wait, write again, say thanks, or stop."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import partial

from connector.lab.day.agenda import Agenda
from connector.lab.day.core import Cause, SimulatedCore
from connector.lab.day.plan import Matter, Turn
from connector.wire import events

THANKS = "Thank you!"
_PATIENCE_S = 1800  # who still has another matter with us there waits with the next
_CATCH_UP_S = 0.25  # between two texts that a provider hands over after an outage


class Visit:
    """A matter while it goes on. `is_wanting`: an answer is still owed, as a person who reads it would see."""

    def __init__(self, matter: Matter) -> None:
        self.matter = matter
        self.place = 0  # of the question
        self.said = 0  # how many of its texts have been taken
        self.said_at = 0
        self.is_wanting = True
        self.is_over = False
        self.was_given_back = False
        self.was_handed_over = False

    @property
    def turn(self) -> Turn:
        return self.matter.turns[self.place]

    @property
    def is_said(self) -> bool:
        return self.said == len(self.turn.texts)

    @property
    def is_done(self) -> bool:
        return not self.is_wanting and (self.is_last or self.matter.stops)

    @property
    def is_last(self) -> bool:
        return self.place == len(self.matter.turns) - 1


class Visits:
    """Everybody's, by line and consumer."""

    def __init__(self, agenda: Agenda, core: SimulatedCore, matters: list[Matter], until: int) -> None:
        self._agenda = agenda
        self._core = core
        self._until = until
        self._open: dict[tuple[str, str], Visit] = {}
        self._replies: dict[str, tuple[Visit, int]] = {}  # id of a reply, to whom, and when it was written
        self._held: list[Callable[[], Awaitable[None]]] = []
        for matter in matters:
            agenda.at(matter.at, partial(self._begin, matter))

    def of(self, line: str, consumer: str) -> Visit | None:
        return self._open.get((line, consumer))

    def hear(self, event: events.Event, cause: Cause) -> None:
        match event:
            case events.ReplyWritten(conversation=conversation, message=message):
                if (visit := self.of(conversation.line, conversation.consumer)) is not None:
                    self._replies[message.id] = (visit, message.at)
            case events.StatusMoved(status="accepted"):
                self._heard(*self._replies.pop(event.message_id, (None, 0)))
            case events.ConversationClosed(conversation=conversation, by=str()):
                visit = self.of(conversation.line, conversation.consumer)
                if visit is not None and visit.matter.thanks_s is not None and not visit.is_wanting:
                    if not visit.is_over and not visit.matter.stops:
                        self._agenda.after(visit.matter.thanks_s, partial(self._say, visit, THANKS))
                    visit.is_over = True

    def provider_is_back(self) -> None:
        """What it could not hand over comes now, one after another."""
        held, self._held = self._held, []
        for number, doing in enumerate(held):
            self._agenda.after(number * _CATCH_UP_S, doing)

    async def _begin(self, matter: Matter) -> None:
        before = self.of(matter.line, matter.consumer)
        if before is not None and not before.is_done:
            if self._agenda.now + _PATIENCE_S * 1000 < self._until:
                self._agenda.after(_PATIENCE_S, partial(self._begin, matter))
            return
        self._open[matter.line, matter.consumer] = visit = Visit(matter)
        await self._ask(visit)

    async def _ask(self, visit: Visit) -> None:
        """The next text of the question at hand."""
        turn = visit.turn
        text = turn.texts[visit.said]
        visit.said += 1
        visit.said_at = self._agenda.now
        visit.is_wanting = True
        if not visit.is_said:
            self._agenda.after(turn.gap_s, partial(self._ask, visit))
        await self._say(visit, text)

    async def _say(self, visit: Visit, text: str) -> None:
        said_at = self._agenda.now
        if self._core.is_provider_out:
            self._held.append(partial(self._hand_over, visit, text, said_at))
        else:
            await self._hand_over(visit, text, said_at)

    async def _hand_over(self, visit: Visit, text: str, said_at: int) -> None:
        await self._core.take(visit.matter.line, visit.matter.consumer, text, said_at)

    def _heard(self, visit: Visit | None, written_at: int) -> None:
        """A reply has come, which may have been written before the latest text."""
        if visit is None or not visit.is_wanting or not visit.is_said or written_at < visit.said_at:
            return
        visit.is_wanting = False
        if visit.matter.stops:
            self._agenda.after(visit.matter.turns[-1].pause_s + 30, partial(self._say, visit, "STOP"))
        elif not visit.is_last:
            visit.place, visit.said = visit.place + 1, 0
            self._agenda.after(visit.turn.pause_s, partial(self._ask, visit))
