"""A widget that shows a picture: as cells of text, or as bytes for the terminal that Textual does not read."""

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
from tui.terminal.pictures.capabilities import PictureProtocol
from tui.terminal.pictures.decode import PixelBudget
from tui.terminal.pictures.half_blocks import half_blocks
from tui.terminal.pictures.kitty import delete_command, kitty
from tui.terminal.pictures.sixel import sixel

_RAW = [(ControlType.CURSOR_FORWARD, 0)]  # marks a segment as bytes for the terminal without a width


class DrawnPicture(NamedTuple):
    rows: list[list[Segment]]
    columns: int
    room: PixelBudget
    """The space it was drawn for."""
    erase: str
    """Removes it from the terminal; empty for half blocks, which are text."""


NOTHING = DrawnPicture([], 0, PixelBudget(0, 0, (1, 2)), "")


def draw(data: bytes, protocol: PictureProtocol, room: PixelBudget, number: int) -> DrawnPicture:
    """Raises UndecodablePicture."""
    if protocol is PictureProtocol.BLOCKS:
        blocks = half_blocks(data, room.columns, room.rows)
        return DrawnPicture([[_cell(*cell) for cell in row] for row in blocks], len(blocks[0]), room, "")
    in_tmux = bool(os.environ.get("TMUX"))
    if protocol is PictureProtocol.KITTY:
        rows, columns = kitty(data, room, number, in_tmux=in_tmux)
        erase = delete_command(number, in_tmux=in_tmux)
    else:
        rows, columns = sixel(data, room)
        erase = "\x1b[2J"  # not every terminal removes a picture where text is written over it
    return DrawnPicture([[Segment(row, None, _RAW)] for row in rows], columns, room, erase)


def _cell(upper: tuple[int, int, int], lower: tuple[int, int, int] | None) -> Segment:
    return Segment("▀", Style(color=Color.from_rgb(*upper), bgcolor=Color.from_rgb(*lower) if lower else None))


class PictureCanvas(Widget):
    """Shows a picture in its middle; one that is not text only while the canvas is on top and keeps its size."""

    def __init__(self) -> None:
        super().__init__(id="canvas")
        self._drawn = NOTHING
        self._is_covered = True  # until the screen it came with has been written, which takes more than one go
        self._to_erase = ""  # removes what is on the terminal

    def show(self, drawn: DrawnPicture) -> None:
        self._erase()
        self._drawn = drawn
        self.refresh()

    def cover(self) -> None:
        """Another screen lies over it, or it is left."""
        self._is_covered = True
        self._erase()

    def uncover(self) -> None:
        if self._is_covered and self.is_attached and self.screen.is_active:
            self._is_covered = False
            self.refresh()

    def on_resize(self) -> None:
        self._erase()

    def on_unmount(self) -> None:
        self._write_erasing()

    def _erase(self) -> None:
        if self._write_erasing():
            self.app.screen.refresh()  # everything may have been erased

    def _write_erasing(self) -> bool:
        erasing, self._to_erase = self._to_erase, ""
        if erasing and (driver := driver_of(self.app)) is not None:
            driver.write(erasing)
        return bool(erasing)

    def render_lines(self, crop: Region) -> list[Strip]:
        drawn, size = self._drawn, self.size
        if not drawn.erase:
            return super().render_lines(crop)
        # Bypass Textual's styling, which would measure it.
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
