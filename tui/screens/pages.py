"""Pages over the main screen, with lines to scroll through: help, the team, why a conversation is where it is."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType

from connector.sms.text import one_line
from connector.wire import requests
from connector.wire.views import ConversationView
from tui.actions import bulk, keys
from tui.actions.desk_footer import count_footer
from tui.actions.keys import Context
from tui.desk import DeskController
from tui.draw import bars
from tui.draw.copied import one_text
from tui.draw.explanation import explanation_page
from tui.draw.format import Line, line_width
from tui.draw.lights import trouble
from tui.draw.overflow import overflow_page
from tui.draw.refusals import refusal_lines
from tui.draw.shut_out import shut_out_page
from tui.model.conversations import consumer_name
from tui.model.marked import BulkRun
from tui.screens.covering import CoveringScreen
from tui.screens.repainted import Repainted
from tui.widgets.bar import Bar
from tui.widgets.bindings import DIGITS, bindings
from tui.widgets.entry_list import EntryList
from tui.widgets.line_widget import LineWidget, StyledLine
from tui.widgets.scrolling_lines import MOVES, ScrollingLines
from tui.widgets.selection import SelectableLines

_EXPLANATION_S = 5.0


class PageView(ScrollingLines, SelectableLines):
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(Context.PAGE, *MOVES)]

    def __init__(self, draw: Callable[[int], list[Line]]) -> None:
        super().__init__("page")
        self._draw = draw
        self._page: list[StyledLine] = []

    @property
    def total(self) -> int:
        return len(self._page)

    def lines(self) -> Sequence[StyledLine]:
        self._page = [StyledLine(one_text(spans)) for spans in self._draw(self.size.width)]
        return self.with_selection(super().lines())

    def lines_between(self, start: int, end: int) -> Sequence[StyledLine]:
        return self._page[start:end]

    def item_at(self, y: int) -> int:
        return self.top + y

    def texts_between(self, first: int, last: int) -> Iterable[tuple[int, str]]:
        for number, line in enumerate(self._page[first : last + 1], first):
            yield number, "".join(text for text, _ in line.spans).rstrip()

    def scroll_by(self, lines: int) -> None:
        self.show_from(self.top + lines)


class Page(CoveringScreen[str | None]):
    """A title, the lines of `draw`, and a footer."""

    TITLE_WORDS = ""
    CONTEXT = Context.PAGE
    BINDINGS: ClassVar[list[BindingType]] = [*DIGITS]

    def __init__(self, desk: DeskController) -> None:
        super().__init__()
        self.desk = desk

    def draw(self, width: int) -> list[Line]:
        raise NotImplementedError

    def compose(self) -> ComposeResult:
        yield Bar(self._title, "title")
        yield self.body()
        yield Bar(self._foot, "foot")

    def body(self) -> ScrollingLines:
        return PageView(self.draw)

    def _title(self, width: int) -> list[Line]:
        groups = self.title_groups()
        taken = sum(map(line_width, groups))
        return [bars.spread(groups, self.beside_title(width - taken - 9), width)]

    def title_groups(self) -> list[Line]:
        return [[(self.TITLE_WORDS, "strong")]]

    def beside_title(self, room: int) -> Line:
        """What stands right of the title: the trouble that a page must not hide."""
        return trouble(self.desk.model, max(12, room))

    def _foot(self, width: int) -> list[Line]:
        return self.foot_of(self.CONTEXT, width)

    def foot_of(self, context: Context, width: int) -> list[Line]:
        model, digits = self.desk.model, self.desk.next_count
        if not digits:
            return bars.page_footer(model, context, width, keys.not_for(model))
        hints = count_footer(model.keys, Context.PAGE, digits, has_rows=bool(self.query(EntryList)))
        return [bars.key_hints(hints, width)]

    def action_digit(self, digit: str) -> None:
        """A count begins or goes on."""
        self.desk.add_digit(digit)
        self.repaint()

    def count_done(self) -> None:
        self.repaint()

    def on_screen_resume(self) -> None:
        self.repaint()

    def repaint(self) -> None:
        for part in self.query(LineWidget):  # a query knows a widget by the first base of each class
            part.repaint()
        self.post_message(Repainted())


class OverflowPage(Page):
    TITLE_WORDS = "The rest of the text"

    def draw(self, width: int) -> list[Line]:
        return overflow_page(self.desk.model.fetched.overflow, width)


class ExplanationPage(Page):
    def __init__(self, desk: DeskController, view: ConversationView) -> None:
        super().__init__(desk)
        self._conversation_id = view.id
        self.TITLE_WORDS = f"Why {one_line(consumer_name(view), 24)} is where it is"

    def on_mount(self) -> None:
        self._ask()
        self.set_interval(_EXPLANATION_S, self._ask)

    def _ask(self) -> None:
        self.desk.ask_once(requests.Explain(self._conversation_id))

    def draw(self, width: int) -> list[Line]:
        return explanation_page(self.desk.model, self._conversation_id, self.desk.now(), width)


class RefusalsPage(Page):
    """Why some of several conversations are as they were."""

    def __init__(self, desk: DeskController, run: BulkRun) -> None:
        super().__init__(desk)
        self._run = run
        self.TITLE_WORDS = bulk.refusals_title(run)

    def draw(self, width: int) -> list[Line]:
        return refusal_lines(self._run.refused, width)


class ShutOutPage(Page):
    """Covers the desk for as long as the core does not let the agent in. No key closes it."""

    TITLE_WORDS = "Textdesk"

    def draw(self, width: int) -> list[Line]:
        return shut_out_page(self.desk.model.connection.words, self.desk.model.keys, width, self.size.height - 2)

    def _foot(self, width: int) -> list[Line]:
        return [[(f" {self.desk.model.keys.name('quit')}", "key"), (" leave", "muted")]]
