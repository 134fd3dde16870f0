"""The search over all messages and people: what is typed on top, what was found below it as one types."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.message import Message
from textual.widgets import Input

from tui.actions.keys import Context
from tui.desk import DeskController
from tui.desk_search import Found
from tui.draw.format import Line
from tui.draw.search import DrawnHits, key_of, number_words
from tui.screens.pages import Page
from tui.widgets.bar import Bar
from tui.widgets.bindings import bindings
from tui.widgets.entry_list import Entry, EntryList
from tui.widgets.one_line_input import OneLineInput

_NEAR_END = 8  # hits below the cursor, from which on more are looked for


class Hits(EntryList):
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(Context.HITS)]

    class OtherHit(Message):
        """The cursor is on another hit, or others are in sight."""

    def step(self, by: int) -> None:
        super().step(by)
        self.post_message(self.OtherHit())

    def show_from(self, top: int) -> None:
        super().show_from(top)
        self.post_message(self.OtherHit())


class SearchPage(Page):
    """`chosen` is what the agent goes to; `is_to_text`: to write a first text to them.

    Letters belong to what is typed until tab leads to the hits, which have keys of their own.
    """

    TITLE_WORDS = "Search"
    CONTEXT = Context.SEARCH
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(Context.SEARCH)]

    def __init__(self, desk: DeskController) -> None:
        super().__init__(desk)
        self.chosen: Found | None = None
        self.is_to_text = False
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

    def _foot(self, width: int) -> list[Line]:
        return self.foot_of(Context.HITS if self._hits.has_focus else Context.SEARCH, width)

    def title_groups(self) -> list[Line]:
        words = number_words(self.desk.model.search)
        return [*super().title_groups(), *([[(words, "muted")]] if words else [])]

    def on_mount(self) -> None:
        self._hits.go_to(self.desk.search_at)
        if self.desk.came_from_search:
            self.set_focus(self._hits)
        else:
            self.action_search()

    def on_descendant_focus(self) -> None:
        self.repaint()

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
                self._going, self.is_to_text = None, False  # it was refused
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

    def action_search(self) -> None:
        """What was searched for last is there to be looked at, changed, or replaced by what is typed."""
        self.set_focus(self._words)
        self._words.action_select_all()

    def action_go_to_hit(self) -> None:
        self._go(is_to_text=False)

    def action_start_conversation(self) -> None:
        self._go(is_to_text=True)

    def _go(self, *, is_to_text: bool) -> None:
        found, state = self._current, self.desk.model.search
        if self._words.value != state.text:  # the last letters have not been searched for yet
            self.desk.search_for(self._words.value)
        elif state.refusal or (found is None and state.not_yet):
            self.desk.search_again()
        elif self.desk.is_searching or found is None:
            return  # what is shown is not what was asked for
        elif not found.conversation_id:  # nobody has written with them yet
            self.is_to_text = True
            self._choose(found)
        else:
            self._going, self.is_to_text = found, is_to_text
        self.repaint()

    @on(Hits.OtherHit)
    def moved(self) -> None:
        state, key = self.desk.model.search, self._hits.current
        is_near_end = key in [key_of(one) for one in state.hits[-_NEAR_END:]] or self._hits.top >= self._hits.lowest
        if state.more and is_near_end:
            self.desk.more_hits()
        self.repaint()

    def action_up(self) -> None:
        self._hits.action_up()

    def action_down(self) -> None:
        self._hits.action_down()

    def action_half_up(self) -> None:
        self._hits.step(-self._hits.in_page)

    def action_half_down(self) -> None:
        self._hits.step(self._hits.in_page)
