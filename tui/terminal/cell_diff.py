"""Which cells a frame of Textual changes.

Textual (8.2.8, `_compositor.ChopsUpdate`) writes a line up to where the change ends, but from where the widget begins:
a letter at the end of a line would be sent with everything before it.
"""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import Console
from rich.control import Control
from textual._compositor import ChopsUpdate, LayoutUpdate
from textual.strip import Strip


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
