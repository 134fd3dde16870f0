"""Reading the body of a hook: its sender is not known yet, its length is not to be trusted, and it may never end."""

from __future__ import annotations

from aiohttp import web
from aiohttp.http_exceptions import HttpProcessingError

_MAX_BYTES = 1024 * 1024


class BodyTooLong(Exception):
    """The body exceeds the limit; `start` is what was read of it."""

    def __init__(self, start: bytes) -> None:
        super().__init__(f"longer than {_MAX_BYTES // 1024:,} KB")
        self.start = start


class BodyBroken(Exception):
    """The body is incomplete, or not encoded as its headers say. The text says which, and quotes nothing of it."""


async def read_body(request: web.Request) -> bytes:
    """Raises BodyTooLong and BodyBroken."""
    body = bytearray()
    try:
        while chunk := await request.content.readany():
            body += chunk
            if len(body) > _MAX_BYTES:
                raise BodyTooLong(bytes(body))
    except ConnectionError:
        raise BodyBroken("the connection closed before its end") from None
    except (HttpProcessingError, web.RequestPayloadError):
        raise BodyBroken("its body is not encoded as its headers say") from None
    return bytes(body)
