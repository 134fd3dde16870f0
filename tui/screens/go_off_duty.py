"""What becomes of an agent's conversations when they leave. Nobody is kept: the same key once more leaves at once."""

from __future__ import annotations

from tui.actions import keys, presence
from tui.actions.keys import Context, key_for
from tui.desk import DeskController
from tui.draw.format import Span, count
from tui.model.state import LinkPhase
from tui.screens.ask import Ask, Field

_TOMORROW = "tomorrow 9:00"
_UNREACHABLE = "The core cannot be reached now."


class GoOffDuty(Ask):
    """It stays until the core has dealt with all of them, or says why not."""

    def __init__(self, desk: DeskController) -> None:
        self._desk = desk
        choices = presence.leavings(desk.model, desk.listing.owing)
        self._kinds = [kind for kind, _ in choices]
        number = len(desk.listing.owing)
        super().__init__(
            f"You have {count(number, 'conversation')}. What becomes of {'it' if number == 1 else 'them'}?",
            [Field("when an answer is due: tomorrow 9:00", _TOMORROW)],
            choices=[words for _, words in choices],
        )

    def keys_now(self, width: int) -> list[Span]:
        key = key_for(keys.BY_ID["quit"], Context.DIALOG)
        words = "quit anyway: who waits goes back after 2 min"
        return [*super().keys_now(width), (key, "key"), (f" {words}", "muted")]

    def on_mount(self) -> None:
        super().on_mount()
        if self._desk.model.connection.phase is not LinkPhase.LINKED:
            self.call_after_refresh(self.say, _UNREACHABLE)

    def action_confirm(self) -> None:
        answer = self.answer
        kind = self._kinds[answer.choice]
        desk = self._desk
        intent = presence.sign_off(desk.model, desk.listing.owing, kind, answer.texts[0], desk.now())
        if isinstance(intent, str):
            self.say(intent)
            return
        if desk.model.connection.phase is not LinkPhase.LINKED:
            self.say(_UNREACHABLE)  # asked later, it would surprise somebody who has gone on working
            return
        desk.ask(intent)
        self.say("Asking the core…")

    def look(self) -> None:
        """The core has answered."""
        state = self._desk.model.agents.sign_off
        if state is not None and state.refusal is not None:
            self.say(f"{state.refusal} The key that quits leaves all the same.")
