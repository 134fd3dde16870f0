"""A clock moved by hand that knows who waits for it."""

from __future__ import annotations

import asyncio

from connector.base.clock import SteppingClock

_PATIENCE_S = 60.0


class WatchedClock(SteppingClock):
    """Knows how many sleep by it."""

    sleepers = 0

    async def until_sleepers(self, count: int) -> None:
        """Wait until so many sleep by it: one that has not begun to is not woken."""
        async with asyncio.timeout(_PATIENCE_S):
            while self.sleepers != count:
                await asyncio.sleep(0)

    async def sleep(self, seconds: float) -> None:
        self.sleepers += 1
        try:
            await super().sleep(seconds)
        finally:
            self.sleepers -= 1
