"""A page with a list, whose rows a filter finds."""

from __future__ import annotations

from textual import on
from textual.app import ComposeResult
from textual.widgets import Input

from tui.desk import DeskController
from tui.screens.provider_pages import ListPage
from tui.widgets.entry_list import EntryList
from tui.widgets.filter_input import FilterInput


class FilteredPage(ListPage):
    FILTER_WORDS = ""
    """What the filter looks at."""

    def __init__(self, desk: DeskController) -> None:
        super().__init__(desk)
        self.filter = FilterInput(self.FILTER_WORDS)

    def compose(self) -> ComposeResult:
        title, *rest = super().compose()
        yield title
        yield self.filter
        yield from rest

    def on_mount(self) -> None:
        self.set_focus(self.query_one(EntryList))

    def action_filter(self) -> None:
        self.filter.display = True
        self.set_focus(self.filter)

    def action_apply_filter(self) -> None:
        self.filter.display = bool(self.filter.value.strip())
        self.set_focus(self.query_one(EntryList))

    @on(Input.Changed, "#filter")
    def filter_typed(self) -> None:
        self.query_one(EntryList).repaint()

    def back(self) -> None:
        """The filter goes first."""
        if not self.filter.display:
            super().back()
        else:
            self.filter.value = ""
            self.action_apply_filter()
