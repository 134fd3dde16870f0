"""The first frame: the outlines of the screen, on the terminal before the toolkit is loaded.

Loading the toolkit takes many times as long as starting Python, and nothing is imported here that takes long itself.
"""

from __future__ import annotations

import contextlib
import os
import signal
import sys
import termios

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import FrameType
    from typing import Any

_ENTER, _LEAVE = "\x1b[?1049h\x1b[?25l\x1b[2J\x1b[H", b"\x1b[?1049l\x1b[?25h"  # the other screen, without a cursor
_NAME, _LINK = " Textdesk", "○ connecting… "
_WIDE, _WIDE_ENOUGH_FOR_PERSON = 100, 150  # columns, as in `styles/desk.tcss`
_LIST, _PERSON = (42, 60), 28
_USUAL = 80, 24  # for a terminal that does not say its size
_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
_OFF = b"\0"

_modes_before: list[Any] | None = None  # of the terminal, while the first frame is on it


def show() -> None:
    """Take the terminal. What is typed from now on is not echoed, and waits for the desk."""
    global _modes_before
    modes = termios.tcgetattr(_terminal())
    for number in _SIGNALS:
        signal.signal(number, _end)
    _modes_before = modes
    termios.tcsetattr(_terminal(), termios.TCSANOW, _quiet(modes))
    columns, rows = os.get_terminal_size(_terminal())
    os.write(_terminal(), drawn(columns or _USUAL[0], rows or _USUAL[1]).encode())


def drawn(columns: int, rows: int) -> str:
    """The frame on a screen of this size, in the terminal's own colours."""
    gap = " " * (columns - len(_NAME) - len(_LINK))
    frame = f"{_ENTER}\x1b[1m{_NAME[:columns]}\x1b[22m{gap}\x1b[2m{_LINK if gap else ''}"
    if columns >= _WIDE:
        least, most = _LIST
        room = columns - (_PERSON if columns >= _WIDE_ENOUGH_FOR_PERSON else 0)
        rule = 1 + min(most, max(least, room * 2 // 5))
        frame += "".join(f"\x1b[{row};{rule}H│" for row in range(2, rows))
    return f"{frame}\x1b[m"


def hand_over() -> list[Any] | None:
    """The terminal's modes from before, for the desk, which takes it as it is now. None: no first frame is there."""
    global _modes_before
    modes, _modes_before = _modes_before, None
    return modes


def leave() -> None:
    """Give the terminal back as it was, unless the desk has it."""
    modes = hand_over()
    if modes is not None:
        with contextlib.suppress(OSError, termios.error):
            termios.tcsetattr(_terminal(), termios.TCSANOW, modes)
            os.write(_terminal(), _LEAVE)


def _end(number: int, _: FrameType | None) -> None:
    """A signal ends the process before the desk has begun: there is nothing to save."""
    leave()
    os._exit(128 + number)


def _quiet(modes: list[Any]) -> list[Any]:
    """The modes with which keys wait as they were typed. Ctrl+C ends the process, and nothing stops it."""
    input_modes, output, control, local, ispeed, ospeed, characters = modes
    input_modes &= ~(termios.IXON | termios.ICRNL | termios.INLCR | termios.IGNCR)
    local &= ~(termios.ECHO | termios.ICANON | termios.IEXTEN)
    characters = [*characters]
    characters[termios.VSUSP] = characters[termios.VQUIT] = _OFF
    return [input_modes, output, control, local, ispeed, ospeed, characters]


def _terminal() -> int:
    assert sys.__stdout__ is not None
    return sys.__stdout__.fileno()
