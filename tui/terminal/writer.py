"""Writing to the terminal in a thread, so that a slow one holds up the desk only once much is waiting.

In place of Textual's (8.2.8, `WriterThread`), which ends at the first error: a desk whose terminal is gone then waits
for ever for room in its queue.

Frames do not wait here. When the terminal has taken all, the next one is made of what is true by then: a slow line
makes them fewer, and not late.
"""

from __future__ import annotations

import math
import os
import select
import threading
import time
from collections import deque
from collections.abc import Callable
from typing import Protocol

_MOST_WAITING = 30
_DRAWN_S = 0.001  # a frame that is being drawn is soon


class Frames(Protocol):
    """Makes frames for a terminal that can take one."""

    def wait_s(self) -> float:
        """How long to wait before the next is made; 0: it can be made, infinity: something has to happen first."""

    def take(self) -> bytes | None:
        """The next one; empty: the terminal shows what it is to show. None: not now, as one is being drawn."""


class TerminalWriter:
    """Writes texts and frames to a terminal, in the order in which they came."""

    def __init__(self, fileno: int, vanished: Callable[[], None], frames: Frames) -> None:
        """`vanished` is called once, in the thread, when the terminal takes nothing any more."""
        self._fileno = fileno
        self._not_waiting = _opened_again(fileno)
        self._vanished = vanished
        self._frames = frames
        self._waiting: deque[bytes] = deque()
        self._is_frame_due = False
        self._is_writing = False
        self._is_at_once = False  # the descriptor that does not wait is in use
        self._data = b""  # what is written next
        self._is_over = False
        self._is_dropping = False
        self._took_at = time.monotonic()  # when the terminal last took something
        # Reentrant, as a signal handler may write while a write waits.
        self._changed = threading.Condition()
        self._thread = threading.Thread(target=self._run, name="terminal-output", daemon=True)
        self._thread.start()

    def write(self, text: str) -> None:
        """Wait while much is waiting."""
        with self._changed:
            while len(self._waiting) >= _MOST_WAITING and not self._is_dropping:
                self._changed.wait()
            if not self._is_dropping:
                self._waiting.append(text.encode(errors="replace"))
                self._changed.notify_all()

    def write_frame(self) -> None:
        """Take a frame as soon as the terminal can be written to."""
        with self._changed:
            self._is_frame_due = True
            self._changed.notify_all()

    def write_frame_at_once(self) -> None:
        """Write a frame in this thread, and leave to the other one what the terminal does not take without a wait.

        All of it is left to the other one while something else waits.

        The other thread takes a third of a millisecond to wake, and longer while this one goes on.
        """
        with self._changed:
            self._is_frame_due = True
            if self._not_waiting is not None and not self._has_more and not self._is_ended and self._wait_s() == 0:
                data = self._frames.take()
                self._is_frame_due = data is None
                self._is_at_once = True
                try:
                    self._write_at_once(data or b"")
                finally:
                    self._is_at_once = False
                    if self._is_over:
                        self._close()
            if self._is_frame_due or self._waiting:
                self._changed.notify_all()

    def _write_at_once(self, data: bytes) -> None:
        # A signal handler may have left the terminal meanwhile.
        if self._not_waiting is None or self._is_ended or not data:
            return
        try:
            taken = os.write(self._not_waiting, data)
        except OSError:  # it is full, or gone, as the other thread will find
            taken = 0
        self._took_at = time.monotonic()
        if rest := data[taken:]:
            self._waiting.append(rest)

    def look_again(self) -> None:
        """Ask again how long the next frame has to wait."""
        with self._changed:
            self._changed.notify_all()

    def is_stuck(self, for_s: float) -> bool:
        """Something is to be written, and the terminal has taken nothing for so long."""
        return self._has_more and time.monotonic() - self._took_at >= for_s

    def stuck_for_s(self) -> float:
        """For how long the terminal has taken nothing of what is to be written; 0: nothing is, or it takes it."""
        return time.monotonic() - self._took_at if self._has_more else 0.0

    def drop(self) -> None:
        """Write nothing any more, so that nothing waits for the terminal."""
        with self._changed:
            self._is_dropping = True
            self._waiting.clear()
            self._changed.notify_all()

    def stop(self) -> None:
        """Return when all is written or dropped; a frame that is not begun is dropped. A write that hangs in the
        terminal ends with the process."""
        with self._changed:
            self._is_over = True
            self._changed.notify_all()
            while self._has_more and not self._is_dropping:
                self._changed.wait()
            if not self._is_at_once:  # as a signal handler may stop it meanwhile
                self._close()

    def _close(self) -> None:
        if self._not_waiting is not None:
            os.close(self._not_waiting)
            self._not_waiting = None

    @property
    def _is_ended(self) -> bool:
        return self._is_over or self._is_dropping

    @property
    def _has_more(self) -> bool:
        return self._is_writing or bool(self._waiting)

    def _wait_s(self) -> float | None:
        """How long to wait for the next frame; None: until something changes."""
        wait_s = self._frames.wait_s() if self._is_frame_due else math.inf
        return None if wait_s == math.inf else wait_s

    def _run(self) -> None:
        while self._begin():
            try:
                data = self._data
                while data and not self._is_dropping:
                    data = data[self._write(data) :]
                    self._took_at = time.monotonic()
            except OSError:
                self.drop()
                self._vanished()
                return
            with self._changed:
                self._is_writing = False
                self._changed.notify_all()

    def _write(self, data: bytes) -> int:
        """How many bytes the terminal has taken: at least one."""
        while True:
            try:
                return os.write(self._fileno, data)
            except BlockingIOError:  # another program of this terminal has made it non-blocking
                select.select([], [self._fileno], [])

    def _begin(self) -> bool:
        """Wait for something to write, and take it. False: it is over."""
        while True:
            with self._changed:
                while not (self._waiting or self._is_ended or (wait_s := self._wait_s()) == 0):
                    self._changed.wait(wait_s)
                if self._is_ended and not self._waiting:
                    return False
                self._is_writing = True
                self._took_at = time.monotonic()
                self._data = self._waiting.popleft() if self._waiting else b""
                if self._data:
                    return True
                self._is_frame_due = False
            # Not with the lock: a signal may have interrupted the thread that draws, and its handler writes.
            data = self._frames.take()
            with self._changed:
                self._data = data or b""
                if data:
                    return True
                self._is_writing = False
                self._changed.notify_all()
                if data is None:
                    self._is_frame_due = True
                    self._changed.wait(_DRAWN_S)


def _opened_again(fileno: int) -> int | None:
    """A descriptor of the same terminal whose writes never wait: to make its own one such would change it for the other
    programs that have it. None: there is none, as for a terminal of another user."""
    try:
        opened = os.open(os.ttyname(fileno), os.O_WRONLY | os.O_NOCTTY | os.O_NONBLOCK)
    except OSError:
        return None
    if os.path.samestat(os.fstat(opened), os.fstat(fileno)):
        return opened
    os.close(opened)
    return None
