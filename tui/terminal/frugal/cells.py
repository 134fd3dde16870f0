"""The cells of a screen: what is in each, and with which pen."""

from __future__ import annotations

from functools import lru_cache

from rich.cells import split_graphemes

from tui.terminal.frugal.pens import PLAIN, Pen

UNKNOWN = "\0"
"""In place of what a terminal shows where that is not known."""

# Widths on which terminals agree: one column, and two. No emoji, nothing that joins, nothing private.
_NARROW = (
    *((0x20, 0x7E), (0xA0, 0xA8), (0xAA, 0xAC), (0xAF, 0x2FF), (0x370, 0x377), (0x37A, 0x37F), (0x384, 0x482)),
    *((0x48A, 0x52F), (0x2010, 0x2027), (0x2030, 0x203B), (0x203D, 0x2048), (0x2070, 0x20BF), (0x2190, 0x2193)),
    *((0x219A, 0x21A8), (0x21AB, 0x22FF), (0x2500, 0x25A9), (0x25AC, 0x25B5), (0x25B7, 0x25BF), (0x25C1, 0x25FA)),
    *((0x2713, 0x2713), (0x2717, 0x2717), (0x2800, 0x28FF)),
)
_WIDE = ((0x3041, 0x3096), (0x30A1, 0x30FA), (0x4E00, 0x9FFF), (0xAC00, 0xD7A3), (0xFF01, 0xFF60))
_SURE = frozenset(chr(code) for first, last in _NARROW for code in range(first, last + 1))


class Raw(str):
    """Bytes for the terminal in place of a text, as those of a picture. They cover the empty cells after it."""

    __slots__ = ()


class Cells:
    """For each row and column a text and a pen. The text of the second cell of a wide character is empty."""

    def __init__(self, columns: int, rows: int, text: str = " ", pen: Pen = PLAIN) -> None:
        self.columns, self.rows = columns, rows
        self.texts = [[text] * columns for _ in range(rows)]
        self.pens = [[pen] * columns for _ in range(rows)]

    def put(self, x: int, y: int, text: str, pen: Pen) -> int:
        """Write a text, as far as there are cells; the column behind it."""
        if not 0 <= y < self.rows:
            return x
        parts = split(text)
        room = max(0, self.columns - x)
        if len(parts) > room:
            parts = parts[:room]
            if parts and len(parts) < len(split(text)) and split(text)[room] == "":
                parts = (*parts[:-1], " ")
        if x and text and not parts:
            self._join(x, y, text)
        end = x + len(parts)
        self._clear_halves(y, x, end)
        self.texts[y][x:end] = parts
        if " " in parts:
            blank = pen.blank()
            self.pens[y][x:end] = [blank if part == " " else pen for part in parts]
        else:
            self.pens[y][x:end] = [pen] * len(parts)
        return end

    def put_raw(self, x: int, y: int, data: str, width: int) -> int:
        """Write bytes for the terminal that cover so many cells; the column behind them."""
        end = min(x + width, self.columns)
        if 0 <= y < self.rows and x < end:
            self._clear_halves(y, x, end)
            self.texts[y][x:end] = [Raw(data), *[""] * (end - x - 1)]
            self.pens[y][x:end] = [PLAIN] * (end - x)
        return end

    def replace_raw(self, text: str) -> None:
        """Have this text in place of bytes."""
        for texts in self.texts:
            for x, each in enumerate(texts):
                if isinstance(each, Raw):
                    texts[x] = text
                    while x + 1 < self.columns and not texts[x + 1]:
                        x += 1
                        texts[x] = text

    def take_row(self, y: int, other: Cells) -> None:
        """Become like the other in a row."""
        self.texts[y], self.pens[y] = other.texts[y].copy(), other.pens[y].copy()

    def _join(self, x: int, y: int, text: str) -> None:
        """Characters without a width of their own belong to the one before them."""
        texts = self.texts[y]
        lead = max((at for at in range(x) if texts[at]), default=0)
        if not isinstance(texts[lead], Raw):
            texts[lead] += text

    def _clear_halves(self, y: int, x: int, end: int) -> None:
        """Between these columns something else is written: what is half under it goes."""
        texts = self.texts[y]
        if end < self.columns and not texts[end]:
            at = end
            while at < self.columns and not texts[at]:
                texts[at] = " "
                at += 1
        if x < self.columns and not texts[x]:
            at = x
            while at > 0 and not texts[at]:
                at -= 1
            texts[at:x] = [" "] * (x - at)


def split(text: str) -> tuple[str, ...] | str:
    """The text of each cell."""
    return text if _SURE.issuperset(text) else _split(text)


@lru_cache(maxsize=4096)
def _split(text: str) -> tuple[str, ...]:
    parts = list[str]()
    for start, end, width in split_graphemes(text)[0]:
        if width:
            parts += [text[start:end], *[""] * (width - 1)]
        elif parts:
            lead = max(at for at, part in enumerate(parts) if part)
            parts[lead] += text[start:end]
    return tuple(parts)


@lru_cache(maxsize=4096)
def is_sure(text: str) -> bool:
    """Whether every terminal gives this text the width that we give it."""
    return text in _SURE or (len(text) == 1 and any(first <= ord(text) <= last for first, last in _WIDE))
