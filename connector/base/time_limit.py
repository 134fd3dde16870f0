"""A time limit for something awaited."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from typing import TypeVar

T = TypeVar("T")


async def within(limit_s: float, work: Awaitable[T], otherwise: T) -> T:
    """The result of `work`; `otherwise` when it was cancelled after the limit, or raised TimeoutError itself."""
    try:
        async with asyncio.timeout(limit_s):
            return await work
    except TimeoutError:
        return otherwise
