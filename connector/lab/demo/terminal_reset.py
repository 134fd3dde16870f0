"""Resets a terminal after a full-screen program that could not do so itself."""

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
    """Undo the modes a full-screen program sets. The terminal may be gone."""
    with contextlib.suppress(OSError):
        os.write(terminal, _RESET)


@contextlib.contextmanager
def restored(terminal: int) -> Iterator[None]:
    """Restore line editing and echo after the block."""
    before = termios.tcgetattr(terminal)
    try:
        yield
    finally:
        with contextlib.suppress(termios.error):
            termios.tcsetattr(terminal, termios.TCSANOW, before)
