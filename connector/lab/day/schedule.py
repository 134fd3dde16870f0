"""The schedule of a simulated day: actions in the order of time, and a clock that jumps from one to the next."""

from __future__ import annotations

import heapq
import itertools
from collections.abc import Awaitable, Callable

from connector.base.clock import SteppingClock

Action = Callable[[], Awaitable[None]]


class Schedule:
    """Actions of the same moment run in the order in which they were scheduled."""

    def __init__(self, clock: SteppingClock) -> None:
        self._clock = clock
        self._numbers = itertools.count()
        self._heap: list[tuple[int, int, Action]] = []

    @property
    def now(self) -> int:
        return self._clock.now()

    @property
    def next_at(self) -> int | None:
        return self._heap[0][0] if self._heap else None

    def at(self, moment: int, action: Action) -> None:
        """At this moment, or at once if it has passed."""
        heapq.heappush(self._heap, (max(moment, self.now), next(self._numbers), action))

    def after(self, seconds: float, action: Action) -> None:
        self.at(self.now + round(seconds * 1000), action)

    def pop(self) -> Action:
        """The next action, after moving the clock to its moment."""
        moment, _, action = heapq.heappop(self._heap)
        self.advance_to(moment)
        return action

    def advance_to(self, moment: int) -> None:
        """Move the clock forward to this moment, never back."""
        if moment > self.now:
            self._clock.advance((moment - self.now) / 1000)
