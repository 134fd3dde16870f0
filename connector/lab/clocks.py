"""Clocks that run slower or faster than the machine's."""

from __future__ import annotations

import asyncio
import time

from connector.base.clock import Clock, SystemClock


class PacedClock:
    """A clock whose sleeps are `pace` times as long."""

    def __init__(self, clock: Clock, pace: float) -> None:
        self._clock = clock
        self._pace = pace

    def now(self) -> int:
        return self._clock.now()

    def steady(self) -> int:
        return self._clock.steady()

    async def sleep(self, seconds: float) -> None:
        await self._clock.sleep(seconds * self._pace)


class FastClock:
    """The machine's clock until `since` (milliseconds), and `speed` times as fast from then on.

    Processes of one machine with the same `speed` and `since` agree on the time.
    """

    def __init__(self, speed: float, since: int) -> None:
        self._speed = speed
        self._since = since

    def now(self) -> int:
        passed = time.time_ns() // 1_000_000 - self._since
        return self._since + round(passed * self._speed)

    def steady(self) -> int:
        return round(SystemClock().steady() * self._speed)

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds / self._speed)
