"""Whether the line to the terminal is silent: nothing that is written gets through, or nothing comes back.

A desk on a server goes on when the connection to its agent is dead: a line without an end is noticed after minutes,
or never. So an idle terminal is asked whether it is there (DSR, `CSI 5 n`, which all but the simplest answer), and any
byte from it is a sign of life, a key as much as an answer. One from which a key has come and never an answer is of the
simplest, and is not judged by its silence. One from which nothing has ever come has no agent at it, as with `ssh -tt`
in a script.

An answer stands behind all that was written before its question. A slow line is given the time to carry that.
"""

from __future__ import annotations

import threading
from collections import deque

QUESTION = "\x1b[5n"
IDLE_S = 15.0
"""Without a sign of life for so long, a terminal is asked; and again, while it does not answer."""
PATIENCE_S = 30.0
"""A question that is not answered, or output that is not taken, for longer: the line is silent."""
DETACHED_S = 300.0
"""A multiplexer without a terminal, and no key, for longer: so is the line. A program may press keys there."""
_SLOWEST_BYTES_PER_S = 2000
_FIRST_QUESTIONS = 3  # a terminal that has answered none of them is not asked any more
_MOST_UNANSWERED = 100
_LATE_S = 5.0  # a look that comes so long after the one before: the process was stopped, or the machine slept


class LineCheck:
    """Call `wrote`, `heard` and `answered` as things happen, from any thread, and `look` every second or two. All times
    are in seconds of one monotonic clock."""

    def __init__(self, now: float) -> None:
        self.is_silent = False
        self._lock = threading.RLock()  # reentrant, as a signal handler may write
        self._looked_at = now
        self._heard_at: float | None = None  # the latest sign of life
        self._has_answered = False
        self._detached_at: float | None = None  # since when the multiplexer has no terminal
        self._asked = 0
        self._asked_at: float | None = None  # the latest question
        self._awaits = False  # a question was asked, and there was no sign of life since
        self._waits_since = now  # when that began
        self._ahead = 0  # bytes before the question, as far as they are not known to have arrived
        self._written = 0  # bytes in all
        self._arrived = 0  # of them
        self._unanswered: deque[int] = deque(maxlen=_MOST_UNANSWERED)  # of each question, what was written before it

    def wrote(self, size: int) -> None:
        """So many bytes are on their way to the terminal."""
        with self._lock:
            self._written += size

    def heard(self, now: float) -> None:
        """Something has come from the terminal."""
        with self._lock:
            self._heard_at = now
            self._awaits = False

    def answered(self) -> None:
        """The terminal has answered a question: all that was written before it has arrived."""
        with self._lock:
            self._has_answered = True
            if self._unanswered:
                self._arrived = self._unanswered.popleft()

    def attached(self, now: float, *, is_attached: bool) -> None:
        """Whether the multiplexer in which the desk runs, and which answers in its place, has a terminal."""
        with self._lock:
            self._detached_at = None if is_attached else self._detached_at or now

    def pressed(self, now: float) -> None:
        """A key has come, perhaps from a program (`tmux send-keys`)."""
        with self._lock:
            if self._detached_at is not None:
                self._detached_at = now

    def look(self, now: float, stuck_s: float) -> bool:
        """Judge anew, and return whether the terminal is to be asked now. `stuck_s`: for how long it has taken nothing
        of what waits for it."""
        with self._lock:
            late_s, self._looked_at = now - self._looked_at, now
            if late_s > _LATE_S:
                self._waits_since += late_s  # neither the terminal nor the desk could do anything
            else:
                self.is_silent = stuck_s >= PATIENCE_S or self._is_unheard(now)
            return not stuck_s and self._is_to_ask(now)

    def _is_unheard(self, now: float) -> bool:
        if self._detached_at is not None:
            return now - self._detached_at >= DETACHED_S
        if not self._awaits or (self._heard_at is not None and not self._has_answered):
            return False
        return now - self._waits_since >= PATIENCE_S + self._ahead / _SLOWEST_BYTES_PER_S

    def _is_to_ask(self, now: float) -> bool:
        latest = max(self._heard_at or 0, self._asked_at or 0)
        is_first = self._asked_at is None
        if not is_first and (now - latest < IDLE_S or not (self._has_answered or self._asked < _FIRST_QUESTIONS)):
            return False
        if not self._awaits:
            self._awaits, self._waits_since, self._ahead = True, now, self._written - self._arrived
        self._unanswered.append(self._written)
        self._asked_at = now
        self._asked += 1
        return True
