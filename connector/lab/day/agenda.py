"""What is going to happen in a simulated day, in the order of time, and the clock that jumps from one to the next."""

from __future__ import annotations

import heapq
import itertools
from collections.abc import Awaitable, Callable

from connector.base.clock import SteppingClock

Doing = Callable[[], Awaitable[None]]


class Agenda:
    """Things at the same moment happen in the order in which they were put down."""

    def __init__(self, clock: SteppingClock) -> None:
        self._clock = clock
        self._numbers = itertools.count()
        self._heap: list[tuple[int, int, Doing]] = []

    @property
    def now(self) -> int:
        return self._clock.now()

    @property
    def next_at(self) -> int | None:
        return self._heap[0][0] if self._heap else None

    def at(self, moment: int, doing: Doing) -> None:
        """What is past is done now."""
        heapq.heappush(self._heap, (max(moment, self.now), next(self._numbers), doing))

    def after(self, seconds: float, doing: Doing) -> None:
        self.at(self.now + round(seconds * 1000), doing)

    def pop(self) -> Doing:
        """The next thing; it is that time now."""
        moment, _, doing = heapq.heappop(self._heap)
        self.jump(moment)
        return doing

    def jump(self, moment: int) -> None:
        """It is this moment now, or stays as late as it is."""
        if moment > self.now:
            self._clock.advance((moment - self.now) / 1000)
