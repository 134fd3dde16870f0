"""The search over all messages and people: what is typed on top, what was found below it as one types."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.widgets import Input

from tui.actions.keys import Context
from tui.desk import DeskController
from tui.desk_search import Found
from tui.draw.format import Line
from tui.draw.search import DrawnHits, key_of, no_conversation, number_words
from tui.screens.pages import Page
from tui.widgets.bar import Bar
from tui.widgets.bindings import bindings
from tui.widgets.entry_list import Entry, EntryList
from tui.widgets.one_line_input import OneLineInput

_NEAR_END = 8  # hits below the cursor, from which on more are looked for


class Hits(EntryList):
    """It takes no keys itself: letters belong to what is typed."""

    can_focus = False


class SearchPage(Page):
    """`chosen` is what the agent goes to."""

    TITLE_WORDS = "Search"
    CONTEXT = Context.SEARCH
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(Context.SEARCH)]

    def __init__(self, desk: DeskController) -> None:
        super().__init__(desk)
        self.chosen: Found | None = None
        self._going: Found | None = None  # its conversation is asked for
        self._drawn = DrawnHits()
        self._hits = Hits(self._entries)
        self._words = OneLineInput(desk.model.search.text, id="words", placeholder="what is to be found?", compact=True)
        self._words.cursor_blink = False

    def compose(self) -> ComposeResult:
        yield Bar(self._title, "title")
        yield self._words
        yield self._hits
        yield Bar(self._foot, "foot")

    def _entries(self, current: Hashable | None, width: int, height: int) -> Sequence[Entry]:
        return list(self._drawn.entries(self.desk.model, self.desk.now(), width))

    def title_groups(self) -> list[Line]:
        words = number_words(self.desk.model.search)
        return [*super().title_groups(), *([[(words, "muted")]] if words else [])]

    def on_mount(self) -> None:
        self._hits.go_to(self.desk.search_at)
        self.set_focus(self._words)
        self._words.cursor_position = len(self._words.value)

    @on(Input.Changed, "#words")
    def typed(self, event: Input.Changed) -> None:
        if event.value != self.desk.model.search.text:
            self._going = None
            self.desk.search_for(event.value)
            self._hits.go_to(None)
            self.repaint()

    def repaint(self) -> None:
        if self._going is not None:
            if self.desk.fetch(self._going):
                self._choose(self._going)
                return
            if not self.desk.is_fetching(self._going):
                self._going = None  # it was refused
        super().repaint()

    def _choose(self, found: Found) -> None:
        if self.chosen is None:
            self.chosen, self.desk.search_at = found, key_of(found)
            self.dismiss(None)

    @property
    def _current(self) -> Found | None:
        state, key = self.desk.model.search, self._hits.current
        shown: tuple[Found, ...] = (*state.people, *state.hits)
        return next((one for one in shown if key_of(one) == key), None)

    def action_go_to_hit(self) -> None:
        found = self._current
        if self._words.value != self.desk.model.search.text:  # the last letters have not been searched for yet
            self.desk.search_for(self._words.value)
        elif self.desk.is_searching or self.desk.model.search.refusal or found is None:
            return  # what is shown is not what was asked for
        elif not found.conversation_id:
            self.desk.say(no_conversation(self.desk.model.keys), is_error=True)
        else:
            self._going = found
        self.repaint()

    def _moved(self) -> None:
        state, key = self.desk.model.search, self._hits.current
        last = [key_of(one) for one in state.hits[-_NEAR_END:]]
        if state.more and (key in last or not state.hits):
            self.desk.more_hits()
        self.repaint()

    def action_up(self) -> None:
        self._hits.action_up()
        self._moved()

    def action_down(self) -> None:
        self._hits.action_down()
        self._moved()

    def action_half_up(self) -> None:
        self._hits.step(-self._hits.in_page)
        self._moved()

    def action_half_down(self) -> None:
        self._hits.step(self._hits.in_page)
        self._moved()

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        self.action_down()

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        self.action_up()
