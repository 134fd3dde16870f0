"""Putting a terminal back in order after a program that could not do it itself."""

from __future__ import annotations

import contextlib
import os
import termios
from collections.abc import Iterator

# Out of the alternate screen, cursor on, attributes and keypad as usual, no mouse reports (1000-1003, 1006, 1015), no
# focus reports (1004), no bracketed paste (2004), no resize reports (2048), the keyboard protocol as before (CSI < u).
# https://invisible-island.net/xterm/ctlseqs/ctlseqs.html, https://sw.kovidgoyal.net/kitty/keyboard-protocol/
_RESET = (
    b"\x1b[?1049l\x1b[?25h\x1b[0m\x1b[?1l\x1b>"
    b"\x1b[?1000l\x1b[?1001l\x1b[?1002l\x1b[?1003l\x1b[?1006l\x1b[?1015l\x1b[?1004l\x1b[?2004l\x1b[?2048l\x1b[<u"
)


def reset(terminal: int) -> None:
    """Undo what a full-screen program asked of the terminal. It may be gone altogether."""
    with contextlib.suppress(OSError):
        os.write(terminal, _RESET)


@contextlib.contextmanager
def kept(terminal: int) -> Iterator[None]:
    """Line editing and echo are afterwards what they were before."""
    before = termios.tcgetattr(terminal)
    try:
        yield
    finally:
        with contextlib.suppress(termios.error):
            termios.tcsetattr(terminal, termios.TCSANOW, before)
