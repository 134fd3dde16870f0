"""To whom a conversation is handed: type to find a skill or an agent, and perhaps a note for them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, NamedTuple

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Input

from connector.sms.text import one_line
from connector.wire import requests
from connector.wire.views import ConversationView
from tui.actions.keys import Context
from tui.desk import DeskController
from tui.draw import bars
from tui.draw.format import Span, wrap
from tui.draw.transfer_targets import TransferRow, drawn, places
from tui.screens.ask import Choices
from tui.widgets.bar import Bar
from tui.widgets.bound import bindings

_FRESH_S = 5.0  # who is free changes while one chooses


class TransferChoice(NamedTuple):
    place: TransferRow
    note: str


class TransferDialog(ModalScreen[TransferChoice | None]):
    """What would be refused is shown with the reason, and cannot be chosen."""

    BINDINGS: ClassVar[list[BindingType]] = [*bindings(Context.DIALOG)]

    def __init__(self, desk: DeskController, view: ConversationView) -> None:
        super().__init__()
        self._desk = desk
        self._view = view
        self._words = ""
        self._choices = Choices(self._rows)

    def compose(self) -> ComposeResult:
        title = f" Hand {one_line(self._view.consumer, 20)} over ({one_line(self._view.skill, 20)})"
        with Vertical(id="box"):
            yield Bar(lambda width: [[(title, "strong")]], "title")
            yield self._field("to which skill or agent? type to find them", "words", "")
            yield self._choices
            yield self._field(
                "a note for them, if you like (tab)", "note", self._desk.model.compose.notes.get(self._view.id, "")
            )
            yield Bar(self._foot, "foot")

    def _field(self, label: str, name: str, value: str) -> Input:
        field = Input(value, placeholder=label, compact=True, id=name)
        field.cursor_blink = False
        field.select_on_focus = False
        return field

    def on_mount(self) -> None:
        self.set_focus(self.query_one("#words", Input))
        self.set_interval(_FRESH_S, lambda: self._desk.ask_once(requests.GetTargets(self._view.id)))

    @property
    def _found(self) -> list[TransferRow]:
        known = self._desk.model.fetched.targets
        if known is None or known.conversation_id != self._view.id:
            return []
        return places(known.answer, self.query_one("#words", Input).value)

    def _rows(self, width: int) -> Sequence[Sequence[Span]]:
        if rows := [drawn(place, width) for place in self._found]:
            return rows
        known = self._desk.model.fetched.targets
        if known is None or (known.answer is None and known.refusal is None):
            return [[("Asking the core…", "muted")]]
        return [[(one_line(known.refusal or "No skill and no agent holds these words.", width), "muted")]]

    def _foot(self, width: int) -> list[list[Span]]:
        told = [[(f" {line}", "bad")] for line in wrap(one_line(self._words, 300), width - 2)] if self._words else []
        return [*told, bars.what_keys_do(Context.DIALOG, width)]

    def look(self) -> None:
        """The core has answered."""
        self._choices.look()

    @on(Input.Changed, "#words")
    def search_again(self) -> None:
        self._choices.row = 0
        self._say("")
        self._choices.look()

    def action_up(self) -> None:
        self._choices.move(-1)

    def action_down(self) -> None:
        self._choices.move(1)

    def action_confirm(self) -> None:
        found = self._found
        if not found:
            self._say("There is nobody here to hand it to.")
            return
        place = found[min(self._choices.row, len(found) - 1)]
        if not place.can:
            self._say(f"{place.name} would not take it: {place.words}.")
            return
        self.dismiss(TransferChoice(place, self.query_one("#note", Input).value.strip()))

    def _say(self, words: str) -> None:
        self._words = words
        self.query_one("#foot", Bar).look()

    def back(self) -> None:
        self.dismiss(None)
