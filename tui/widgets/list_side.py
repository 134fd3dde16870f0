"""The side with the conversations: which list, its filter, and its rows."""

from __future__ import annotations

from textual import events, on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.widgets import Input

from tui.desk import DeskController
from tui.draw import bars, rows
from tui.draw.format import Span
from tui.model.listing import Scope
from tui.widgets.bar import Bar
from tui.widgets.conversation_list import ConversationList
from tui.widgets.filter_line import FilterLine

_FILTER_DELAY_S = 0.1


class ListSide(Vertical):
    def __init__(self, desk: DeskController) -> None:
        super().__init__(id="list-side")
        self._desk = desk
        self.scopes = Bar(self._scopes, "scopes")
        self.words = FilterLine("filter")
        self.titles = Bar(self._titles, "titles")
        self.rows = ConversationList(desk, "list")

    def compose(self) -> ComposeResult:
        yield self.scopes
        yield self.words
        yield self.titles
        yield self.rows

    def _scopes(self, width: int) -> list[list[Span]]:
        return [bars.scopes(self._desk.listing, self.rows.current_row, width)]

    def _titles(self, width: int) -> list[list[Span]]:
        return [rows.titles(self._desk.listing.scope, width)]

    def on_resize(self, event: events.Resize) -> None:
        # While the other side has the whole screen this one has no width, and keeps what it had.
        if event.size.width:
            self.titles.display = rows.height(event.size.width) == 1

    def look(self) -> None:
        for sheet in (self.scopes, self.titles, self.rows):
            sheet.look()

    def show_scope(self, scope: Scope) -> None:
        """Another list, whole, from its top."""
        self._show_whole()
        self._desk.show_list(scope)
        self.rows.action_first()
        self.look()

    # The filter.

    def ask_words(self) -> None:
        self.words.display = True
        self.screen.set_focus(self.words)

    def keep_words(self) -> None:
        """The words are complete: go to what they leave."""
        self._filter(self.words.value)
        self.screen.set_focus(self.rows)
        if not self.words.value.strip():
            self.words.display = False

    def drop_words(self) -> None:
        """The whole list again."""
        self._show_whole()
        self._filter("")
        self.screen.set_focus(self.rows)

    def _show_whole(self) -> None:
        self.words.value = ""
        self.words.display = False

    @on(Input.Changed, "#filter")
    def filter_typed(self, event: Input.Changed) -> None:
        # In a long list a filter costs some milliseconds, so it waits for the end of a word.
        self.set_timer(_FILTER_DELAY_S, lambda: self._filter(event.value))

    def _filter(self, text: str) -> None:
        if text == self.words.value and text.casefold().split() != self._desk.listing.filter.split():
            self._desk.show_list(self._desk.listing.scope, text)
            self.rows.action_first()
            self.look()
