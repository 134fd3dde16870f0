"""A picture as coloured half blocks: every cell is two pixels, one above the other."""

from __future__ import annotations

from tui.terminal.pictures.decode import PixelBudget, decode

Pixel = tuple[int, int, int]
Rows = list[list[tuple[Pixel, Pixel | None]]]
"""For each cell of each row the upper pixel and the lower one, if there is one."""


def half_blocks(data: bytes, columns: int, rows: int) -> Rows:
    """The first picture in `data`, made to fit; never enlarged. Raises UndecodablePicture."""
    picture, _ = decode(data, PixelBudget(columns, rows, (1, 2)))
    return _rows(picture.tobytes(), *picture.size)


def _rows(raw: bytes, width: int, height: int) -> Rows:
    def pixel(x: int, y: int) -> Pixel:
        at = 3 * (y * width + x)
        return raw[at], raw[at + 1], raw[at + 2]

    return [
        [(pixel(x, y), pixel(x, y + 1) if y + 1 < height else None) for x in range(width)] for y in range(0, height, 2)
    ]
