"""Consumers of a simulated day: they write, wait, write again, say thanks, or stop."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import partial

from connector.lab.day.core import Cause, SimulatedCore
from connector.lab.day.inquiries import Inquiry, Question
from connector.lab.day.schedule import Schedule
from connector.wire import events

THANKS = "Thank you!"
_PATIENCE_S = 1800  # a consumer whose earlier inquiry is still open begins the next one later
_CATCH_UP_S = 0.25  # between two texts that the provider delivers after an outage


class OpenInquiry:
    """An inquiry that goes on. `is_waiting`: an answer is owed, as a person who reads it would see."""

    def __init__(self, plan: Inquiry) -> None:
        self.plan = plan
        self.index = 0  # of the question
        self.sent = 0  # of its texts
        self.sent_at = 0
        self.is_waiting = True
        self.was_thanked = False
        self.was_given_back = False
        self.was_transferred = False

    @property
    def question(self) -> Question:
        return self.plan.questions[self.index]

    @property
    def is_asked(self) -> bool:
        """All texts of the question were sent."""
        return self.sent == len(self.question.texts)

    @property
    def is_last(self) -> bool:
        return self.index == len(self.plan.questions) - 1

    @property
    def is_over(self) -> bool:
        return not self.is_waiting and (self.is_last or self.plan.stops)


class Consumers:
    """All consumers of a day, and their open inquiries by line and consumer."""

    def __init__(self, schedule: Schedule, core: SimulatedCore, inquiries: list[Inquiry], until: int) -> None:
        self._schedule = schedule
        self._core = core
        self._until = until
        self._open: dict[tuple[str, str], OpenInquiry] = {}
        self._replies: dict[str, tuple[OpenInquiry, int]] = {}  # by the reply's id, with the time it was written
        self._held: list[Callable[[], Awaitable[None]]] = []  # texts at a provider that is out of order
        for inquiry in inquiries:
            schedule.at(inquiry.at, partial(self._begin, inquiry))

    def open_inquiry(self, line: str, consumer: str) -> OpenInquiry | None:
        return self._open.get((line, consumer))

    def on_event(self, event: events.Event, cause: Cause) -> None:
        match event:
            case events.ReplyWritten(conversation=conversation, message=message):
                if (one := self.open_inquiry(conversation.line, conversation.consumer)) is not None:
                    self._replies[message.id] = (one, message.at)
            case events.StatusMoved(status="accepted"):
                self._receive_reply(*self._replies.pop(event.message_id, (None, 0)))
            case events.ConversationClosed(conversation=conversation, by=str()):
                one = self.open_inquiry(conversation.line, conversation.consumer)
                if one is not None and one.plan.thanks_s is not None and not one.is_waiting:
                    if not one.was_thanked and not one.plan.stops:
                        self._schedule.after(one.plan.thanks_s, partial(self._send, one, THANKS))
                    one.was_thanked = True

    def provider_is_back(self) -> None:
        """Deliver the texts that the provider held, one after another."""
        held, self._held = self._held, []
        for number, deliver in enumerate(held):
            self._schedule.after(number * _CATCH_UP_S, deliver)

    async def _begin(self, inquiry: Inquiry) -> None:
        before = self.open_inquiry(inquiry.line, inquiry.consumer)
        if before is not None and not before.is_over:
            if self._schedule.now + _PATIENCE_S * 1000 < self._until:
                self._schedule.after(_PATIENCE_S, partial(self._begin, inquiry))
            return
        self._open[inquiry.line, inquiry.consumer] = one = OpenInquiry(inquiry)
        await self._ask(one)

    async def _ask(self, one: OpenInquiry) -> None:
        """Send the next text of the current question."""
        question = one.question
        text = question.texts[one.sent]
        one.sent += 1
        one.sent_at = self._schedule.now
        one.is_waiting = True
        if not one.is_asked:
            self._schedule.after(question.gap_s, partial(self._ask, one))
        await self._send(one, text)

    async def _send(self, one: OpenInquiry, text: str) -> None:
        said_at = self._schedule.now
        if self._core.provider.is_out:
            self._held.append(partial(self._deliver, one, text, said_at))
        else:
            await self._deliver(one, text, said_at)

    async def _deliver(self, one: OpenInquiry, text: str, said_at: int) -> None:
        await self._core.receive(one.plan.line, one.plan.consumer, text, said_at)

    def _receive_reply(self, one: OpenInquiry | None, written_at: int) -> None:
        """A reply has arrived, which may have been written before the latest text."""
        if one is None or not one.is_waiting or not one.is_asked or written_at < one.sent_at:
            return
        one.is_waiting = False
        if one.plan.stops:
            self._schedule.after(one.plan.questions[-1].pause_s + 30, partial(self._send, one, "STOP"))
        elif not one.is_last:
            one.index, one.sent = one.index + 1, 0
            self._schedule.after(one.question.pause_s, partial(self._ask, one))
