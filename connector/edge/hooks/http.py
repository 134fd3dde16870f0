"""Requests and answers of the hook server, and the limits of a request (RFC 9110, RFC 9112)."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus

from msgspec import Struct


class HttpLimits(Struct, frozen=True):
    """Bytes and seconds that one connection may take. Bodies have the limit of what they are sent to."""

    target_bytes: int = 64 * 1024  # a hook by GET has the whole text in its URL, percent-encoded
    head_bytes: int = 16 * 1024  # all header fields together
    fields: int = 64  # header fields
    head_s: float = 10.0  # from the first byte, or from the connection, to the end of the header
    body_s: float = 10.0
    # Providers give up after 15 s (Twilio, "Webhook connection overrides"), so a later answer is not read.
    answer_s: float = 12.0
    write_s: float = 60.0
    idle_s: float = 75.0  # between requests, of a connection that has carried an authenticated hook
    linger_s: float = 1.0  # discards what still arrives, so that a refusal is not lost to a reset (RFC 9112, 9.6)
    linger_bytes: int = 64 * 1024


LIMITS = HttpLimits()


class HttpRequest:
    """A request whose header has arrived; its body follows."""

    __slots__ = ("body", "headers", "is_cut", "is_trusted", "method", "peer", "reserved", "route", "target")

    def __init__(self, method: str, target: str, headers: Mapping[str, str], peer: str) -> None:
        """`target`: path and query exactly as requested. `headers`: names in small letters; `peer`: an IP address."""
        self.method = method
        self.target = target
        self.headers = headers
        self.peer = peer
        self.body = b""
        self.route: object = None  # what the application makes of the target
        self.is_trusted = False  # its connection has carried an authenticated request before
        self.reserved = 0  # bytes, see `ConnectionPool.reserve`
        self.is_cut = False  # the body was longer than is read; `body` has its start, or nothing

    @property
    def path(self) -> str:
        return self.target.partition("?")[0]

    @property
    def length(self) -> int:
        """Content-Length, which the parser has checked; 0 without one."""
        return int(self.headers.get("content-length", 0))


class HttpAnswer(Struct, frozen=True):
    """`is_proven`: the request was authenticated, so its connection counts as the provider's."""

    status: int = 200
    body: bytes = b""
    headers: tuple[tuple[str, str], ...] = ()
    is_proven: bool = False
    closes: bool = False


_REASONS = {status.value: f"HTTP/1.1 {status.value} {status.phrase}\r\n" for status in HTTPStatus}


def rendered(answer: HttpAnswer, *, closes: bool, is_head: bool = False) -> bytes:
    """The bytes of an answer, the last of its connection if `closes`; without its body for a HEAD request."""
    head = _REASONS[answer.status] + "".join([f"{name}: {value}\r\n" for name, value in answer.headers])
    end = "Connection: close\r\n\r\n" if closes else "\r\n"
    return f"{head}Content-Length: {len(answer.body)}\r\n{end}".encode("latin-1") + (b"" if is_head else answer.body)
