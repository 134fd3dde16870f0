"""A program on a pseudo-terminal, with the screen a person would see and the moment each frame was complete."""

from __future__ import annotations

import contextlib
import fcntl
import os
import pty
import re
import select
import signal
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext

import pyte

from tests.bench.processes import PATIENCE_S, ROOT, SERVER, on_processor

COLUMNS, LINES = 120, 36
_FRAME_BEGINS, _FRAME_ENDS = b"\x1b[?2026h", b"\x1b[?2026l"
# What programs ask a terminal, and what a current one answers (DA1, DSR, cursor position, DECRQM of mode 2026).
_QUESTIONS = re.compile(rb"\x1b\[0?c|\x1b\[[56]n|\x1b\[\?2026\$p")
# Keyboard, window and mode requests that the emulator would print as text.
_NOT_FOR_SCREEN = re.compile(
    r"\x1b\[[<>=?][\d;]*u|\x1b\[>[\d;]*[a-zA-Z]|\x1b\[\?[\d;]*\$p|\x1b\[[\d;]*t|\x1b[P\]].*?(?:\x1b\\|\x07)"
)

Line = Callable[[int], AbstractContextManager[int]]


class Terminal:
    """What was shown, when, and in how many bytes.

    A read is stamped when it returns, before anything is made of it. Inside a synchronized update (mode 2026) nothing
    is shown until the update ends, so the stamp of a frame is that of the read that brought its last byte.
    """

    def __init__(self, fd: int, pseudo: int, started_at: float, pid: int) -> None:
        """`fd`: where it is read and typed at, `pseudo`: our side of the pseudo-terminal."""
        self.started_at = started_at
        self.pid = pid
        self.bytes = 0
        self.shown_at = 0.0  # when the screen last changed
        self.first_shown_at: float | None = None
        self._fd = fd
        self._pseudo = pseudo
        self._screen = pyte.Screen(COLUMNS, LINES)
        self._stream = pyte.ByteStream(self._screen)
        self._pending = b""

    @property
    def text(self) -> str:
        return "\n".join(self._screen.display)

    def resize(self, columns: int, lines: int) -> float:
        """The time just before."""
        now = time.perf_counter()
        self._screen.resize(lines, columns)
        fcntl.ioctl(self._pseudo, termios.TIOCSWINSZ, struct.pack("HHHH", lines, columns, 0, 0))
        os.kill(self.pid, signal.SIGWINCH)
        return now

    def press(self, keys: str) -> float:
        """Write keys; the time just before."""
        now = time.perf_counter()
        os.write(self._fd, keys.encode())
        return now

    def until(self, condition: Callable[[str], bool], what: str) -> float:
        """The moment the screen first was as wanted, in seconds of the performance counter."""
        deadline = time.perf_counter() + PATIENCE_S
        while not condition(self.text):
            if not self.read(deadline):
                raise RuntimeError(f"waited for {what}; the screen is:\n{self.text}")
        return self.shown_at

    def rest(self, seconds: float) -> None:
        """Go on reading for so long."""
        deadline = time.perf_counter() + seconds
        while self.read(deadline):
            pass

    def settle(self, quiet_s: float = 0.5) -> None:
        """Go on reading until nothing has come for so long."""
        deadline = time.perf_counter() + PATIENCE_S
        while self.read(min(deadline, time.perf_counter() + quiet_s)):
            pass

    def read(self, deadline: float) -> bool:
        """One read and what it shows; False when the time is over."""
        ready, _, _ = select.select([self._fd], [], [], max(0.0, deadline - time.perf_counter()))
        if not ready:
            return False
        try:
            data = os.read(self._fd, 65536)
        except OSError:  # the program has ended
            return False
        at = time.perf_counter()
        self.bytes += len(data)
        self._answer(data)
        self._pending += data
        if self._pending.rfind(_FRAME_BEGINS) <= self._pending.rfind(_FRAME_ENDS):
            self._show(at)
        return True

    def _show(self, at: float) -> None:
        text = self._pending.decode(errors="replace")
        self._pending = b""
        self._stream.feed(_NOT_FOR_SCREEN.sub("", text).encode())
        self.shown_at = at
        if self.first_shown_at is None and self.text.strip():
            self.first_shown_at = at

    def _answer(self, data: bytes) -> None:
        for question in _QUESTIONS.findall(data):
            if question.endswith(b"c"):
                os.write(self._fd, b"\x1b[?62;22c")
            elif question.endswith(b"5n"):
                os.write(self._fd, b"\x1b[0n")
            elif question.endswith(b"6n"):
                os.write(self._fd, b"\x1b[%d;%dR" % (self._screen.cursor.y + 1, self._screen.cursor.x + 1))
            else:
                os.write(self._fd, b"\x1b[?2026;2$y")


@contextmanager
def on_terminal(
    *arguments: str, environment: Mapping[str, str], where: Collection[int] = SERVER, line: Line = nullcontext
) -> Iterator[Terminal]:
    """`python ARGUMENTS` on a terminal of 120 columns and 36 rows, ended with the block.

    `where`: on which processors. `line`: makes our end of a line to it from that of the pseudo-terminal.
    """
    ours, theirs = pty.openpty()
    fcntl.ioctl(ours, termios.TIOCSWINSZ, struct.pack("HHHH", LINES, COLUMNS, 0, 0))
    known = {name: value for name, value in os.environ.items() if name not in ("NO_COLOR", "COLUMNS", "LINES")}
    with on_processor(where):
        started_at = time.perf_counter()
        process = subprocess.Popen(
            [sys.executable, *arguments],
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            cwd=ROOT,
            start_new_session=True,
            env={**known, "TERM": "xterm-256color", "COLORTERM": "truecolor", **environment},
        )
    os.close(theirs)
    try:
        with line(ours) as end:
            yield Terminal(end, ours, started_at, process.pid)
    finally:
        process.send_signal(signal.SIGTERM)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(2)
        process.kill()
        process.wait()
        os.close(ours)
