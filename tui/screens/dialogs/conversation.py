"""Dialogs about one conversation: give it back with a note, write a note, set when an answer is due."""

from __future__ import annotations

from connector.wire.views import ConversationView
from tui.actions import conversation
from tui.actions.conversation import Intent
from tui.actions.keys import Context, key_for
from tui.desk import DeskController
from tui.model.conversations import consumer_name
from tui.screens.dialogs.dialog import DialogAnswer, Field, RequestDialog


class GiveBackDialog(RequestDialog):
    def __init__(self, desk: DeskController, view: ConversationView) -> None:
        self._view = view
        note = desk.model.compose.notes.get(view.id, "")
        super().__init__(
            desk, f"Give {consumer_name(view)} back to the queue", [Field("A note for the next agent", note)]
        )

    def intent(self, answer: DialogAnswer) -> Intent:
        return conversation.give_back(self.desk.model, self.desk.current(self._view), answer.texts[0].strip())


class NoteDialog(RequestDialog):
    def __init__(self, desk: DeskController, view: ConversationView) -> None:
        self._view = view
        note = desk.model.compose.notes.get(view.id, "")
        super().__init__(desk, f"A note on {consumer_name(view)}, for colleagues only", [Field("Your note", note)])

    def wrong(self, answer: DialogAnswer) -> str | None:
        leaves = key_for(self.desk.model.keys, "back", Context.DIALOG)
        return None if answer.texts[0].strip() else f"Write something, or leave with {leaves}."

    def intent(self, answer: DialogAnswer) -> Intent:
        return conversation.note(self.desk.model, self.desk.current(self._view), answer.texts[0].strip())


class DueDialog(RequestDialog):
    CHOICES_LABEL = "After your answer"
    FIELDS_FIRST = True

    def __init__(self, desk: DeskController, view: ConversationView) -> None:
        self._view = view
        super().__init__(
            desk,
            f"When is an answer to {consumer_name(view)} due?",
            [Field("Due; empty: when the rules say", example="2h, 17:30, tomorrow 9:00")],
            choices=("nothing more is due", "it stays due, as a reminder"),
        )

    def wrong(self, answer: DialogAnswer) -> str | None:
        intent = self.intent(answer)
        return intent if isinstance(intent, str) else None

    def intent(self, answer: DialogAnswer) -> Intent:
        desk, keep = self.desk, answer.choice == 1
        return conversation.set_due(desk.model, desk.current(self._view), answer.texts[0], keep, desk.now())
