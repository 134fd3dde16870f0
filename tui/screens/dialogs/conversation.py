"""Dialogs that give a conversation back with a note, write a note, or set when an answer is due."""

from __future__ import annotations

from collections.abc import Sequence

from textual.app import ComposeResult

from connector.sms.wrapping import wrap
from connector.wire.views import ConversationView
from tui.actions import conversation
from tui.actions.conversation import Intent
from tui.actions.keys import Context, key_for
from tui.desk import DeskController
from tui.model.conversations import consumer_name
from tui.model.state import Model
from tui.screens.dialogs.dialog import DialogAnswer, Field, RequestDialog, note_field
from tui.screens.dialogs.several import SeveralDialog, about
from tui.widgets.bar import Bar


class GiveBackDialog(SeveralDialog):
    ACTION = "give_back_with_note"

    def __init__(self, desk: DeskController, views: Sequence[ConversationView]) -> None:
        note = desk.model.compose.notes.get(views[0].id, "")
        title = f"Give {about(views)} back to the queue"
        super().__init__(desk, views, title, [note_field(desk, "A note for the next agent", note)])

    def ask(self, model: Model, view: ConversationView, answer: DialogAnswer) -> Intent:
        return conversation.give_back(model, view, answer.texts[0].strip())


class NoteDialog(RequestDialog):
    def __init__(self, desk: DeskController, view: ConversationView) -> None:
        self._view = view
        note = desk.model.compose.notes.get(view.id, "")
        super().__init__(
            desk,
            f"A note on {consumer_name(view)}, for colleagues only",
            [note_field(desk, "Your note; @ and a name tells a colleague", note)],
        )

    def wrong(self, answer: DialogAnswer) -> str | None:
        leaves = key_for(self.desk.model.keys, "back", Context.DIALOG)
        return None if answer.texts[0].strip() else f"Write something, or leave with {leaves}."

    def intent(self, answer: DialogAnswer) -> Intent:
        return conversation.note(self.desk.model, self.desk.current(self._view), answer.texts[0].strip())


class SnoozeDialog(SeveralDialog):
    """What it does to alarms is said where it is asked."""

    ACTION = "snooze"

    def __init__(self, desk: DeskController, views: Sequence[ConversationView]) -> None:
        self._is_snoozed = any(view.snoozed_until is not None for view in views)
        wakes = "; empty: it is to be done now" if self._is_snoozed else ""
        super().__init__(
            desk,
            views,
            f"Snooze {about(views)} until when?",
            [Field(f"Until{wakes}", example="2h, 17:30, tomorrow 9:00")],
        )

    def parts(self) -> ComposeResult:
        yield from super().parts()
        waiting = sum(view.waiting_since is not None for view in self.views)
        words = "Away from your lists until then, or until they write."
        if waiting:
            who = "They wait" if len(self.views) == 1 else f"{waiting:,} of them wait"
            words += f" {who} for an answer: its due time stays, and alarms when it is back."
        yield Bar(lambda width: [[(line, "muted")] for line in wrap(words, width)], "explained")

    def wrong(self, answer: DialogAnswer) -> str | None:
        if not answer.texts[0].strip() and not self._is_snoozed:
            return "Write until when: 2h, 17:30, tomorrow 9:00."
        return None

    def ask(self, model: Model, view: ConversationView, answer: DialogAnswer) -> Intent:
        return conversation.snooze(model, view, answer.texts[0], self.desk.now())


class DueDialog(SeveralDialog):
    ACTION = "set_due"
    CHOICES_LABEL = "After your answer"
    FIELDS_FIRST = True

    def __init__(self, desk: DeskController, views: Sequence[ConversationView]) -> None:
        super().__init__(
            desk,
            views,
            f"When is an answer to {about(views)} due?",
            [Field("Due; empty: when the rules say", example="2h, 17:30, tomorrow 9:00")],
            choices=("nothing more is due", "it stays due, as a reminder"),
        )

    def ask(self, model: Model, view: ConversationView, answer: DialogAnswer) -> Intent:
        return conversation.set_due(model, view, answer.texts[0], answer.choice == 1, self.desk.now())
