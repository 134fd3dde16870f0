"""When a line can carry another frame.

A write that returns says only that the nearest buffer has room; those of a connection hold seconds of a slow line. So a
long frame ends in a question (DSR), and while its answer is awaited little more is sent. Only for terminals that have
answered such a question before.

While a window is dragged its sizes follow one another, and what is drawn for one is wrong for the next.
"""

from __future__ import annotations

import math
from collections import deque

QUESTION = "\x1b[5n"
_ASKED_BEHIND = 1024
"""Bytes after which is asked again."""
_MOST_ON_THE_LINE = 2048
_LOST_S = 10.0  # an answer that takes longer will not come
_SETTLED_S = 0.08
_LONGEST_RESIZE_S = 0.4


class Pace:
    """Times are in seconds of one monotonic clock."""

    def __init__(self) -> None:
        self._has_answered = False
        self._sent = 0  # bytes since the last question
        self._questions = deque[tuple[int, float]]()  # how many bytes each is behind, and when it was asked
        self._resized_at = -math.inf
        self._first_resized_at = -math.inf

    def asked(self, now: float) -> None:
        """A question is sent."""
        self._questions.append((self._sent, now))
        self._sent = 0

    def asks_behind(self, size: int, now: float) -> bool:
        """Whether to ask behind a frame of so many bytes, which is sent now."""
        self._sent += size
        if self._sent < _ASKED_BEHIND or (self._questions and not self._has_answered):
            return False
        self.asked(now)
        return True

    def answered(self) -> None:
        self._has_answered = True
        if self._questions:
            self._questions.popleft()

    def resized(self, now: float) -> None:
        if now - self._resized_at >= _SETTLED_S or now - self._first_resized_at >= _LONGEST_RESIZE_S:
            self._first_resized_at = now
        self._resized_at = now

    def wait_s(self, now: float) -> float:
        """How long to wait before the next frame is made. Answers and sizes may change it."""
        settled_at = min(self._resized_at + _SETTLED_S, self._first_resized_at + _LONGEST_RESIZE_S)
        return max(0.0, settled_at - now, self._answer_s(now))

    def _answer_s(self, now: float) -> float:
        while self._questions and now - self._questions[0][1] >= _LOST_S:
            self._questions.popleft()
        if not self._has_answered or sum(size for size, _ in self._questions) < _MOST_ON_THE_LINE:
            return 0.0
        return self._questions[0][1] + _LOST_S - now
