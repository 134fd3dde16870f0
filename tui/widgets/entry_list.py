"""A list of entries of several lines, one of them under a cursor that follows it as others come and go."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from typing import ClassVar

from textual.binding import BindingType

from tui.actions.keys import Context
from tui.draw.format import Line
from tui.widgets.bindings import bindings, count_of
from tui.widgets.line_widget import StyledLine
from tui.widgets.scrolling_lines import MOVES, ScrollingLines

Entry = tuple[Hashable | None, list[Line]]
"""A key and lines; the key is None where the cursor cannot be. The cursor's mark stands in the first line."""


class EntryList(ScrollingLines):
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(Context.PAGE, *MOVES)]

    def __init__(
        self, draw: Callable[[Hashable | None, int, int], Sequence[Entry]], current: Hashable | None = None
    ) -> None:
        """`draw(current, width, height)` gives the entries; `current`: the first one under the cursor."""
        super().__init__("page")
        self._draw = draw
        self._drawn: list[Line] = []
        self._spots: dict[Hashable, tuple[int, int]] = {}  # an entry's first line, and the line after its last
        self._current = current
        self._follow = True

    @property
    def current(self) -> Hashable | None:
        self._settle()
        return self._current

    @property
    def total(self) -> int:
        return len(self._drawn)

    def lines(self) -> Sequence[StyledLine]:
        self._settle()
        if self._follow and self._current is not None:
            first, after = self._spots[self._current]
            if first == next(iter(self._spots.values()))[0]:
                first = 0  # and what stands above the first entry
            self.top = min(max(self.top, after - self.size.height), first)
        return super().lines()

    def lines_between(self, start: int, end: int) -> Sequence[StyledLine]:
        """What is in sight is styled, and not all that there is."""
        marked = self._spots[self._current][0] if self._current in self._spots else None
        return [
            _marked(line) if number == marked else StyledLine(line)
            for number, line in enumerate(self._drawn[start:end], start)
        ]

    def _settle(self) -> None:
        before = self._spots
        self._lay_out()
        if self._current not in self._spots:
            place = list(before).index(self._current) if self._current in before else 0
            keys = list(self._spots)
            self._current = keys[min(place, len(keys) - 1)] if keys else None
            self._lay_out()

    def _lay_out(self) -> None:
        self._drawn, self._spots = [], {}
        for key, lines in self._draw(self._current, *self.size):
            if key is not None:
                self._spots[key] = len(self._drawn), len(self._drawn) + len(lines)
            self._drawn += lines

    @property
    def in_page(self) -> int:
        """How many entries are in half of the page, about."""
        lines = max(1, len(self._drawn) // max(1, len(self._spots)))
        return max(1, self.size.height // lines // 2)

    def go_to(self, key: Hashable | None) -> None:
        """Have the cursor on this entry, once it is there; None: on the first."""
        self._current, self._follow, self._spots = key, True, {}
        self.top = 0

    def step(self, by: int) -> None:
        self._settle()
        keys = list(self._spots)
        if self._current is not None:
            self._current = keys[max(0, min(keys.index(self._current) + by, len(keys) - 1))]
        self._follow = True
        self.repaint()

    def action_up(self) -> None:
        self.step(-self.times)

    def action_down(self) -> None:
        self.step(self.times)

    def action_first(self) -> None:
        self._go_to_row(count_of(self) or 1)

    def action_last(self) -> None:
        self._go_to_row(count_of(self) or len(self._spots))

    def _go_to_row(self, number: int) -> None:
        self._settle()
        keys = list(self._spots)
        if self._current is not None:
            self.step(number - 1 - keys.index(self._current))

    def show_from(self, top: int) -> None:
        self._follow = False
        super().show_from(top)


def _marked(spans: Line) -> StyledLine:
    """The mark takes the place of the blanks a line begins with."""
    text, role = spans[0]
    return StyledLine([("  ▌ ", "you"), (text[4:], role), *spans[1:]], "cursor")
