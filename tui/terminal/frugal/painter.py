"""What a terminal is to show, and the bytes for it whenever it can take some."""

from __future__ import annotations

import threading
from collections.abc import Iterable

from rich.cells import cell_len
from rich.color import ColorSystem
from textual.strip import Strip

from tui.terminal.frugal.cells import UNKNOWN, Cells
from tui.terminal.frugal.difference import Terminal, bring_to, unknown
from tui.terminal.frugal.moves import Place
from tui.terminal.frugal.pens import PLAIN, pen_of

Drawn = Iterable[tuple[int, int, Strip]]
"""Strips, each with its column and row."""


class Painter:
    """Frames are drawn in one thread and taken in another. Those that nothing has taken yet are one."""

    def __init__(self, *, erases_to_ground: bool) -> None:
        self._erases_to_ground = erases_to_ground
        # Reentrant, as a signal handler may write while a frame is drawn.
        self._lock = threading.RLock()
        self._wanted = Cells(0, 0)
        self._cursor: Place | None = None
        self._terminal = Terminal(unknown(0, 0), erases_to_ground=erases_to_ground)

    def draw(self, size: tuple[int, int], drawn: Drawn, cursor: Place | None, colours: ColorSystem) -> None:
        """Change what is to be shown. `size`: columns and rows of the whole; `cursor`: None: anywhere."""
        with self._lock:
            if size != (self._wanted.columns, self._wanted.rows):
                self._wanted = Cells(*size)
                self.forget()
            self._cursor = cursor
            for x, y, strip in drawn:
                _put(self._wanted, x, y, strip, colours)

    def stop(self) -> None:
        """Nothing is to be shown until something is drawn, which is then the whole."""
        with self._lock:
            self._wanted = Cells(0, 0)

    def forget(self) -> None:
        """Nothing is known of the terminal."""
        with self._lock:
            empty = unknown(self._wanted.columns, self._wanted.rows)
            self._terminal = Terminal(empty, erases_to_ground=self._erases_to_ground)

    def forget_pictures(self) -> None:
        """They are erased, and not shown again until they are drawn again."""
        with self._lock:
            self._wanted.replace_raw(" ")
            self._terminal.shown.replace_raw(UNKNOWN)

    def take(self) -> str | None:
        """The bytes after which the terminal shows what it is to show; empty: it does. None: a frame is being drawn."""
        if not self._lock.acquire(blocking=False):
            return None
        try:
            return bring_to(self._terminal, self._wanted, self._cursor) if self._wanted.rows else ""
        finally:
            self._lock.release()


def _put(cells: Cells, x: int, y: int, strip: Strip, colours: ColorSystem) -> None:
    for text, style, control in strip:
        if control:
            beside = sum(cell_len(each.text) for each in strip if not each.control)
            x = cells.put_raw(x, y, text, strip.cell_length - beside)
        elif style is None:
            x = cells.put(x, y, text, PLAIN)
        else:
            link = f"id={style.link_id};{style.link}" if style.link else ""
            x = cells.put(x, y, text, pen_of(Strip.render_ansi(style, ColorSystem.TRUECOLOR), link, colours))
