"""Rate limit for log lines and stored hooks caused by unauthenticated callers."""

from __future__ import annotations

import logging
from typing import Any

from aiohttp import web
from aiohttp.http_exceptions import HttpProcessingError

from connector.base.clock import Clock

PER_MINUTE = 60


class RateLimit:
    """Allows so many in each minute of the clock. The rest is counted, and logged in two lines."""

    def __init__(self, log: logging.Logger, what: str, clock: Clock) -> None:
        """`what` is counted, for the log: "hooks without proof"."""
        self._log = log
        self._what = what
        self._clock = clock
        self._minute = 0
        self._count = 0

    def allows_one(self) -> bool:
        """Count one; False when this minute's limit is reached."""
        minute = self._clock.now() // 60_000
        if minute != self._minute:
            if self._count > PER_MINUTE:
                self._log.warning("%s: %d more in that minute", self._what, self._count - PER_MINUTE)
            self._minute, self._count = minute, 0
        self._count += 1
        if self._count == PER_MINUTE + 1:
            self._log.warning("%s: more than %d in a minute, the others are only counted", self._what, PER_MINUTE)
        return self._count <= PER_MINUTE


class ServerLog(logging.LoggerAdapter[logging.Logger]):
    """The log of the web server: a request that is not HTTP, or breaks off, gets one line and no traceback, which
    would quote it."""

    def __init__(self, log: logging.Logger, limit: RateLimit) -> None:
        super().__init__(log, None)
        self._limit = limit

    def log(self, level: int, msg: object, *args: object, **more: Any) -> None:
        error = more.get("exc_info")
        if isinstance(error, web.RequestPayloadError):
            return  # logged where the body is read; the server comes upon what is left of it
        if not isinstance(error, HttpProcessingError | ConnectionError):
            super().log(level, msg, *args, **more)
        elif self._limit.allows_one():
            self.logger.warning("a request was not HTTP: %s", type(error).__name__)
