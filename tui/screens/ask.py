"""A dialog that asks for a few words, and perhaps for one of several things."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import ClassVar, NamedTuple

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Input

from connector.text import one_line
from tui import bars
from tui.format import Span, wrap
from tui.keys import Context
from tui.widgets.bar import Bar
from tui.widgets.bound import bindings
from tui.widgets.sheet import Line, Sheet


class Field(NamedTuple):
    label: str
    value: str = ""


class Answer(NamedTuple):
    choice: int
    texts: list[str]  # one for each field


def if_given(done: Callable[[Answer], None]) -> Callable[[Answer | None], None]:
    """What to do with an answer, and nothing when the dialog was left."""
    return lambda answer: done(answer) if answer is not None else None


class Choices(Sheet):
    def __init__(self, choices: Sequence[str], chosen: int) -> None:
        super().__init__("choices")
        self._choices = choices
        self.row = chosen

    def on_mount(self) -> None:
        self.styles.height = min(8, len(self._choices))

    def lines(self) -> Sequence[Line]:
        top = max(0, self.row - self.size.height + 1)
        return [
            Line(
                [("▌ " if row == self.row else "  ", "accent"), (one_line(text, self.size.width - 2), "")],
                "cursor" if row == self.row else "",
            )
            for row, text in enumerate(self._choices)
            if row >= top
        ]

    def move(self, by: int) -> None:
        self.row = max(0, min(self.row + by, len(self._choices) - 1))
        self.look()


class Ask(ModalScreen[Answer | None]):
    """`wrong` says what speaks against an answer; then the dialog stays."""

    BINDINGS: ClassVar[list[BindingType]] = [*bindings(Context.DIALOG)]

    def __init__(
        self,
        title: str,
        fields: Sequence[Field],
        *,
        choices: Sequence[str] = (),
        chosen: int = 0,
        wrong: Callable[[Answer], str | None] = lambda answer: None,
    ) -> None:
        super().__init__()
        self._title = title
        self._fields = fields
        self._choices = Choices(choices, chosen)
        self._has_choice = bool(choices)
        self._wrong = wrong
        self._words = ""

    def compose(self) -> ComposeResult:
        with Vertical(id="box"):
            yield Bar(lambda width: [[(f" {self._title}", "strong")]], "title")
            if self._has_choice:
                yield self._choices
            for number, field in enumerate(self._fields):
                text = Input(field.value, placeholder=field.label, compact=True, id=f"field-{number}")
                text.cursor_blink = False
                text.select_on_focus = False
                yield text
            yield Bar(self._foot, "foot")

    def on_mount(self) -> None:
        self.call_after_refresh(self._show_ends)
        empty = [field for field in self.query(Input) if not field.value]
        self.set_focus((empty or list(self.query(Input)))[0])

    def _show_ends(self) -> None:
        """Of a long path the end says most."""
        for field in self.query(Input):
            field.action_home()
            field.action_end()

    def _foot(self, width: int) -> list[list[Span]]:
        told = [[(f" {line}", "bad")] for line in wrap(one_line(self._words, 300), width - 2)] if self._words else []
        return [*told, bars.what_keys_do(Context.DIALOG, width)]

    def action_up(self) -> None:
        self._choices.move(-1)

    def action_down(self) -> None:
        self._choices.move(1)

    def action_confirm(self) -> None:
        answer = Answer(self._choices.row, [field.value for field in self.query(Input)])
        if words := self._wrong(answer):
            self._words = words
            self.query_one("#foot", Bar).look()
        else:
            self.dismiss(answer)

    def back(self) -> None:
        self.dismiss(None)
