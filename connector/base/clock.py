"""Clocks: the system's, and one that tests and simulations move.

Every `_at` in the project is a whole number of milliseconds since 1970-01-01 00:00 UTC; every `_s` is seconds.
"""

from __future__ import annotations

import asyncio
import time
from typing import Protocol


class Clock(Protocol):
    """Source of time for the core."""

    def now(self) -> int:
        """Milliseconds since 1970-01-01 UTC."""
        ...

    async def sleep(self, seconds: float) -> None:
        """Return after `seconds` of this clock."""
        ...


class SystemClock:
    """The machine's own clock."""

    def now(self) -> int:
        return time.time_ns() // 1_000_000

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)


def processor_s() -> float:
    """Processor time of this thread, in seconds: what waiting for others does not add to."""
    return time.thread_time()


class SteppingClock:
    """A clock moved by `advance`, which wakes every sleeper whose time has come."""

    def __init__(self, start_at: int = 1_790_000_000_000) -> None:
        self._now = start_at
        self._moved = asyncio.Event()

    def now(self) -> int:
        return self._now

    def advance(self, seconds: float) -> None:
        self._now += round(seconds * 1000)
        self._moved.set()
        self._moved = asyncio.Event()

    async def sleep(self, seconds: float) -> None:
        until = self._now + round(seconds * 1000)
        while self._now < until:
            await self._moved.wait()
