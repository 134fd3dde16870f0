"""Frames with the changed cells of a line only.

Textual (8.2.8, `_compositor.ChopsUpdate`) writes a line up to where the change ends, but from where the widget begins:
a letter at the end of a line would be sent with everything before it.
"""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import Console
from rich.control import Control
from textual._compositor import ChopsUpdate


class ChangedCells(ChopsUpdate):
    """The same update, from the first changed cell of each line."""

    def __init__(self, update: ChopsUpdate) -> None:
        super().__init__(update.chops, update.spans, update.chop_ends)

    def render_segments(self, console: Console) -> str:
        return "".join(self._pieces(console))

    def _pieces(self, console: Console) -> Iterator[str]:
        for y, first, after in self.spans:
            for end, (x, strip) in zip(self.chop_ends[y], self.chops[y].items(), strict=True):
                begin, stop = max(x, first), min(end, after)
                if strip is not None and begin < stop:
                    yield Control.move_to(begin, y).segment.text
                    yield strip.crop(begin - x, stop - x).render(console)
