"""Tables whose columns are left out where there is no room, the least needed first."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from connector.sms.text import cells
from tui.draw.format import Line, line_width, pad

_GAP = "  "


class TableColumn(NamedTuple):
    """A title and what stands below it. The lightest columns are left out first."""

    title: str
    lines: Sequence[Line]
    weight: int
    is_left: bool = False  # its text stands at the left

    @property
    def width(self) -> int:
        return max(cells(self.title), *(line_width(line) for line in self.lines))

    @property
    def is_empty(self) -> bool:
        return not any(text.strip() for line in self.lines for text, _ in line)


def with_room(columns: Sequence[TableColumn], width: int) -> list[TableColumn]:
    """Those that fit beside each other, the first one in any case; empty ones are left out."""
    shown = [one for one in columns if not one.is_empty]
    while len(shown) > 1 and table_width(shown) > width:
        shown.remove(min(shown[1:], key=lambda one: one.weight))
    return shown


def table_width(columns: Sequence[TableColumn]) -> int:
    return sum(one.width for one in columns) + len(_GAP) * (len(columns) - 1)


def titles(columns: Sequence[TableColumn]) -> str:
    return _GAP.join(
        pad(one.title, one.width) if one.is_left else " " * (one.width - cells(one.title)) + one.title
        for one in columns
    )


def rows(columns: Sequence[TableColumn]) -> list[Line]:
    """The lines below the titles."""
    return [_row(columns, number) for number in range(len(columns[0].lines) if columns else 0)]


def _row(columns: Sequence[TableColumn], number: int) -> Line:
    line: Line = []
    for column in columns:
        if line:
            line.append((_GAP, ""))
        here = column.lines[number]
        blank = [(" " * (column.width - line_width(here)), "")]
        line += [*here, *blank] if column.is_left else [*blank, *here]
    return line
