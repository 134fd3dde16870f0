"""Which cells a frame of Textual changes.

Textual (8.2.8, `_compositor.ChopsUpdate`) writes a line up to where the change ends, but from where the widget begins:
a letter at the end of a line would be sent with everything before it.
"""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import Console
from rich.control import Control
from rich.style import Style
from textual._compositor import ChopsUpdate, LayoutUpdate
from textual.strip import Strip

from connector.sms.text import cells


def changed_strips(update: ChopsUpdate | LayoutUpdate) -> Iterator[tuple[int, int, Strip]]:
    """The strips of a frame, each with the column and row where it begins."""
    if isinstance(update, ChopsUpdate):
        for y, first, after in update.spans:
            for end, (x, strip) in zip(update.chop_ends[y], update.chops[y].items(), strict=True):
                begin, stop = max(x, first), min(end, after)
                if strip is not None and begin < stop:
                    yield begin, y, strip.crop(begin - x, stop - x)
    else:
        for y, strips in enumerate(update.strips, update.region.y):
            x = update.region.x
            for strip in strips:
                yield x, y, strip
                x += strip.cell_length


class ChangedCells(ChopsUpdate):
    """The same update, from the first changed cell of each line."""

    def __init__(self, update: ChopsUpdate) -> None:
        super().__init__(update.chops, update.spans, update.chop_ends)

    def render_segments(self, console: Console) -> str:
        return "".join(
            Control.move_to(x, y).segment.text + strip.render(console) for x, y, strip in changed_strips(self)
        )


def changed_cells(old: Strip, new: Strip) -> tuple[int, int] | None:
    """The first cell that differs and the one after the last; None for equal strips.

    Joined emoji take fewer cells than their characters; a line with one is repainted whole.
    """
    if old == new:
        return None
    before, after = _by_cell(old), _by_cell(new)
    length = max(old.cell_length, new.cell_length)
    if len(before) != len(after) or len(before) != length:
        return 0, length
    differing = [index for index in range(length) if before[index] != after[index]]
    return (differing[0], differing[-1] + 1) if differing else None


def _by_cell(strip: Strip) -> list[tuple[str, Style | None]]:
    """Characters and style of each cell; the second cell of a wide character has a mark of its own."""
    by_cell: list[tuple[str, Style | None]] = []
    for text, style, _ in strip:
        if text.isascii():
            by_cell += [(char, style) for char in text]
        else:
            for char in text:
                if (taken := cells(char)) or not by_cell:
                    by_cell += [(char, style), (char + "…", style)][:taken]
                else:  # it is drawn into the cell before it
                    by_cell[-1] = (by_cell[-1][0] + char, by_cell[-1][1])
    return by_cell
