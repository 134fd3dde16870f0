"""Dialogs for replies that are sent later: when, and a list of all of them."""

from __future__ import annotations

from collections.abc import Sequence

from textual.app import ComposeResult

from connector.sms.text import one_line
from connector.wire import requests
from connector.wire.views import ConversationView, ScheduledView
from tui.actions import writing
from tui.actions.conversation import Intent
from tui.desk import DeskController
from tui.draw.format import Span, fit, moment
from tui.model.conversations import consumer_name
from tui.screens.dialogs.dialog import Choices, DialogAnswer, Field, RequestDialog, labelled
from tui.screens.dialogs.search import SearchDialog
from tui.widgets.bar import Bar

_WHEN, _WHO = 13, 20  # cells


class LaterDialog(RequestDialog):
    def __init__(self, desk: DeskController, view: ConversationView, text: str) -> None:
        self._text = text
        super().__init__(
            desk,
            f"When is this to be sent to {one_line(consumer_name(view), 24)}?",
            [Field("Sent at", example="17:30, 2h, tomorrow 9:00")],
        )

    def parts(self) -> ComposeResult:
        yield from super().parts()
        words = "If they write before, it is not sent, and is your draft again."
        intent = writing.reply(self.desk.model, self._text)
        if isinstance(intent, requests.Reply) and intent.then is not None:
            words = "Only the text is sent then: what the saved reply does besides is not done."
        yield Bar(lambda width: [[(one_line(words, width), "muted")]], "explained")

    def wrong(self, answer: DialogAnswer) -> str | None:
        return None if answer.texts[0].strip() else "Write when: 17:30, 2h, tomorrow 9:00."

    def intent(self, answer: DialogAnswer) -> Intent:
        return writing.later(self.desk.model, self._text, answer.texts[0].strip(), self.desk.now())


class ScheduledDialog(SearchDialog):
    """Its answer has the conversation to go to as its only text."""

    def __init__(self, desk: DeskController) -> None:
        super().__init__("Replies to be sent later", Choices(self._rows))
        self._desk = desk

    def parts(self) -> ComposeResult:
        yield from labelled(Field("A part of the text or the number"), "words")
        yield self._choices

    def on_mount(self) -> None:
        self._desk.ask_once(requests.GetScheduled())

    @property
    def _found(self) -> list[ScheduledView]:
        words = self.words.casefold().split()
        every = self._desk.model.fetched.scheduled or ()
        return [one for one in every if all(word in f"{self._who(one)} {one.text}".casefold() for word in words)]

    def _who(self, one: ScheduledView) -> str:
        view = self._desk.model.conversations.by_id.get(one.conversation_id)
        return one.conversation_id if view is None else consumer_name(view)

    def _rows(self, width: int) -> Sequence[Sequence[Span]]:
        now, room = self._desk.now(), max(4, width - _WHEN - _WHO - 3)
        rows = [
            [
                (f"{fit(moment(one.send_at, now), _WHEN)} ", "muted"),
                (f"{fit(self._who(one), _WHO)} ", "strong"),
                (one_line(one.text, room), ""),
            ]
            for one in self._found
        ]
        is_known = self._desk.model.fetched.scheduled is not None
        nothing = "Nothing of yours is to be sent later." if is_known else "Asking the core…"
        return rows or [[(nothing, "muted")]]

    def repaint(self) -> None:
        """The core has answered."""
        self._choices.repaint()

    def action_confirm(self) -> None:
        found = self._found
        if not found:
            self.say("There is nothing to go to.")
            return
        one = found[self.row_among(len(found))]
        if one.conversation_id in self._desk.model.conversations.by_id:
            self.dismiss(DialogAnswer(0, [one.conversation_id]))
        else:
            self.say("That conversation is not in your lists.")
