"""Dialog that decides about each of the agent's conversations when they leave. The key that quits leaves at once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType

from connector.base.counted import count
from connector.sms.text import one_line
from tui.actions.keys import Context, KeyHint, footer, key_for
from tui.actions.sign_off import TOMORROW, LeavingChoice, first_choice, sign_off, summary
from tui.desk import DeskController
from tui.draw import bars
from tui.draw.format import Line, Span
from tui.draw.sign_off import sign_off_row
from tui.model.conversations import consumer_name
from tui.model.state import LinkPhase
from tui.screens.dialogs.dialog import Choices, DialogFrame, DialogInput, Field, labelled
from tui.screens.dialogs.transfer import TransferDialog
from tui.widgets.bar import Bar
from tui.widgets.bindings import bindings

_UNREACHABLE = "The core cannot be reached now."
_DEMO = "This is the demo: it ends as you leave, with all drafts and conversations."
_MOST_ROWS = 10
_UNSEEN_MS = 1_000  # so long after a conversation has come the agent may not have seen it


class SignOffDialog(DialogFrame):
    """It stays until the core has dealt with all of them, or says why not."""

    AUTO_FOCUS = ""
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(Context.SIGN_OFF)]

    def __init__(self, desk: DeskController, *, is_demo: bool = False) -> None:
        """`is_demo`: nothing is kept, whatever is chosen."""
        self._desk = desk
        self._is_demo = is_demo
        self._chosen: dict[str, LeavingChoice] = {}
        self._seen: dict[str, int] = dict.fromkeys(desk.listing.open_mine, 0)  # since when, by conversation
        self._first = frozenset(self._seen)  # those that were there when it was opened
        self._asked_about: object = None  # what was chosen when the agent was asked whether to drop it
        choices = Choices(self._rows, names=lambda: list(self._all()))
        choices.can_focus = True
        super().__init__("", choices)

    def parts(self) -> ComposeResult:
        if self._is_demo:
            yield Bar(lambda width: [[("  ", ""), (one_line(_DEMO, width - 2), "warn")]], "demo")
        yield self._choices
        yield Bar(self._summary, "summary")
        yield from labelled(Field("What is kept is due", TOMORROW), "due")

    def _summary(self, width: int) -> list[Line]:
        """What was chosen, and which of the rows are in sight where not all are."""
        total, (first, end) = len(self._all()), self._choices.in_sight
        rows = f"{first + 1} to {min(end, total)} of {total}" if total > end - first else ""
        words = one_line(summary(self._all()), max(0, width - len(rows) - 5))
        return [[(f"  {words}", "muted"), (f"   {rows}", "you")]]

    def title_now(self) -> str:
        number = len(self._all())
        if not number:
            confirms = key_for(self._desk.model.keys, "confirm", Context.DIALOG)
            return f"Nothing is with you any more: {confirms} signs off"
        return f"You have {count(number, 'conversation')}. What should happen to {'it' if number == 1 else 'them'}?"

    def keys_now(self, width: int) -> Line:
        names = self._desk.model.keys
        if self._is_in_field:
            ends = [key_for(names, one, Context.DIALOG) for one in ("confirm", "back")]
            ends.append(names.name("next_pane", Context.EVERYWHERE))
            return bars.key_hints([KeyHint(" ".join(ends), "back to the list")], width)
        return bars.key_hints(footer(names, Context.SIGN_OFF), width)

    def _foot(self, width: int) -> list[Line]:
        quits = (key_for(self._desk.model.keys, "quit", Context.DIALOG), "key")
        what = "the demo ends" if self._is_demo else "who waits goes to others after a while"
        words = (f" quits anyway: {what}", "muted")
        return [self.keys_now(width), [(" ", ""), quits, words]]

    @property
    def _due(self) -> DialogInput:
        return self.query_one("#due", DialogInput)

    @property
    def _is_in_field(self) -> bool:
        return isinstance(self.focused, DialogInput)

    def on_descendant_focus(self) -> None:
        self.query_one("#foot", Bar).repaint()

    def _all(self) -> dict[str, LeavingChoice]:
        """The choice for each conversation as it is now, in the order of the list."""
        model = self._desk.model
        return {one: self._chosen.get(one) or first_choice(model, one) for one in self._desk.listing.open_mine}

    def _rows(self, width: int) -> Sequence[Sequence[Span]]:
        model, now = self._desk.model, self._desk.now()
        by_id = model.conversations.by_id
        return [
            sign_off_row(model, by_id[one], choice, now, width, is_new=one not in self._first)
            for one, choice in self._all().items()
        ]

    @property
    def _current(self) -> str | None:
        mine = list(self._all())
        return mine[self._choices.row] if mine else None

    @property
    def _is_linked(self) -> bool:
        return self._desk.model.connection.phase is LinkPhase.LINKED

    def on_mount(self) -> None:
        self.set_focus(self._choices)
        self.repaint()
        if not self._is_linked:
            self.call_after_refresh(self.say, _UNREACHABLE)

    # Choices.

    def action_up(self) -> None:
        super().action_up()
        self.repaint()

    def action_down(self) -> None:
        super().action_down()
        self.repaint()

    def _choose(self, choice: LeavingChoice) -> None:
        if (current := self._current) is not None:
            self._chosen[current] = choice
            self.say("")
            self.repaint()

    def action_leave_close(self) -> None:
        self._choose(LeavingChoice.CLOSE)

    def action_leave_give_back(self) -> None:
        self._choose(LeavingChoice.GIVE_BACK)

    def action_leave_keep(self) -> None:
        """And say when it is due."""
        self._choose(LeavingChoice.KEEP)
        if self._due.display:
            self.set_focus(self._due)

    def action_leave_alike(self) -> None:
        """What is chosen for the one under the cursor holds for all."""
        every = self._all()
        if (current := self._current) is not None:
            self._chosen = dict.fromkeys(every, every[current])
            self.repaint()

    async def action_leave_transfer(self) -> None:
        if (current := self._current) is not None:
            await self.app.push_screen(TransferDialog(self._desk, [self._desk.model.conversations.by_id[current]]))

    def _just_come(self) -> str | None:
        """The name of one that came a moment ago; the next time it is known."""
        self._see()
        recent = [one for one, at in self._seen.items() if self._desk.now() - at < _UNSEEN_MS]
        self._seen |= dict.fromkeys(recent, 0)
        return consumer_name(self._desk.model.conversations.by_id[recent[0]]) if recent else None

    def _see(self) -> None:
        self._seen = {one: self._seen.get(one, self._desk.now()) for one in self._desk.listing.open_mine}

    def action_confirm(self) -> None:
        if self._is_in_field:
            self.set_focus(self._choices)
            return
        if (name := self._just_come()) is not None:
            self.say(f"{name} has just come. Look, and press the key again.")
            return
        intent = sign_off(self._all(), self._due.value, self._desk.now())
        if isinstance(intent, str):
            self.say(intent)
        elif not self._is_linked:
            self.say(_UNREACHABLE)  # sent after a reconnection, it would surprise an agent who has gone on working
        else:
            self._desk.ask(intent)
            self.say("Asking the core…")

    def repaint(self) -> None:
        """The core has answered, or conversations have come or gone."""
        self._see()
        height = max(1, min(_MOST_ROWS, len(self._all())))
        if self._choices.size.height != height:
            self._choices.styles.height = height
        has_kept = LeavingChoice.KEEP in self._all().values()
        for name in ("#due", "#label-of-due"):
            self.query_one(name).display = has_kept
        for part in (self._choices, *self.query(Bar)):
            part.repaint()
        refused = self._desk.model.agents.sign_off
        if refused is not None and refused.refusal is not None:
            self.say(f"{refused.refusal} The key that quits leaves all the same.")

    def back(self) -> None:
        """From the field to the list; from there away, after asking once more where something was chosen."""
        chosen = (dict(self._chosen), self._due.value)
        if self._is_in_field:
            self.set_focus(self._choices)
        elif chosen not in (({}, TOMORROW), self._asked_about):
            self._asked_about = chosen
            self.say(f"What you chose here would be lost. {self._leaves} again drops it.")
        else:
            self.dismiss(None)
