"""The pane with the lists of conversations: tabs, filter, column titles and rows."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from textual import events
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.widget import Widget

from connector.sms.text import one_line
from tui.core.timers import once
from tui.desk import DeskController
from tui.draw import bars, rows
from tui.draw.format import Line
from tui.model.listing import Scope
from tui.widgets.bar import Bar
from tui.widgets.conversation_list import ConversationList

if TYPE_CHECKING:
    from textual.widgets import Input

    from tui.widgets.filter_input import FilterInput

_TURN_S, _PAUSE_S = 0.005, 0.002
_REPAINT_S = 0.1


class ListTabs(Bar):
    """A click on the name of a list shows it."""

    async def on_click(self, event: events.Click) -> None:
        number = self.span_at(event.x, event.y)
        spans = self.lines()[0].spans
        tabs = [at for at, (_, role) in enumerate(spans) if role in ("on", "muted")]
        if number in tabs:
            event.prevent_default()
            scope = spans[number][0].strip("▸ ").split()[0].lower()
            await self.run_action(f"screen.scope_{scope}")


class ListPane(Vertical):
    def __init__(self, desk: DeskController) -> None:
        super().__init__(id="list-pane")
        self._desk = desk
        self.tabs = ListTabs(self._tabs, "tabs")
        self.progress = Bar(lambda width: [bars.progress(desk.model, width)], "progress")
        self._filter_input: FilterInput | None = None
        self.titles = Bar(self._titles, "titles")
        self.rows = ConversationList(desk, "list")
        self._is_searching = False
        self._came_from: Scope | None = None  # the list in which the filter had found nothing
        self._is_at_top = True  # the cursor, in what the filter has found
        self._repainted_at = 0.0

    def compose(self) -> ComposeResult:
        # As `on_resize` will have it, or the first layout is repeated.
        takes_all = self.screen.has_class("-narrow")
        self._show_titles(self.app.size.width if takes_all else 0)
        yield self.tabs
        yield self.progress
        yield self.titles
        yield self.rows

    def _tabs(self, width: int) -> list[Line]:
        return [bars.list_tabs(self._desk.model, self._desk.listing, self.rows.place, width)]

    def _titles(self, width: int) -> list[Line]:
        if rows.row_height(width) > 1:
            return [[("─" * width, "rule")]]
        return [rows.column_titles(width, has_marks=bool(self._desk.model.marks))]

    def on_resize(self, event: events.Resize) -> None:
        # While the other pane has the whole screen this one has no width, and stays as it was.
        if event.size.width:
            self._show_titles(event.size.width)

    def _show_titles(self, width: int) -> None:
        self.titles.display = rows.row_height(width) == 1 or self.screen.has_class("-tall")

    def repaint(self) -> None:
        self.progress.display = self._desk.is_loading_others
        self._align()
        for part in (self.tabs, self.progress, self.titles, self.rows):
            part.repaint()

    @property
    def is_looking(self) -> bool:
        """The filter has found nothing yet, and the cursor is where it was before."""
        return not self._is_at_top

    def _align(self) -> None:
        """Keep the rule above the rows at the height of the rule beside it, below two lines."""
        has_second_line = self.progress.display or (self._filter_input is not None and self._filter_input.display)
        self.set_class(not has_second_line, "-one-line")

    def show_list(self, scope: Scope) -> None:
        """Another list, unfiltered."""
        self._hide_filter()
        self._came_from = None
        self._is_at_top = True  # a search that goes on moves nothing any more
        self._desk.show_list(scope)

    def show_scope(self, scope: Scope) -> None:
        """Another list where its cursor was; with a filter, what that finds there."""
        if words := self._words.strip():
            self.show_filtered(scope, words)
        else:
            self.show_list(scope)
            self.rows.go_back_to_row()
        self.repaint()

    def show_filtered(self, scope: Scope, words: str) -> None:
        """Another list, with the rows that hold these words."""
        self.show_list(scope)
        self._show_filter()
        self.filter_input.value = words
        self.filter_input.action_end()
        self._filter(words)

    @property
    def filter_input(self) -> FilterInput:
        """Made when it is first shown: a start does without."""
        if self._filter_input is None:
            from tui.widgets.filter_input import FilterInput

            made = FilterInput("number, line, skill, @agent or last words")
            self.mount(made, after=self.progress)
            self._filter_input = made
        return self._filter_input

    def is_filter(self, widget: Widget | None) -> bool:
        """Whether this widget is the field of the filter."""
        return widget is not None and widget is self._filter_input

    @property
    def _words(self) -> str:
        """The words of the filter, as they are typed."""
        return self._filter_input.value if self._filter_input is not None else ""

    def _show_filter(self) -> None:
        self.filter_input.display = True

    def open_filter(self) -> None:
        self._show_filter()
        self._align()
        self.screen.set_focus(self.filter_input)
        self._desk.listing.expect_filter(True)
        self._search_on()

    def apply_filter(self) -> str | None:
        """The words are complete: go to the rows that hold them, in this list or else in that of all. While there are
        none the words stay under the caret, so that no letter typed ahead is a command; why, in one sentence."""
        words, listing = self._words.strip(), self._desk.listing
        self._filter(self._words)
        if words and not len(listing) and not listing.is_searching and listing.scope is not Scope.ALL:
            before = listing.scope
            self.show_filtered(Scope.ALL, words)
            self._came_from = before
        if words and not len(listing):
            is_over = self._desk.is_whole and not listing.is_searching
            return (
                f"Nothing in any list matches “{one_line(words, 24)}”."
                if is_over
                else "The filter has found nothing yet."
            )
        self.screen.set_focus(self.rows)
        if not words:
            self._hide_filter()
        return None

    def clear_filter(self) -> None:
        """The whole list again, with the cursor where it is; that which the filter has led away from."""
        came_from = self._came_from
        self.show_list(came_from or self._desk.listing.scope)
        if came_from is not None:
            self.rows.go_back_to_row()
        elif self._desk.model.shown is None:
            self.rows.go_to_top()
        self.screen.set_focus(self.rows)

    def _hide_filter(self) -> None:
        if self._filter_input is not None:
            self._filter_input.value = ""
            self._filter_input.display = False
        self._align()
        self._desk.listing.expect_filter(False)

    def on_input_changed(self, event: Input.Changed) -> None:
        if self._desk.listing.is_short:
            self._filter(event.value)
        else:  # the letter is drawn first
            self.call_after_refresh(self._filter, event.value)

    def _filter(self, text: str) -> None:
        if text == self._words and text.casefold().split() != self._desk.listing.filter.split():
            self._desk.show_list(self._desk.listing.scope, text)
            self._repainted_at, self._is_at_top = time.monotonic(), False
            self._search_on()

    def _search_on(self) -> None:
        if not self._is_searching:
            self._search()

    def _search(self) -> None:
        """In a long list, a few milliseconds at a time, so that keys come between."""
        over_at = time.thread_time() + _TURN_S  # on a busy machine a few milliseconds may go by without any work
        listing = self._desk.listing
        self._desk.search(lambda: time.thread_time() >= over_at)
        self._is_searching = listing.has_to_search
        if self._is_searching:
            once(self, _PAUSE_S, self._search)
        now = time.monotonic()
        has_begun = not self._is_at_top and (len(listing) > 0 or not listing.is_searching)
        if has_begun:
            self._is_at_top = True
            if not self._desk.model.is_entered:  # or meanwhile the agent has gone into a conversation
                self.rows.go_to_top()
        if has_begun or not self._is_searching or now - self._repainted_at > _REPAINT_S:
            self._repainted_at = now
            self.repaint()
