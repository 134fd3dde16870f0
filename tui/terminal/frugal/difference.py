"""The bytes that make a terminal show other cells than it does.

Changed cells of a row are written from left to right. Cells between two changes are written again where that is shorter
than to move the cursor over them; more of them part two runs, and runs of one pen follow one another. Blanks are erased
where a terminal erases to the colour of the pen, and those at the end of a row as one.

Terminals do not agree on the width of emoji, of characters that join, and of private ones. Their cells are blanked
before they are written, the cursor is placed anew behind them, and what they may have covered is written again: so they
disturb nothing but themselves, and a screen that was changed bit by bit is the one that is written at once.
"""

from __future__ import annotations

from collections import Counter, defaultdict, deque
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from msgspec import Struct

from tui.terminal.frugal.cells import UNKNOWN, Cells, Raw, is_sure
from tui.terminal.frugal.moves import Place, move
from tui.terminal.frugal.pens import PLAIN, Pen, change, shows_alike

_WORTH_ERASING = 8  # a sequence that erases, and one that moves behind it, take so many bytes
_WORTH_REWRITING = 5  # what a move within a row takes


class Terminal(Struct):
    """What is known of a terminal."""

    shown: Cells
    cursor: Place | None = None
    pen: Pen | None = None
    erases_to_ground: bool = False
    """Erased cells get the ground of the pen (bce in terminfo), and not the terminal's own."""

    def erases_to(self, pen: Pen) -> bool:
        return pen.is_erasable and (self.erases_to_ground or not pen.ground)


class _Run(NamedTuple):
    """Cells of a row to write, from the first changed one to the last."""

    y: int
    changed: Sequence[int]
    pen: Pen  # of the first one


def bring_to(terminal: Terminal, wanted: Cells, cursor: Place | None) -> str:
    """The bytes that make it show these cells with the cursor there, None: anywhere; `terminal` is as if they were
    written."""
    writer = _Writer(terminal)
    is_whole = all(texts[0] == UNKNOWN and texts.count(UNKNOWN) == len(texts) for texts in terminal.shown.texts)
    if is_whole:
        writer.clear(_commonest_ground(wanted))
    runs = list[_Run]()
    for y in range(wanted.rows):
        if wanted.texts[y] != terminal.shown.texts[y] or wanted.pens[y] != terminal.shown.pens[y]:
            runs += writer.runs(y, wanted)
    if is_whole:
        for run in runs:
            writer.run(run, wanted)
    else:
        # A whole screen comes row by row, as it may be seen while it comes.
        writer.by_pens(runs, wanted)
    for y in {run.y for run in runs}:
        terminal.shown.take_row(y, wanted)
    writer.pen(writer.pen_without_link())
    if cursor is not None:
        writer.go(cursor)
    return "".join(writer.written)


def _commonest_ground(wanted: Cells) -> Pen:
    grounds = Counter[Pen]()
    for texts, pens in zip(wanted.texts, wanted.pens, strict=True):
        grounds.update(pen for text, pen in zip(texts, pens, strict=True) if text == " ")
    return grounds.most_common(1)[0][0] if grounds else PLAIN


