"""Writing to the terminal in a thread, so that a slow one holds up the desk only once much is waiting.

In place of Textual's (8.2.8, `WriterThread`), which ends at the first error: a desk whose terminal is gone then waits
for ever for room in its queue.
"""

from __future__ import annotations

import os
import select
import threading
import time
from collections import deque
from collections.abc import Callable

_MOST_WAITING = 30


class TerminalWriter:
    def __init__(self, fileno: int, vanished: Callable[[], None]) -> None:
        """`vanished` is called once, in the thread, when the terminal takes nothing any more."""
        self._fileno = fileno
        self._vanished = vanished
        self._waiting: deque[bytes] = deque()
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

    def is_stuck(self, for_s: float) -> bool:
        """Something is to be written, and the terminal has taken nothing for so long."""
        return bool(self._waiting) and time.monotonic() - self._took_at >= for_s

    def stuck_for_s(self) -> float:
        """For how long the terminal has taken nothing of what is to be written; 0: nothing is, or it takes it."""
        return time.monotonic() - self._took_at if self._waiting else 0.0

    def drop(self) -> None:
        """Write nothing any more, so that nothing waits for the terminal."""
        with self._changed:
            self._is_dropping = True
            self._waiting.clear()
            self._changed.notify_all()

    def stop(self) -> None:
        """Return when all is written or dropped. A write that hangs in the terminal ends with the process."""
        with self._changed:
            self._is_over = True
            self._changed.notify_all()
            while self._waiting and not self._is_dropping:
                self._changed.wait()

    def _run(self) -> None:
        while (data := self._next()) is not None:
            try:
                while data:
                    data = data[self._write(data) :]
                    self._took_at = time.monotonic()
            except OSError:
                self.drop()
                self._vanished()
                return
            with self._changed:
                if not self._is_dropping:
                    self._waiting.popleft()
                self._changed.notify_all()

    def _write(self, data: bytes) -> int:
        """How many bytes the terminal has taken: at least one."""
        while True:
            try:
                return os.write(self._fileno, data)
            except BlockingIOError:  # another program of this terminal has made it non-blocking
                select.select([], [self._fileno], [])

    def _next(self) -> bytes | None:
        with self._changed:
            while not self._waiting and not self._is_over and not self._is_dropping:
                self._changed.wait()
            if not self._waiting:
                return None
            self._took_at = time.monotonic()
            return self._waiting[0]
