"""What anybody on the internet can make us write: so much a minute, and then only how much more it was."""

from __future__ import annotations

import logging
from typing import Any

from aiohttp import web
from aiohttp.http_exceptions import HttpProcessingError

from connector.base.clock import Clock

A_MINUTE = 60


class RateLimit:
    """Room for so many in each minute of the clock. What finds none is counted, and told in two lines."""

    def __init__(self, log: logging.Logger, what: str, clock: Clock) -> None:
        """`what` is counted, in words: "calls that prove nothing"."""
        self._log = log
        self._what = what
        self._clock = clock
        self._minute = 0
        self._taken = 0

    def has_one(self) -> bool:
        """Take a place in this minute; False when there is none."""
        minute = self._clock.now() // 60_000
        if minute != self._minute:
            if self._taken > A_MINUTE:
                self._log.warning("%s: %d more in that minute", self._what, self._taken - A_MINUTE)
            self._minute, self._taken = minute, 0
        self._taken += 1
        if self._taken == A_MINUTE + 1:
            self._log.warning("%s: more than %d in a minute, the others are only counted", self._what, A_MINUTE)
        return self._taken <= A_MINUTE


class ServerLog(logging.LoggerAdapter[logging.Logger]):
    """The log of the web server: what is no HTTP, or breaks off, is a stranger's doing and gets one line without a
    trace, which would quote it."""

    def __init__(self, log: logging.Logger, room: RateLimit) -> None:
        super().__init__(log, None)
        self._room = room

    def log(self, level: int, msg: object, *args: object, **more: Any) -> None:
        error = more.get("exc_info")
        if isinstance(error, web.RequestPayloadError):
            return  # told by whoever reads the body; the server looks at what is left of it
        if not isinstance(error, HttpProcessingError | ConnectionError):
            super().log(level, msg, *args, **more)
        elif self._room.has_one():
            self.logger.warning("a call was no HTTP: %s", type(error).__name__)
