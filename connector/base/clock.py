"""Clocks: the system's, the one a core goes by, and one that tests and simulations move.

Every `_at` in the project is a whole number of milliseconds since 1970-01-01 00:00 UTC; every `_s` is seconds. What is
only measured within one process is measured in steady time, which is never set.
"""

from __future__ import annotations

import asyncio
import time
from typing import Protocol

# Time that also passes while the machine sleeps: Linux has a clock of its own for it.
_STEADY = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)


class Clock(Protocol):
    """Source of time for the core."""

    def now(self) -> int:
        """Milliseconds since 1970-01-01 UTC."""
        ...

    def steady(self) -> int:
        """Milliseconds since any moment, by a clock that is never set: for spans of time."""
        ...

    async def sleep(self, seconds: float) -> None:
        """Return after `seconds` of this clock's steady time."""
        ...


class SystemClock:
    """The machine's own clock."""

    def now(self) -> int:
        return time.time_ns() // 1_000_000

    def steady(self) -> int:
        return time.clock_gettime_ns(_STEADY) // 1_000_000

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)


def processor_s() -> float:
    """Processor time of this thread, in seconds: what waiting for others does not add to."""
    return time.thread_time()


class DisciplinedClock:
    """The time a core goes by: it runs evenly, and follows a reference whose steps it adopts once they have lasted.

    So a clock that is set wrong and set right again changes nothing. NTP clients treat steps of their servers in the
    same way (RFC 5905, 11.3: `STEPT` and `WATCH`).
    """

    # Smaller differences are adopted at once; larger ones are steps, which have to last.
    SMALL_MS = 10_000
    HOLD_S = 300

    def __init__(self, machine: Clock) -> None:
        self._machine = machine
        self._offset = machine.now() - machine.steady()
        self._held_since = 0  # in steady time
        self.step = 0  # how far the reference is ahead by a step that is not adopted yet; below 0: it is behind

    def now(self) -> int:
        return self._machine.steady() + self._offset

    def steady(self) -> int:
        return self._machine.steady()

    async def sleep(self, seconds: float) -> None:
        await self._machine.sleep(seconds)

    def machine_now(self) -> int:
        """What the machine's clock shows."""
        return self._machine.now()

    def compare(self, reference: int) -> int:
        """Take note of the reference's time now. Returns a step that has lasted and is to be adopted; 0: none."""
        ahead, steady = reference - self.now(), self.steady()
        if abs(ahead) <= self.SMALL_MS:
            self._offset, self.step = self._offset + ahead, 0
            return 0
        if not self.step or abs(ahead - self.step) > self.SMALL_MS:
            self._held_since = steady
        self.step = ahead
        return ahead if steady - self._held_since >= self.HOLD_S * 1000 else 0

    def adopt(self, step: int) -> None:
        self._offset, self.step = self._offset + step, 0


class SteppingClock:
    """A clock moved by `advance`, which wakes every sleeper whose time has come, and set by `set_by`."""

    def __init__(self, start_at: int = 1_790_000_000_000) -> None:
        self._now = self._steady = start_at
        self._moved = asyncio.Event()

    def now(self) -> int:
        return self._now

    def steady(self) -> int:
        return self._steady

    def advance(self, seconds: float) -> None:
        passed = round(seconds * 1000)
        self._now, self._steady = self._now + passed, self._steady + passed
        self._moved.set()
        self._moved = asyncio.Event()

    def set_by(self, seconds: float) -> None:
        """Set it forward or back, without any time passing."""
        self._now += round(seconds * 1000)

    async def sleep(self, seconds: float) -> None:
        until = self._steady + round(seconds * 1000)
        while self._steady < until:
            await self._moved.wait()
