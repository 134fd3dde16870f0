"""The latest moment at which a desk that is to end has ended.

The event loop ends a desk cleanly: drafts saved, terminal as it was. It cannot where it waits itself, for a terminal
that takes nothing or for a name server that does not answer (a thread that Python waits for at its end).
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable
from queue import SimpleQueue

_STUCK_S = 0.5
_LIMIT_S = 1.7
_SAVING_LIMIT_S = 8.0
"""A disk may be slow; what is typed is worth the wait."""
_POLL_S = 0.05


class ExitDeadline:
    def __init__(self, free: Callable[[float], None], restore: Callable[[], None]) -> None:
        """`free` is called with seconds: let go of a terminal that has taken nothing for so long.

        `restore`: the terminal as it was, as far as that goes without waiting."""
        self.is_saved = threading.Event()
        """What is typed is on disk, or cannot be. Nothing is typed yet."""
        self.is_saved.set()
        self._free = free
        self._restore = restore
        self._begun: SimpleQueue[int] = SimpleQueue()  # may be filled in a signal handler, unlike an Event
        threading.Thread(target=self._watch, name="exit-deadline", daemon=True).start()

    def begin(self, code: int) -> None:
        """From now on the time runs; `code` is the exit code of a process that has not ended by then."""
        self._begun.put(code)

    def _watch(self) -> None:
        code = self._begun.get()
        begun_at = time.monotonic()
        while (now_s := time.monotonic() - begun_at) < (_LIMIT_S if self.is_saved.is_set() else _SAVING_LIMIT_S):
            if now_s >= _STUCK_S:
                self._free(_STUCK_S)
            time.sleep(_POLL_S)
        self._restore()
        os._exit(code)
