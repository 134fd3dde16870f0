"""Reading the body of a call from the internet: its length is anybody's, and it may never end."""

from __future__ import annotations

from aiohttp import web
from aiohttp.http_exceptions import HttpProcessingError

BIGGEST_BODY = 1024 * 1024


class TooLong(Exception):
    """Longer than is read; `start` is what was read of it."""

    def __init__(self, start: bytes) -> None:
        super().__init__(f"longer than {BIGGEST_BODY // 1024:,} KB")
        self.start = start


class BrokenOff(Exception):
    """It has no end, or not the form that its headers say. The text says which, and nothing of what came."""


async def whole_body(request: web.Request) -> bytes:
    """Raises TooLong and BrokenOff."""
    body = bytearray()
    try:
        while chunk := await request.content.readany():
            body += chunk
            if len(body) > BIGGEST_BODY:
                raise TooLong(bytes(body))
    except ConnectionError:
        raise BrokenOff("the caller hung up before its end") from None
    except (HttpProcessingError, web.RequestPayloadError):
        raise BrokenOff("its body is not encoded as its headers say") from None
    return bytes(body)
