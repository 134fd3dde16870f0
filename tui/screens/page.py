"""Pages that lie over the desk: help, providers, refused hooks. A title, lines to scroll through, a footer."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.screen import Screen

from tui import bars, pages
from tui.desk import Desk
from tui.format import Span
from tui.keys import Context
from tui.widgets.bar import Bar
from tui.widgets.bound import bindings
from tui.widgets.scroll import MOVES, Scroll
from tui.widgets.sheet import Line


class PageView(Scroll):
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(Context.PAGE, *MOVES)]

    def __init__(self, draw: Callable[[int], pages.Page]) -> None:
        super().__init__("page")
        self._draw = draw
        self._page: list[Line] = []

    @property
    def total(self) -> int:
        return len(self._page)

    def lines(self) -> Sequence[Line]:
        self._page = [Line(spans) for spans in self._draw(self.size.width)]
        return super().lines()

    def slice_of(self, start: int, end: int) -> Sequence[Line]:
        return self._page[start:end]


class Page(Screen[None]):
    """`TITLE_WORDS` on top, what `draw` gives below it."""

    TITLE_WORDS = ""
    CONTEXT = Context.PAGE

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk = desk

    def draw(self, width: int) -> pages.Page:
        raise NotImplementedError

    def compose(self) -> ComposeResult:
        yield Bar(lambda width: [[(f" {self.TITLE_WORDS}", "strong")]], "title")
        yield PageView(self.draw)
        yield Bar(self._foot, "foot")

    def _foot(self, width: int) -> list[list[Span]]:
        return bars.footer(self.CONTEXT, self.desk.model.notice, width)

    def look(self) -> None:
        for sheet in self.query(PageView):
            sheet.look()
        for bar in self.query(Bar):
            bar.look()

    def back(self) -> None:
        self.dismiss()


class Help(Page):
    TITLE_WORDS = "Keys"

    def __init__(self, desk: Desk, about: Context) -> None:
        super().__init__(desk)
        self._about = about

    def draw(self, width: int) -> pages.Page:
        return pages.help_page(self._about, width)


class Hooks(Page):
    TITLE_WORDS = "Calls of vendors that became no message"

    def draw(self, width: int) -> pages.Page:
        return pages.hooks(self.desk.model.hooks, self.desk.now(), width)


class Providers(Page):
    TITLE_WORDS = "Provider accounts"
    CONTEXT = Context.PROVIDERS
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(Context.PROVIDERS)]

    def draw(self, width: int) -> pages.Page:
        return pages.providers(self.desk.model, self.desk.now(), width)

    async def action_hooks(self) -> None:
        self.desk.ask_hooks()
        await self.app.push_screen(Hooks(self.desk))
