"""Output to the terminal: frames as the line can carry them, all else at once and in its order."""

from __future__ import annotations

import os
import re
import threading
import time
from collections.abc import Callable, Mapping

from rich.color import ColorSystem

from tui.terminal.frugal.moves import Place
from tui.terminal.frugal.pace import QUESTION, Pace
from tui.terminal.frugal.painter import Drawn, Painter
from tui.terminal.writer import TerminalWriter

VARIABLE = "TEXTDESK_OUTPUT"
"""The environment variable that turns this off with `plain`: frames are then written as Textual makes them."""

_FRAME_BEGINS, _FRAME_ENDS = "\x1b[?2026h", "\x1b[?2026l"
_SEEN_IN_PARTS = 512  # a shorter frame reaches the terminal in one read
# Modes but for the other screen, questions, a bell, and strings (ECMA-48): they leave cells, cursor and pen alone.
_STRING = r"\x1b[P_\]](?:[^\x1b\x07]|\x1b[^\\])*(?:\x07|\x1b\\)"
_HARMLESS = re.compile(rf"(?:\x1b\[\?(?!1049|1047|47)[\d;]*[hl]|\x1b\[[\d;?>=<]*\$?[ncqtup]|\x07|{_STRING})*")
_PICTURE = re.compile(r"\x1b(?:_G|Ptmux;)")
# Of TERM: those whose erased cells get the ground of the pen (bce in terminfo), which GNU screen's do not.
_ERASE_TO_GROUND = (
    *("xterm", "alacritty", "contour", "foot", "ghostty", "kitty", "konsole", "linux", "rxvt", "vte", "wezterm"),
)


def is_frugal(environ: Mapping[str, str]) -> bool:
    """Whether frames are written frugally."""
    return environ.get(VARIABLE) != "plain"


def may_ask(environ: Mapping[str, str]) -> bool:
    """Whether the terminal may be asked whether it is there."""
    return environ.get("TEXTDESK_ASK_TERMINAL") != "0"


def erases_to_ground(environ: Mapping[str, str]) -> bool:
    """tmux does since its version 2.4, of 2017, whatever its TERM says."""
    return environ.get("TERM", "").startswith(_ERASE_TO_GROUND) or bool(environ.get("TMUX"))


class TerminalOutput:
    """Frames of a writer. `wrote` is called, in its thread, with the size of each frame."""

    def __init__(self, fileno: int, vanished: Callable[[], None], wrote: Callable[[int], None]) -> None:
        self._painter = Painter(erases_to_ground=erases_to_ground(os.environ))
        self._pace = Pace()
        self._pace_lock = threading.RLock()
        self._may_ask = may_ask(os.environ)
        self._wrote = wrote
        self._is_synchronized = False
        self._has_shown = False
        self.writer = TerminalWriter(fileno, vanished, self)

    def write(self, text: str) -> None:
        """Write what is no frame."""
        self._wrote(len(text))
        if QUESTION in text:
            with self._pace_lock:
                self._pace.asked(time.monotonic())
        self.writer.write(text)
        # Behind the write: a frame made before it would be taken for one that is still shown.
        if not (is_harmless := _HARMLESS.fullmatch(text)) or _PICTURE.search(text):
            self._painter.forget_pictures()
        if not is_harmless:
            self._painter.forget()
            self.writer.write_frame()

    def show(
        self,
        size: tuple[int, int],
        drawn: Drawn,
        cursor: Place | None,
        colours: ColorSystem,
        *,
        is_synchronized: bool,
        at_once: bool,
    ) -> None:
        """Have the terminal show a screen of `size` (columns, rows), of which these strips have changed.

        `at_once`: they are few, and written in this thread if the terminal takes them.
        """
        self._is_synchronized = is_synchronized
        self._painter.draw(size, drawn, cursor, colours)
        if at_once:
            self.writer.write_frame_at_once()
        else:
            self.writer.write_frame()

    def show_again(self) -> None:
        """Write all cells, as something else may have written over them."""
        self._painter.forget()
        self.writer.write_frame()

    def resized(self) -> None:
        """The terminal has, or had, another size, and has moved what it shows; before the first frame, nothing."""
        if not self._has_shown:
            return
        with self._pace_lock:
            self._pace.resized(time.monotonic())
        self.show_again()

    def answered(self) -> None:
        """The terminal has answered a question."""
        with self._pace_lock:
            self._pace.answered()
        self.writer.look_again()

    def stop_showing(self) -> None:
        """Show nothing any more, as the terminal is left."""
        self._painter.stop()

    def wait_s(self) -> float:
        with self._pace_lock:
            return self._pace.wait_s(time.monotonic())

    def take(self) -> bytes | None:
        taken = self._painter.take()
        if not taken:
            return None if taken is None else b""
        self._has_shown = True
        if self._is_synchronized and len(taken) > _SEEN_IN_PARTS:
            taken = f"{_FRAME_BEGINS}{taken}{_FRAME_ENDS}"
        frame = taken.encode(errors="replace")
        with self._pace_lock:
            if self._may_ask and self._pace.asks_behind(len(frame), time.monotonic()):
                frame += QUESTION.encode()
        self._wrote(len(frame))
        return frame
