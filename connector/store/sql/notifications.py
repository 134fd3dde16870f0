"""Wake-ups for tasks that wait for a change; a wake-up says only of which kind."""

from __future__ import annotations

import asyncio
import contextlib


class ChangeCounter:
    """Counts changes of one kind, and wakes the tasks of one event loop that wait for the next."""

    def __init__(self) -> None:
        self._count = 0
        self._changed = asyncio.Event()

    def increment(self) -> None:
        self._count += 1
        self._changed.set()
        self._changed = asyncio.Event()

    async def wait(self, timeout_s: float, seen: int | None) -> int:
        """See `ports.Store.wait_for_change`."""
        if seen is None or seen == self._count:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(timeout_s):
                    await self._changed.wait()
        return self._count
