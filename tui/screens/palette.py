"""The command palette: what can be done now, found by any words for it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.message import Message
from textual.screen import ModalScreen
from textual.widgets import Input

from connector.sms.text import cells
from tui.actions import keys
from tui.actions.enabled import likely_actions
from tui.actions.keys import Context
from tui.actions.keys.search import Found, found
from tui.desk import DeskController
from tui.draw import bars
from tui.draw.format import Line
from tui.draw.palette import about_line, command_lines, command_row, palette_title
from tui.model.conversations import open_conversation
from tui.screens.covering import CoveringScreen
from tui.terminal.sized_screen import NARROW_OR_WIDE
from tui.widgets.bar import Bar
from tui.widgets.bindings import bindings, key_names
from tui.widgets.line_widget import LineWidget, StyledLine
from tui.widgets.one_line_input import OneLineInput

_SENTENCE = 3  # lines


class PaletteRows(LineWidget):
    """The commands found, one of them under the cursor."""

    class Clicked(Message):
        """The command under the cursor is to be run."""

    def __init__(self, places: Sequence[Context]) -> None:
        super().__init__("found")
        self._places = places
        self.found: Sequence[Found] = ()
        self.words = ""
        self.row = 0

    @property
    def current(self) -> Found | None:
        return self.found[self.row] if self.found else None

    @property
    def _top(self) -> int:
        return max(0, self.row - self.size.height + 1)

    def lines(self) -> Sequence[StyledLine]:
        if not self.found:
            return [StyledLine([("  No command is called so.", "muted")])]
        shown = self.found[self._top : self._top + self.size.height]
        pressed = [self._keys(each) for each in shown]
        widest = max(map(cells, pressed))
        return [
            self._line(command_row(each, words, widest, self.size.width - 3), number + self._top == self.row)
            for number, (each, words) in enumerate(zip(shown, pressed, strict=True))
        ]

    def _keys(self, found: Found) -> str:
        """The keys for it where the palette was opened, and else those of other places."""
        return " ".join(
            dict.fromkeys(
                key for place in self._places if (key := keys.key_for(key_names(self), found.action.id, place))
            )
        )

    def _line(self, spans: Line, is_current: bool) -> StyledLine:
        return StyledLine([("▌ " if is_current else "  ", "you"), *spans], "cursor" if is_current else "")

    def move(self, by: int) -> None:
        self.row = max(0, min(self.row + by, len(self.found) - 1))
        self.repaint()

    def on_click(self, event: events.Click) -> None:
        if self._top + event.y < len(self.found):
            self.row = self._top + event.y
            self.post_message(self.Clicked())


class Palette(CoveringScreen[str | None], ModalScreen[str | None]):
    """Its result is the id of the action to run, or None."""

    HORIZONTAL_BREAKPOINTS = NARROW_OR_WIDE
    VERTICAL_BREAKPOINTS = [(0, "-low"), (20, "-mid"), (30, "-high")]  # noqa: RUF012
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(Context.PALETTE)]

    def __init__(
        self,
        desk: DeskController,
        places: Sequence[Context],
        reasons: Mapping[str, str],
        used: Sequence[str],
        *,
        has_conversation: bool,
    ) -> None:
        """`places`: where it was opened, and what lies around. `reasons`: why commands cannot be done now, by id.
        `used`: ids of the commands run before, the latest last. `has_conversation`: commands act on the shown one."""
        super().__init__()
        self._desk = desk
        self._places, self._reasons, self._used = places, reasons, used
        self._has_conversation = has_conversation
        self._rows = PaletteRows(places)
        self._sentence = Bar(lambda width: command_lines(self._rows.current, width)[:_SENTENCE], "sentence")
        self._title = Bar(self._title_line, "title")

    def _title_line(self, width: int) -> list[Line]:
        model = self._desk.model
        about = about_line(model, open_conversation(model), self._desk.now()) if self._has_conversation else []
        return [palette_title(about, self._rows.found, width)]

    def _find(self, text: str) -> Sequence[Found]:
        model = self._desk.model
        likely = likely_actions(model, open_conversation(model)) if self._has_conversation else ()
        hidden = keys.not_for(model)
        return found(text, self._places, hidden, reasons=self._reasons, likely=likely, used=self._used)

    def compose(self) -> ComposeResult:
        with Vertical(id="box"):
            yield self._title
            words = OneLineInput(id="words", placeholder="what do you want to do?", compact=True)
            words.cursor_blink = False
            yield words
            yield self._rows
            yield self._sentence
            yield Bar(lambda width: [bars.key_hints(keys.footer(key_names(self), Context.PALETTE), width)], "foot")

    def repaint(self) -> None:
        self._title.repaint()

    def on_mount(self) -> None:
        self._search("")
        self.set_focus(self.query_one(Input))

    @on(Input.Changed, "#words")
    def search_again(self, event: Input.Changed) -> None:
        self._search(event.value)

    def _search(self, text: str) -> None:
        self._rows.found, self._rows.words, self._rows.row = self._find(text), text, 0
        self._title.repaint()
        self._move(0)

    def _move(self, by: int) -> None:
        self._rows.move(by)
        self._sentence.repaint()

    def action_up(self) -> None:
        self._move(-1)

    def action_down(self) -> None:
        self._move(1)

    def on_mouse_scroll_up(self) -> None:
        self._move(-1)

    def on_mouse_scroll_down(self) -> None:
        self._move(1)

    @on(PaletteRows.Clicked)
    def action_run(self) -> None:
        if self._rows.words != self.query_one(Input).value:  # the last letters have not been searched for yet
            self._search(self.query_one(Input).value)
        self.dismiss(self._rows.current.action.id if self._rows.current is not None else None)
