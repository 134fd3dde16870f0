"""Dialog that decides about the agent's conversations when they leave. The key that quits leaves at once."""

from __future__ import annotations

from connector.base.counted import count
from tui.actions import keys, presence
from tui.actions.keys import Context, key_for
from tui.desk import DeskController
from tui.draw.format import Line
from tui.model.state import LinkPhase
from tui.screens.dialogs.dialog import Dialog, DialogAnswer, Field

_TOMORROW = "tomorrow 9:00"
_UNREACHABLE = "The core cannot be reached now."


class SignOffDialog(Dialog):
    """It stays until the core has dealt with all of them, or says why not."""

    def __init__(self, desk: DeskController) -> None:
        self._desk = desk
        choices = presence.sign_off_choices(desk.model, desk.listing.open_mine)
        self._kinds = [kind for kind, _ in choices]
        number = len(desk.listing.open_mine)
        super().__init__(
            f"You have {count(number, 'conversation')}. What should happen to {'it' if number == 1 else 'them'}?",
            [Field("when an answer is due: tomorrow 9:00", _TOMORROW)],
            choices=[words for _, words in choices],
        )

    def keys_now(self, width: int) -> Line:
        key = key_for(keys.BY_ID["quit"], Context.DIALOG)
        words = "quit anyway: who waits goes back after 2 min"
        return [*super().keys_now(width), (key, "key"), (f" {words}", "muted")]

    @property
    def _is_linked(self) -> bool:
        return self._desk.model.connection.phase is LinkPhase.LINKED

    def on_mount(self) -> None:
        super().on_mount()
        if not self._is_linked:
            self.call_after_refresh(self.say, _UNREACHABLE)

    def confirmed(self, answer: DialogAnswer) -> None:
        desk, kind = self._desk, self._kinds[answer.choice]
        intent = presence.sign_off(desk.model, desk.listing.open_mine, kind, answer.texts[0], desk.now())
        if isinstance(intent, str):
            self.say(intent)
        elif not self._is_linked:
            self.say(_UNREACHABLE)  # sent after a reconnection, it would surprise an agent who has gone on working
        else:
            desk.ask(intent)
            self.say("Asking the core…")

    def repaint(self) -> None:
        """The core has answered."""
        sign_off = self._desk.model.agents.sign_off
        if sign_off is not None and sign_off.refusal is not None:
            self.say(f"{sign_off.refusal} The key that quits leaves all the same.")
