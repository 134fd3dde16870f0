"""The help page, with a filter for its lines."""

from __future__ import annotations

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.message import Message
from textual.widgets import Input

from tui.actions.keys import Context
from tui.desk import DeskController
from tui.draw.format import Line
from tui.draw.help_page import help_page, help_tabs
from tui.screens.pages import Page, PageView
from tui.widgets.bar import Bar
from tui.widgets.bindings import bindings
from tui.widgets.filter_input import FilterInput
from tui.widgets.scrolling_lines import ScrollingLines


class HelpView(PageView):
    """Any section can be scrolled to its beginning, also the last one."""

    class SectionShown(Message):
        """Perhaps another section is in sight."""

    starts: tuple[int, ...] = (0,)

    @property
    def lowest(self) -> int:
        return max(super().lowest, min(self.starts[-1], self.total - 1))

    def show_from(self, top: int) -> None:
        super().show_from(top)
        self.post_message(self.SectionShown())


class HelpPage(Page):
    TITLE_WORDS = "Help"
    CONTEXT = Context.HELP
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(Context.HELP)]

    def __init__(self, desk: DeskController, about: Context) -> None:
        """`about`: the place whose keys are shown first."""
        super().__init__(desk)
        self._about = about
        self._view = HelpView(self.draw)
        self._filter = FilterInput("words to look for in keys, signs and ideas")

    def compose(self) -> ComposeResult:
        title, *rest = super().compose()
        yield title
        yield self._filter
        yield from rest

    def body(self) -> ScrollingLines:
        return self._view

    def draw(self, width: int) -> list[Line]:
        drawn = help_page(self.desk.model, self._about, width, self._filter.value)
        self._view.starts = drawn.starts
        return drawn.lines

    def title_groups(self) -> list[Line]:
        current = max(number for number, start in enumerate(self._view.starts) if start <= self._view.top)
        return [*super().title_groups(), help_tabs(self.desk.model.keys, current)]

    def on_mount(self) -> None:
        self.set_focus(self._view)

    def _show(self, section: int) -> None:
        self._view.show_from(self._view.starts[section])
        self.set_focus(self._view)

    @on(HelpView.SectionShown)
    def section_shown(self) -> None:
        self.query_one("#title", Bar).repaint()

    def action_help_keys(self) -> None:
        self._show(0)

    def action_help_signs(self) -> None:
        self._show(1)

    def action_help_ideas(self) -> None:
        self._show(2)

    def action_filter(self) -> None:
        self._filter.display = True
        self.set_focus(self._filter)

    def action_apply_filter(self) -> None:
        self._filter.display = bool(self._filter.value.strip())
        self.set_focus(self._view)

    @on(Input.Changed, "#filter")
    def filter_typed(self) -> None:
        self._view.show_from(0)

    def back(self) -> None:
        """The filter goes first."""
        if not self._filter.display:
            super().back()
        else:
            self._filter.value = ""
            self.action_apply_filter()
