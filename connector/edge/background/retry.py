"""Getting through times without a database: what is to be recorded stays in hand until it is."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

from connector.store.ports import StoreUnavailable

T = TypeVar("T")
log = logging.getLogger(__name__)

_PAUSE_S = 1.0


async def through_outages(attempt: Callable[[], Coroutine[Any, Any, T]]) -> T:
    """Do it until the store takes it."""
    while True:
        try:
            return await attempt()
        except StoreUnavailable as error:
            log.error("the store is not available, trying again: %s", error)
            await asyncio.sleep(_PAUSE_S)
