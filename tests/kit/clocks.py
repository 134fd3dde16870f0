"""A clock moved by hand that knows who waits for it."""

from __future__ import annotations

from connector.base.clock import SteppingClock


class WatchedClock(SteppingClock):
    """Knows how many sleep by it."""

    sleepers = 0

    async def sleep(self, seconds: float) -> None:
        self.sleepers += 1
        try:
            await super().sleep(seconds)
        finally:
            self.sleepers -= 1
