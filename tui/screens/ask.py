"""A dialog that asks for a few words, and perhaps for one of several things."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import ClassVar, NamedTuple

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Input

from connector.sms.text import one_line
from tui.actions.keys import Context
from tui.draw import bars
from tui.draw.format import Span, wrap
from tui.widgets.bar import Bar
from tui.widgets.bound import bindings
from tui.widgets.sheet import Sheet, StyledLine


class Field(NamedTuple):
    label: str
    value: str = ""


class DialogAnswer(NamedTuple):
    choice: int
    texts: list[str]  # one for each field


def if_given(done: Callable[[DialogAnswer], None]) -> Callable[[DialogAnswer | None], None]:
    """What to do with an answer, and nothing when the dialog was left."""
    return lambda answer: done(answer) if answer is not None else None


class Choices(Sheet):
    """Rows, one of them chosen. `draw(width)` gives their spans."""

    def __init__(self, draw: Callable[[int], Sequence[Sequence[Span]]], chosen: int = 0) -> None:
        super().__init__("choices")
        self._draw = draw
        self.row = chosen

    def lines(self) -> Sequence[StyledLine]:
        rows = self._draw(self.size.width - 2)
        self.row = max(0, min(self.row, len(rows) - 1))
        top = max(0, self.row - self.size.height + 1)
        return [
            StyledLine([("▌ " if row == self.row else "  ", "accent"), *spans], "cursor" if row == self.row else "")
            for row, spans in enumerate(rows)
            if row >= top
        ]

    def move(self, by: int) -> None:
        self.row = max(0, self.row + by)
        self.look()


class Ask(ModalScreen[DialogAnswer | None]):
    """`wrong` says what speaks against an answer; then the dialog stays."""

    BINDINGS: ClassVar[list[BindingType]] = [*bindings(Context.DIALOG)]

    def __init__(
        self,
        title: str,
        fields: Sequence[Field] = (),
        *,
        choices: Sequence[str] = (),
        chosen: int = 0,
        wrong: Callable[[DialogAnswer], str | None] = lambda answer: None,
    ) -> None:
        super().__init__()
        self._title = title
        self._fields = fields
        self._offered = choices
        self._choices = Choices(lambda width: [[(one_line(text, width), "")] for text in choices], chosen)
        self._wrong = wrong
        self._words = ""

    def title_now(self) -> str:
        return self._title

    def keys_now(self, width: int) -> list[Span]:
        """What the keys do."""
        return bars.what_keys_do(Context.DIALOG, width)

    def compose(self) -> ComposeResult:
        with Vertical(id="box"):
            yield Bar(lambda width: [[(f" {one_line(self.title_now(), width - 2)}", "strong")]], "title")
            if self._offered:
                self._choices.styles.height = min(8, len(self._offered))
                yield self._choices
            for number, field in enumerate(self._fields):
                text = Input(field.value, placeholder=field.label, compact=True, id=f"field-{number}")
                text.cursor_blink = False
                text.select_on_focus = False
                yield text
            yield Bar(self._foot, "foot")

    def on_mount(self) -> None:
        self.call_after_refresh(self._show_ends)
        fields = list(self.query(Input))
        self.set_focus(next((field for field in fields if not field.value), fields[0] if fields else None))

    def _show_ends(self) -> None:
        """Of a long path the end says most."""
        for field in self.query(Input):
            field.action_home()
            field.action_end()

    def _foot(self, width: int) -> list[list[Span]]:
        told = [[(f" {line}", "bad")] for line in wrap(one_line(self._words, 300), width - 2)] if self._words else []
        return [*told, self.keys_now(width)]

    def action_up(self) -> None:
        self._choices.move(-1)

    def action_down(self) -> None:
        self._choices.move(1)

    @property
    def answer(self) -> DialogAnswer:
        return DialogAnswer(self._choices.row, [field.value for field in self.query(Input)])

    def say(self, words: str) -> None:
        """What speaks against the answer, or what has become of it."""
        self._words = words
        self.query_one("#foot", Bar).look()

    def action_confirm(self) -> None:
        answer = self.answer
        if words := self._wrong(answer):
            self.say(words)
        else:
            self.dismiss(answer)

    def back(self) -> None:
        self.dismiss(None)
