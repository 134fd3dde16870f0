"""Dialog for the agent's presence."""

from __future__ import annotations

from tui.actions import presence
from tui.actions.conversation import Intent
from tui.desk import DeskController
from tui.screens.dialogs.dialog import DialogAnswer, RequestDialog


class PresenceDialog(RequestDialog):
    def __init__(self, desk: DeskController) -> None:
        self._presences = presence.presence_choices(desk.model)
        super().__init__(
            desk,
            "Your presence",
            choices=[one.words + " · now" * presence.is_now(desk.model, one) for one in self._presences],
            chosen=presence.place_of_now(desk.model, self._presences),
        )

    def confirmed(self, answer: DialogAnswer) -> None:
        if presence.is_now(self.desk.model, self._presences[answer.choice]):
            self.dismiss(None)
        else:
            super().confirmed(answer)

    def intent(self, answer: DialogAnswer) -> Intent:
        return presence.set_presence(self.desk.model, self._presences[answer.choice])
