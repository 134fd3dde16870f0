"""The command palette: actions found by the words of their labels and sentences."""

from __future__ import annotations

from collections.abc import Container, Iterable, Sequence
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Input

from tui.actions import keys
from tui.actions.keys import Action, Context
from tui.draw import bars
from tui.draw.format import fit
from tui.screens.covering import CoveringScreen
from tui.terminal.sized_screen import NARROW_OR_WIDE
from tui.widgets.bar import Bar
from tui.widgets.bindings import bindings
from tui.widgets.line_widget import LineWidget, StyledLine


class PaletteRows(LineWidget):
    """The actions found, one of them under the cursor."""

    def __init__(self) -> None:
        super().__init__("found")
        self.actions: list[Action] = []
        self.words = ""
        self.row = 0

    def lines(self) -> Sequence[StyledLine]:
        if not self.actions:
            return [StyledLine([("  No command holds these words.", "muted")])]
        top = max(0, self.row - self.size.height + 1)
        return [self._line(row, action) for row, action in enumerate(self.actions) if row >= top]

    def _line(self, row: int, action: Action) -> StyledLine:
        pressed = " ".join(dict.fromkeys(keys.shown(names[0]) for names in action.keys.values()))
        room = max(0, self.size.width - 34)
        spans = [
            ("▌ " if row == self.row else "  ", "you"),
            (fit(action.label, 16), "strong"),
            (fit(pressed, 14), "key"),
            (f" {fit(action.help, room)}", "muted"),
        ]
        return StyledLine(spans, "cursor" if row == self.row else "")

    def move(self, by: int) -> None:
        self.row = max(0, min(self.row + by, len(self.actions) - 1))
        self.repaint()


class Palette(CoveringScreen[str | None], ModalScreen[str | None]):
    """Its result is the id of the action to run, or None."""

    HORIZONTAL_BREAKPOINTS = NARROW_OR_WIDE
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(Context.PALETTE)]

    def __init__(self, contexts: Iterable[Context], hidden: Container[str] = ()) -> None:
        """`hidden`: ids of actions that are not for this agent."""
        super().__init__()
        self._hidden = hidden
        self._contexts = tuple(contexts)

    def compose(self) -> ComposeResult:
        with Vertical(id="box"):
            words = Input(id="words", placeholder="what do you want to do?", compact=True)
            words.cursor_blink = False
            yield words
            yield PaletteRows()
            yield Bar(lambda width: [bars.key_hints(Context.PALETTE, width)], "foot")

    def on_mount(self) -> None:
        self._search("")
        self.set_focus(self.query_one(Input))

    @on(Input.Changed, "#words")
    def search_again(self, event: Input.Changed) -> None:
        self._search(event.value)

    def _search(self, text: str) -> None:
        found = self.query_one(PaletteRows)
        found.actions = keys.found(text, self._contexts, self._hidden)
        found.words, found.row = text, 0
        found.repaint()

    def action_up(self) -> None:
        self.query_one(PaletteRows).move(-1)

    def action_down(self) -> None:
        self.query_one(PaletteRows).move(1)

    def action_run(self) -> None:
        found = self.query_one(PaletteRows)
        if found.words != self.query_one(Input).value:  # the last letters have not been searched for yet
            self._search(self.query_one(Input).value)
        self.dismiss(found.actions[found.row].id if found.actions else None)