class _Writer:
    def __init__(self, terminal: Terminal) -> None:
        self.written: list[str] = []
        self._terminal = terminal

    def pen(self, pen: Pen) -> None:
        self._write(change(self._terminal.pen, pen))
        self._terminal.pen = pen

    def pen_without_link(self) -> Pen:
        """The terminal's pen, with which no link would go on."""
        pen = self._terminal.pen
        return PLAIN if pen is None else pen._replace(link="")

    def go(self, to: Place) -> None:
        self._write(move(self._terminal.cursor, to))
        self._terminal.cursor = to

    def clear(self, pen: Pen) -> None:
        """Erase the whole screen."""
        if not self._terminal.erases_to(pen):
            pen = PLAIN
        self.pen(pen)
        self._write("\x1b[2J")
        shown = self._terminal.shown
        self._terminal.shown = Cells(shown.columns, shown.rows, pen=pen)

    def runs(self, y: int, wanted: Cells) -> Iterator[_Run]:
        """The changed cells of a row; all of them as one where the width of some is not sure."""
        texts, pens = wanted.texts[y], wanted.pens[y]
        changed = self._changed(y, texts, pens)
        begin = 0
        if all(is_sure(texts[x]) for x in changed):
            for at in range(1, len(changed)):
                if changed[at] - changed[at - 1] > _WORTH_REWRITING:
                    yield _Run(y, changed[begin:at], pens[changed[begin]])
                    begin = at
        if changed:
            yield _Run(y, changed[begin:], pens[changed[begin]])

    def by_pens(self, runs: Sequence[_Run], wanted: Cells) -> None:
        """Write runs, next to one another those that begin with the pen that the one before ends with."""
        left = dict(enumerate(runs))
        by_pen: dict[Pen | None, deque[int]] = defaultdict(deque)
        for number, run in left.items():
            by_pen[run.pen].append(number)
        while left:
            alike = by_pen[self._terminal.pen] or by_pen[next(iter(left.values())).pen]
            self.run(left.pop(alike.popleft()), wanted)

    def run(self, run: _Run, wanted: Cells) -> None:
        y, changed, _ = run
        texts, pens = wanted.texts[y], wanted.pens[y]
        erased_from = self._blank_end(texts, pens)
        x, last = changed[0], changed[-1]
        is_changed = set(changed)
        while x <= last:
            if x >= erased_from and last - x + 1 > 3:
                self.go((x, y))
                self._blank_pen(pens[x])
                self._write("\x1b[K")
                return
            if x not in is_changed:
                x = self._skip(x, y, is_changed, texts, pens)
                continue
            blanks = self._blanks(x, last, texts, pens)
            if blanks >= _WORTH_ERASING:
                self.go((x, y))
                self._blank_pen(pens[x])
                self._write(f"\x1b[{blanks}X")
                x += blanks
            else:
                x = self._cell(x, y, texts, pens)

    def _changed(self, y: int, texts: Sequence[str], pens: Sequence[Pen]) -> list[int]:
        """The first columns of the characters to write."""
        shown_texts, shown_pens = self._terminal.shown.texts[y], self._terminal.shown.pens[y]
        found = list[int]()
        lead = disturbed = 0
        for x, text in enumerate(texts):
            if text:
                lead = x
            if x >= disturbed and text == shown_texts[x] and pens[x] == shown_pens[x]:
                continue
            if not found or found[-1] != lead:
                found.append(lead)
                if not (is_sure(texts[lead]) or isinstance(texts[lead], Raw)):
                    # Each of its characters by itself may be two columns wide.
                    disturbed = max(disturbed, lead + 2 * len(texts[lead]) + 1)
        return found

    def _blank_end(self, texts: Sequence[str], pens: Sequence[Pen]) -> int:
        """From which column on the row is blank and can be erased."""
        pen = pens[-1]
        if texts[-1] != " " or not self._terminal.erases_to(pen):
            return len(texts)
        x = len(texts)
        while x and texts[x - 1] == " " and pens[x - 1] == pen:
            x -= 1
        return x

    def _blanks(self, x: int, last: int, texts: Sequence[str], pens: Sequence[Pen]) -> int:
        """How many cells from here on are blank and can be erased."""
        pen, end = pens[x], x
        if not self._terminal.erases_to(pen):
            return 0
        while end <= last and texts[end] == " " and pens[end] == pen:
            end += 1
        return end - x

    def _skip(self, x: int, y: int, changed: set[int], texts: Sequence[str], pens: Sequence[Pen]) -> int:
        """The next changed column; what is before it is written again if that is shorter than a move."""
        end = x
        while end not in changed:
            end += 1
        between = texts[x:end]
        pen = self._terminal.pen
        if (
            self._terminal.cursor == (x, y)
            and pen is not None
            and len("".join(between).encode()) < _WORTH_REWRITING
            and all(between)
            and all(map(is_sure, between))
            and all(shows_alike(text, each, pen) for text, each in zip(between, pens[x:end], strict=True))
        ):
            self._write("".join(between))
            self._terminal.cursor = (end, y)
        return end

    def _cell(self, x: int, y: int, texts: Sequence[str], pens: Sequence[Pen]) -> int:
        """Write a character; the column behind it."""
        text, end = texts[x], x + 1
        while end < len(texts) and not texts[end]:
            end += 1
        self.go((x, y))
        if isinstance(text, Raw):
            self.pen(PLAIN)
            self._write(text)
            self._terminal.cursor = self._terminal.pen = None
            return end
        if text == " ":
            self._blank_pen(pens[x])
        else:
            self.pen(pens[x])
        if is_sure(text):
            self._write(text)
            # Behind the last column a terminal may wait to wrap.
            self._terminal.cursor = (end, y) if end < len(texts) else None
        else:
            self._write(" " * (end - x))
            self._terminal.cursor = None
            self.go((x, y))
            self._write(text)
            self._terminal.cursor = None
        return end

    def _blank_pen(self, pen: Pen) -> None:
        """Change the pen as far as blanks show it."""
        now = self._terminal.pen
        if now is not None and now.is_erasable and pen.is_erasable:
            pen = now._replace(ground=pen.ground)
        self.pen(pen)

    def _write(self, data: str) -> None:
        if data:
            self.written.append(data)


def unknown(columns: int, rows: int) -> Cells:
    """The cells of a terminal of which nothing is known."""
    return Cells(columns, rows, UNKNOWN)
