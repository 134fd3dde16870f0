"""Retry until the store is available: what has to be recorded is held in memory until it can be."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

from connector.store.ports import StoreUnavailable

T = TypeVar("T")
log = logging.getLogger(__name__)

_PAUSE_S = 1.0


async def until_available(attempt: Callable[[], Coroutine[Any, Any, T]]) -> T:
    """The result of the first attempt that does not raise StoreUnavailable. Each reason is logged once, and its end."""
    logged = ""
    while True:
        try:
            result = await attempt()
        except StoreUnavailable as error:
            if (reason := str(error)) != logged:
                log.error("the store is not available, trying again: %s", reason)
                logged = reason
            await asyncio.sleep(_PAUSE_S)
        else:
            if logged:
                log.warning("the store is available again")
            return result
