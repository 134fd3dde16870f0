"""Reading requests from the bytes of one connection: HTTP/1.1 parsed by llhttp, within limits. Does no I/O.

The parser refuses what could be read in two ways (RFC 9112, 11.2: both lengths, bare line ends, folded fields, blanks
before a colon).
"""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Callable
from enum import Enum
from functools import lru_cache
from typing import NoReturn

from httptools import HttpParserCallbackError, HttpParserError, HttpParserUpgrade, HttpRequestParser

from connector.edge.hooks.http import HttpAnswer, HttpLimits, HttpRequest

log = logging.getLogger(__name__)

# Requests for another protocol that arrive together: each is parsed twice.
_MOST_UPGRADES = 8
# Requests that wait for the answers before theirs, of a caller that has proven nothing. Neither providers nor proxies
# send the next request before the answer; 64 KB can hold 2,500 of them, which take 2 MB once they are parsed.
_MOST_PIPELINED = 16


class _Stop(Exception):
    """Raised in a callback to make the parser stop."""


class _Expected(Enum):
    """What the parser expects next."""

    REQUEST = "request"
    HEAD = "head"
    BODY = "body"


class RequestReader:
    """After each `feed`, `ready` has the requests that have arrived whole, and `is_last` says that no other is read.

    `refusal` is then the answer to what follows those that are ready, if it is not to be ignored.
    """

    def __init__(self, peer: str, limits: HttpLimits, begin: Callable[[HttpRequest], int | HttpAnswer]) -> None:
        """`begin` gets each request once its header is complete, and returns how many bytes of its body to read.

        It may refuse the request instead.
        """
        self.ready: deque[HttpRequest] = deque()
        self.refusal: HttpAnswer | None = None
        self.is_last = False
        self.partial: HttpRequest | None = None  # its header is complete
        self._peer = peer
        self._limits = limits
        self._begin = begin
        self._parser = HttpRequestParser(self)
        self._expected = _Expected.REQUEST
        self._raw_bytes = 0  # received of the present header or body
        self._target = b""
        self._headers: dict[str, str] = {}
        self._head_bytes = 0
        self._wants_upgrade = False
        self._body = bytearray()  # not a list: parts may be of a byte each
        self._body_limit = 0

    @property
    def is_between(self) -> bool:
        """Whether no byte of a further request has arrived."""
        return self._expected is _Expected.REQUEST and not self._raw_bytes

    def feed(self, data: bytes) -> None:
        if self.is_last:
            return
        limits = self._limits
        self._raw_bytes += len(data)
        had_head = self._expected is _Expected.BODY
        try:
            self._parse(data)
        except (HttpParserError, HttpParserUpgrade) as error:
            if isinstance(error, HttpParserCallbackError) and not isinstance(error.__context__, _Stop):
                log.error("a request could not be read", exc_info=error.__context__)
            self.stop(HttpAnswer(400))
        if self._expected is _Expected.BODY and not had_head:
            self._raw_bytes = max(len(data) - len(self._target) - self._head_bytes, 0)
        if self._expected is not _Expected.BODY and self._raw_bytes > limits.target_bytes + limits.head_bytes:
            self.stop(HttpAnswer(431))
        elif self._expected is _Expected.BODY and self._raw_bytes > 2 * self._body_limit + limits.head_bytes:
            self.stop(HttpAnswer(400))  # more chunk sizes than content

    def stop(self, answer: HttpAnswer) -> None:
        """Read no more; what comes after the requests that have arrived whole is answered with this."""
        if not self.is_last:
            self.refusal = answer
            log.warning("a request from %s was refused with %d", self._peer, answer.status)
        self.is_last = True

    def _parse(self, data: bytes) -> None:
        for _ in range(_MOST_UPGRADES):
            try:
                return self._parser.feed_data(data)
            except HttpParserUpgrade as upgrade:
                if not self._wants_upgrade:
                    raise  # CONNECT
                data = self._head_without_upgrade() + data[upgrade.args[0] :]
            self._wants_upgrade = False
            self._parser = HttpRequestParser(self)
        self.stop(HttpAnswer(400))

    def _head_without_upgrade(self) -> bytes:
        """The header of a request for another protocol without that wish, which a server may read it as.

        Java's HttpClient asks for HTTP/2 that way (RFC 9110, 7.8; RFC 7540, 3.2); the parser takes what follows for the
        other protocol.
        """
        connection = [option.strip() for option in self._headers.get("connection", "").split(",")]
        kept = ", ".join(option for option in connection if option.lower() in ("close", "keep-alive"))
        headers = {name: value for name, value in self._headers.items() if name not in ("upgrade", "http2-settings")}
        lines = [f"{name}: {value}\r\n" for name, value in (headers | {"connection": kept}).items() if value]
        version = self._parser.get_http_version().encode()
        head = self._parser.get_method() + b" " + self._target + b" HTTP/" + version + b"\r\n"
        return head + "".join(lines).encode("utf-8", "surrogateescape") + b"\r\n"

    # Called by the parser

    def on_message_begin(self) -> None:
        self._wants_upgrade = False
        self._target = b""
        self._headers = {}
        self._head_bytes = 0
        self._expected = _Expected.HEAD

    def on_url(self, part: bytes) -> None:
        self._target += part
        if len(self._target) > self._limits.target_bytes:
            self._refuse(414)

    def on_header(self, name: bytes, value: bytes) -> None:
        if self._expected is not _Expected.HEAD:
            return  # trailer fields say nothing that counts (RFC 9110, 6.5.1)
        headers = self._headers
        self._head_bytes += len(name) + len(value) + 4
        if self._head_bytes > self._limits.head_bytes or len(headers) >= self._limits.fields:
            self._refuse(431)
        key = _in_small_letters(name)
        text = value.decode("utf-8", "surrogateescape")
        headers[key] = f"{headers[key]}, {text}" if key in headers else text  # RFC 9110, 5.3

    def on_headers_complete(self) -> None:
        parser, headers = self._parser, self._headers
        version = parser.get_http_version()
        if version not in ("1.1", "1.0"):
            self._refuse(505)
        if parser.should_upgrade() and parser.get_method() != b"CONNECT":
            self._wants_upgrade = True
            return
        if parser.should_upgrade() or "," in headers.get("host", "," if version == "1.1" else ""):
            self._refuse(400)
        is_chunked = "transfer-encoding" in headers
        if is_chunked and (headers["transfer-encoding"].lower() != "chunked" or version == "1.0"):
            self._refuse(501)
        target = self._target.decode("utf-8", "surrogateescape")
        request = HttpRequest(parser.get_method().decode("latin-1"), target, headers, self._peer)
        limit = self._begin(request)
        if isinstance(limit, HttpAnswer):
            self.stop(limit)
            raise _Stop
        self.partial = request
        self._expected = _Expected.BODY
        self._body, self._body_limit = bytearray(), limit
        self._raw_bytes = 0
        if request.length > limit:
            self._cut()

    def on_body(self, part: bytes) -> None:
        if len(self._body) + len(part) > self._body_limit:
            self._cut()
        self._body += part

    def on_message_complete(self) -> None:
        if self._wants_upgrade:
            return  # it is read once more
        self._raw_bytes = 0
        self._expected = _Expected.REQUEST
        self.is_last = self.is_last or not self._parser.should_keep_alive()
        self._have_arrived()

    def _cut(self) -> NoReturn:
        """The body is longer than is read of it: give what there is, and read no more."""
        assert self.partial is not None
        self.partial.is_cut = self.is_last = True
        self._have_arrived()
        raise _Stop

    def _have_arrived(self) -> None:
        request, self.partial = self.partial, None
        assert request is not None
        request.body = bytes(self._body)
        self._body = bytearray()
        self.ready.append(request)
        if len(self.ready) >= _MOST_PIPELINED and not request.is_trusted:
            self.is_last = True
            raise _Stop

    def _refuse(self, status: int) -> NoReturn:
        self.stop(HttpAnswer(status))
        raise _Stop


@lru_cache(maxsize=256)
def _in_small_letters(name: bytes) -> str:
    return name.decode("latin-1").lower()
