"""Dialog to record what a consumer said about texts elsewhere: on the phone, in a letter."""

from __future__ import annotations

from connector.wire.views import ConversationView
from tui.actions import unsettled
from tui.actions.conversation import Intent
from tui.desk import DeskController
from tui.model.conversations import consumer_name
from tui.screens.dialogs.dialog import DialogAnswer, Field, RequestDialog


class ConsentDialog(RequestDialog):
    def __init__(self, desk: DeskController, view: ConversationView) -> None:
        self._view = view
        super().__init__(
            desk,
            f"What did {consumer_name(view)} say about being texted?",
            [Field("The evidence: their words, where and when", example="on the phone, today at 10:40: no more texts")],
            choices=("they want no more texts", "they may be texted again"),
        )

    def wrong(self, answer: DialogAnswer) -> str | None:
        intent = self.intent(answer)
        return intent if isinstance(intent, str) else None

    def intent(self, answer: DialogAnswer) -> Intent:
        view, because = self.desk.current(self._view), answer.texts[0].strip()
        return unsettled.consent(self.desk.model, view, answer.choice == 0, because)
