"""Where a picture is shown: cells of text, or bytes for the terminal that Textual knows nothing of."""

from __future__ import annotations

import os
from typing import NamedTuple

from rich.color import Color
from rich.segment import ControlType, Segment
from rich.style import Style
from textual.geometry import Region
from textual.strip import Strip
from textual.widget import Widget

from tui.terminal.driver import driver_of
from tui.terminal.pictures.capabilities import Way
from tui.terminal.pictures.decode import PixelBudget
from tui.terminal.pictures.half_blocks import half_blocks
from tui.terminal.pictures.kitty import forget, kitty
from tui.terminal.pictures.sixel import sixel

_RAW = [(ControlType.CURSOR_FORWARD, 0)]  # marks a segment as bytes for the terminal that have no width of their own


class Drawn(NamedTuple):
    rows: list[list[Segment]]
    columns: int
    room: PixelBudget
    """For which it was drawn."""
    erase: str
    """What takes it off the terminal; nothing for half blocks, which are text."""


NOTHING = Drawn([], 0, PixelBudget(0, 0, (1, 2)), "")


def draw(data: bytes, way: Way, room: PixelBudget, number: int) -> Drawn:
    """Raises CannotShow."""
    if way is Way.BLOCKS:
        blocks = half_blocks(data, room.columns, room.rows)
        return Drawn([[_cell(*cell) for cell in row] for row in blocks], len(blocks[0]), room, "")
    in_tmux = bool(os.environ.get("TMUX"))
    if way is Way.KITTY:
        rows, columns = kitty(data, room, number, in_tmux=in_tmux)
        erase = forget(number, in_tmux=in_tmux)
    else:
        rows, columns = sixel(data, room)
        erase = "\x1b[2J"  # not every terminal takes a picture away where text is written over it
    return Drawn([[Segment(row, None, _RAW)] for row in rows], columns, room, erase)


def _cell(upper: tuple[int, int, int], lower: tuple[int, int, int] | None) -> Segment:
    return Segment("▀", Style(color=Color.from_rgb(*upper), bgcolor=Color.from_rgb(*lower) if lower else None))


class Canvas(Widget):
    """Shows what was drawn, in the middle. What is no text is there only while it is on top and has its size."""

    def __init__(self) -> None:
        super().__init__(id="canvas")
        self._drawn = NOTHING
        self._is_covered = True  # until the screen it came with has been written, which takes more than one go
        self._to_erase = ""  # what takes off the terminal what is on it now

    def show(self, drawn: Drawn) -> None:
        self._erase()
        self._drawn = drawn
        self.refresh()

    def cover(self) -> None:
        """Something lies over it, or it is left."""
        self._is_covered = True
        self._erase()

    def uncover(self) -> None:
        if self._is_covered and self.screen.is_active:
            self._is_covered = False
            self.refresh()

    def on_resize(self) -> None:
        self._erase()

    def on_unmount(self) -> None:
        self._write_erasing()

    def _erase(self) -> None:
        if self._write_erasing():
            self.app.screen.refresh()  # it may have taken everything

    def _write_erasing(self) -> bool:
        erasing, self._to_erase = self._to_erase, ""
        if erasing and (driver := driver_of(self.app)) is not None:
            driver.write(erasing)
        return bool(erasing)

    def render_lines(self, crop: Region) -> list[Strip]:
        drawn, size = self._drawn, self.size
        if not drawn.erase:
            return super().render_lines(crop)
        # Past Textual's styling, which would measure it.
        whole = (crop.x, crop.width) == (0, size.width) and (drawn.room.columns, drawn.room.rows) == size
        if self._is_covered or not whole:
            return [Strip.blank(crop.width, self.rich_style)] * crop.height
        self._to_erase = drawn.erase
        return [self._line(y) for y in crop.line_range]

    def render_line(self, y: int) -> Strip:
        return self._line(y)

    def _line(self, y: int) -> Strip:
        drawn, (width, height), style = self._drawn, self.size, self.rich_style
        number = y - (height - len(drawn.rows)) // 2
        if drawn.columns > width or not 0 <= number < len(drawn.rows):
            return Strip.blank(width, style)
        left = (width - drawn.columns) // 2
        right = width - drawn.columns - left
        return Strip([Segment(" " * left, style), *drawn.rows[number], Segment(" " * right, style)], width)
