"""A dialog with a few text fields, and perhaps a list to choose from."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Sequence
from functools import partial
from typing import ClassVar, NamedTuple

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.message import Message
from textual.screen import ModalScreen
from textual.widget import Widget
from textual.widgets import Input

from connector.sms.text import one_line
from connector.sms.wrapping import wrap
from connector.wire.views import AgentView
from tui.actions.conversation import Intent
from tui.actions.keys import Context, footer, key_for
from tui.desk import DeskController
from tui.draw import bars
from tui.draw.format import Line, Span
from tui.model.mentions import typed_name
from tui.screens.covering import CoveringScreen
from tui.terminal.sized_screen import NARROW_OR_WIDE
from tui.widgets.bar import Bar
from tui.widgets.bindings import bindings, key_names
from tui.widgets.line_widget import LineWidget, StyledLine
from tui.widgets.one_line_input import OneLineInput

_LONG = 20  # characters: so much is not dropped by one key


class Field(NamedTuple):
    label: str
    value: str = ""
    example: str = ""
    """Shown while the field is empty."""
    colleagues: Callable[[], Iterable[AgentView]] | None = None
    """Whose names are offered after an @."""


def note_field(desk: DeskController, label: str, value: str = "") -> Field:
    """For a note, in which colleagues can be named."""

    def colleagues() -> list[AgentView]:
        agents = desk.model.agents
        return [one for one in agents.by_id.values() if agents.me is None or one.id != agents.me.id]

    return Field(label, value, colleagues=colleagues)


class DialogAnswer(NamedTuple):
    choice: int
    texts: list[str]  # one for each field


class Choices(LineWidget):
    """Rows, one of them chosen. `draw(width)` gives their spans; `names()`, where rows come and go, what each is about:
    the cursor stays on its row as others do. `below(row, width)` gives further lines of the chosen one."""

    def __init__(
        self,
        draw: Callable[[int], Sequence[Sequence[Span]]],
        chosen: int = 0,
        names: Callable[[], Sequence[Hashable]] | None = None,
        below: Callable[[int, int], Sequence[Sequence[Span]]] | None = None,
        name: str = "choices",
    ) -> None:
        super().__init__(name)
        self._draw = draw
        self._names = names
        self._below = below
        self._row = chosen
        self._chosen: Hashable | None = None  # what the row is about, once it was looked at
        self.has_cursor = True  # the keys move it: else the chosen row has a sign only

    @property
    def row(self) -> int:
        names = self._names() if self._names is not None else ()
        if names:
            self._row = names.index(self._chosen) if self._chosen in names else min(self._row, len(names) - 1)
            self._chosen = names[self._row]
        return self._row

    @row.setter
    def row(self, row: int) -> None:
        self._row, self._chosen = max(0, row), None

    def lines(self) -> Sequence[StyledLine]:
        rows = self._draw(self.size.width - 2)
        if self.row >= len(rows):
            self.row = len(rows) - 1
        row = self.row
        below = self._below(row, self.size.width - 2) if self._below is not None and rows else ()
        top = self._top(row + len(below))
        sign, ground = ("▌ ", "cursor") if self.has_cursor else ("• ", "")
        chosen = [StyledLine([(sign, "you"), *spans], ground) for spans in (rows[row], *below)] if rows else []
        before, after = (
            [StyledLine([("  ", "you"), *spans]) for spans in part] for part in (rows[top:row], rows[row + 1 :])
        )
        return [*before, *chosen, *after]

    def _top(self, end: int) -> int:
        """The first row in sight, where those up to `end` have to be."""
        return max(0, min(self.row, end - self.size.height + 1))

    @property
    def in_sight(self) -> tuple[int, int]:
        """The first row in sight and the one after the last, of rows of one line."""
        return (top := self._top(self.row)), top + self.size.height

    def move(self, by: int) -> None:
        self.row += by
        self.repaint()


class DialogFrame(CoveringScreen[DialogAnswer | None], ModalScreen[DialogAnswer | None]):
    """Title and footer of a dialog, its fields and its choices between them."""

    HORIZONTAL_BREAKPOINTS = NARROW_OR_WIDE
    VERTICAL_BREAKPOINTS = [(0, "-low"), (20, "-high")]  # noqa: RUF012
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(Context.DIALOG)]

    def __init__(self, title: str, choices: Choices) -> None:
        super().__init__()
        self._title = title
        self._choices = choices
        self._words = ""
        self._names: Line = []  # of colleagues, that begin as what was typed after an @
        self._asked_to_drop = ""  # what the fields held when the agent was asked whether to drop it

    def title_now(self) -> str:
        return self._title

    def keys_now(self, width: int) -> Line:
        return bars.key_hints(footer(key_names(self), Context.DIALOG), width)

    def parts(self) -> ComposeResult:
        raise NotImplementedError

    def compose(self) -> ComposeResult:
        with Vertical(id="box"):
            yield Bar(lambda width: [[(f" {one_line(self.title_now(), width - 2)}", "strong")]], "title")
            yield from self.parts()
            yield Bar(self._said, "said")
            yield Bar(self._foot, "foot")

    def _said(self, width: int) -> list[Line]:
        if self._names:
            return [[(" ", ""), *self._names]]
        return [[(f" {line}", "bad")] for line in wrap(one_line(self._words, 300), width - 2)]

    def on_dialog_input_names(self, event: DialogInput.Names) -> None:
        """Another letter was typed in a note."""
        self._names = [span for one in event.names for span in ((f"@{one_line(one.id, 16)} ", "key"), _named(one))]
        self._names += [("tab", "key"), (" puts it in", "muted")] if self._names else []
        self._fit_said()

    def _foot(self, width: int) -> list[Line]:
        return [self.keys_now(width)]

    @property
    def _leaves(self) -> str:
        """The key that leaves."""
        return key_for(key_names(self), "back", Context.DIALOG)

    def say(self, words: str) -> None:
        """Why the dialog stays, or how far its request is."""
        self._words = words
        self._fit_said()

    def _fit_said(self) -> None:
        said = self.query_one("#said", Bar)
        said.styles.height = len(self._said(said.size.width or 40)) if self._words or self._names else 0
        said.repaint()

    def on_key(self, event: events.Key) -> None:
        """Where no text is written, letters go along the rows as in lists."""
        of_list = partial(key_names(self).of, place=Context.LIST)
        if event.character is not None and event.character in of_list("up"):
            self.action_up()
        elif event.character is not None and event.character in of_list("down"):
            self.action_down()

    def action_up(self) -> None:
        self._choices.move(-1)

    def action_down(self) -> None:
        self._choices.move(1)

    def action_save(self) -> None:
        """As the key that confirms, where that is not a line end."""
        self.action_confirm()

    def action_confirm(self) -> None:
        raise NotImplementedError

    def back(self) -> None:
        """Leave, after asking once more where much was written."""
        written = "".join(field.value for field in self.query(DialogInput) if field.value != field.begun)
        if len(written) >= _LONG and written != self._asked_to_drop:
            self._asked_to_drop = written
            self.say(f"What you wrote here would be lost. {self._leaves} again drops it.")
        else:
            self.dismiss(None)


def _named(agent: AgentView) -> Span:
    return f"{one_line(agent.name, 16)}   " if agent.name != agent.id else "  ", "muted"


class DialogInput(OneLineInput):
    BINDINGS: ClassVar[list[BindingType]] = [Binding("tab", "complete", show=False)]

    class Names(Message):
        """The colleagues who are offered have changed."""

        def __init__(self, names: Sequence[AgentView]) -> None:
            super().__init__()
            self.names = names

    def __init__(self, field: Field, name: str) -> None:
        # The caret stands on the first cell of the example.
        example = f" e.g. {field.example}" if field.example else ""
        super().__init__(field.value, placeholder=example, compact=True, id=name, select_on_focus=False)
        self.cursor_blink = False
        self.begun = field.value
        self._colleagues = field.colleagues
        self._offered: Sequence[AgentView] = ()

    def on_input_changed(self) -> None:
        if (offered := self._typed_name()[1]) != self._offered:
            self._offered = offered
            self.post_message(self.Names(offered))

    def action_complete(self) -> None:
        """Put in the name that is being typed; without one, go to the next field."""
        begin, found = self._typed_name()
        if found:
            self.replace(f"{found[0].id} ", begin, self.cursor_position)
        else:
            self.screen.focus_next()

    def _typed_name(self) -> tuple[int, list[AgentView]]:
        if self._colleagues is None:
            return 0, []
        return typed_name(self.value[: self.cursor_position], self._colleagues())


def labelled(field: Field, name: str) -> ComposeResult:
    """A text field below its label."""
    yield label(field.label, f"label-of-{name}")
    yield DialogInput(field, name)


def label(words: str, name: str) -> Bar:
    made = Bar(lambda width: [[(one_line(words, width), "muted")]], name)
    made.add_class("label")
    return made


class Dialog(DialogFrame):
    """Its result is the answer, or None when it was left."""

    CHOICES_LABEL = ""
    FIELDS_FIRST = False

    def __init__(
        self, title: str, fields: Sequence[Field] = (), *, choices: Sequence[str] = (), chosen: int = 0
    ) -> None:
        super().__init__(title, Choices(lambda width: [[(one_line(text, width), "")] for text in choices], chosen))
        self._fields = fields
        self._offered = choices

    def parts(self) -> ComposeResult:
        if not self.FIELDS_FIRST:
            yield from self._choice_parts()
        for number, field in enumerate(self._fields):
            yield from labelled(field, f"field-{number}")
        if self.FIELDS_FIRST:
            yield from self._choice_parts()

    def _choice_parts(self) -> ComposeResult:
        if self._offered:
            if self.CHOICES_LABEL:
                yield label(self.CHOICES_LABEL, "label-of-choices")
            self._choices.styles.height = min(8, len(self._offered))
            yield self._choices

    def on_mount(self) -> None:
        self.call_after_refresh(self._show_ends)
        self.set_focus(self.first_focus())

    def first_focus(self) -> Widget | None:
        """What the keys go to at first: the first field without a value."""
        fields = list(self.query(Input))
        return next((field for field in fields if not field.value), fields[0] if fields else None)

    def _show_ends(self) -> None:
        """Of a long path the end says most."""
        for field in self.query(Input):
            field.action_home()
            field.action_end()

    @property
    def answer(self) -> DialogAnswer:
        return DialogAnswer(self._choices.row, [field.value for field in self.query(Input)])

    def wrong(self, answer: DialogAnswer) -> str | None:
        """What speaks against an answer; then the dialog stays."""
        return None

    def action_confirm(self) -> None:
        answer = self.answer
        if words := self.wrong(answer):
            self.say(words)
        else:
            self.confirmed(answer)

    def confirmed(self, answer: DialogAnswer) -> None:
        self.dismiss(answer)


class RequestDialog(Dialog):
    """A dialog whose answer becomes a request to the core."""

    def __init__(
        self,
        desk: DeskController,
        title: str,
        fields: Sequence[Field] = (),
        *,
        choices: Sequence[str] = (),
        chosen: int = 0,
    ) -> None:
        super().__init__(title, fields, choices=choices, chosen=chosen)
        self.desk = desk

    def intent(self, answer: DialogAnswer) -> Intent:
        raise NotImplementedError

    def confirmed(self, answer: DialogAnswer) -> None:
        intent = self.intent(answer)
        if isinstance(intent, str):
            self.say(intent)  # what is written here stays
        else:
            self.desk.ask(intent)
            self.dismiss(answer)


def if_answered(done: Callable[[DialogAnswer], None]) -> Callable[[DialogAnswer | None], None]:
    """A callback for the result of a dialog that ignores a dialog that was left."""
    return lambda answer: done(answer) if answer is not None else None
