"""One connection of the hook server: HTTP/1.1 parsed by llhttp, within limits of bytes and time.

The parser refuses what could be read in two ways (RFC 9112, 11.2: both lengths, bare line ends, folded fields, blanks
before a colon). Requests are answered one after another; what a caller sends meanwhile is not read.
"""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from enum import Enum
from functools import lru_cache
from typing import NoReturn, Protocol, cast

from httptools import HttpParserCallbackError, HttpParserError, HttpParserUpgrade, HttpRequestParser

from connector.edge.hooks.connections import ConnectionPool
from connector.edge.hooks.http import HttpAnswer, HttpLimits, HttpRequest, rendered

log = logging.getLogger(__name__)

_CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"


class HttpApplication(Protocol):
    """What answers the requests of all connections."""

    def body_limit(self, request: HttpRequest) -> int:
        """The longest body, in bytes, that is read of a request with this header. What is longer is cut."""
        ...

    async def answer(self, request: HttpRequest) -> HttpAnswer: ...

    def broke_off(self, request: HttpRequest) -> None:
        """The connection closed, or was closed for slowness, before the end of the body."""


class _Stop(Exception):
    """Raised in a callback to make the parser stop."""


class _Parsing(Enum):
    """What the parser expects next."""

    NOTHING = "nothing"  # the first byte of a request
    HEAD = "head"
    BODY = "body"


class _Phase(Enum):
    READING = "reading"
    ANSWERING = "answering"
    WRITING = "writing"  # the caller takes the answer slowly
    LINGERING = "lingering"  # answered for the last time; what still comes is discarded
    CLOSED = "closed"


@lru_cache(maxsize=256)
def _in_small_letters(name: bytes) -> str:
    return name.decode("latin-1").lower()


class HttpConnection(asyncio.Protocol):
    """See `ConnectionPool` for how many there may be. `deadline` is in the loop's time."""

    def __init__(self, application: HttpApplication, pool: ConnectionPool, limits: HttpLimits) -> None:
        self.peer = ""
        self.deadline = 0.0
        self.reserved = 0  # bytes, see `ConnectionPool.reserve`
        self._application = application
        self._pool = pool
        self._limits = limits
        self._loop = asyncio.get_running_loop()
        self._parser = HttpRequestParser(self)
        self._phase = _Phase.READING
        self._parsing = _Parsing.NOTHING
        self._transport: asyncio.Transport
        self._task: asyncio.Task[None] | None = None
        self._ready: deque[HttpRequest] = deque()  # pipelined requests that have arrived whole
        self._refusal: HttpAnswer | None = None  # of what follows those that are ready
        self._unfed = b""  # arrived while a request is answered
        self._is_last = False  # no request is read after those in `_ready`
        self._raw_bytes = 0  # received of the present header or body
        self._target = b""
        self._headers: dict[str, str] = {}
        self._head_bytes = 0
        self._request: HttpRequest | None = None
        self._body: list[bytes] = []
        self._body_limit = 0
        self._body_bytes = 0

    # Called by the pool

    @property
    def is_waiting(self) -> bool:
        """Whether it is the caller's turn: nothing is being answered."""
        return self._task is None

    def expire(self) -> None:
        """The deadline of the present phase has passed."""
        if self._task is not None:
            self._task.cancel()  # ends in 503
            self.deadline = self._loop.time() + self._limits.answer_s
        elif self._phase is _Phase.READING and (self._raw_bytes or self._request is not None):
            self._say_if_cut_short()
            self._stop_reading(HttpAnswer(408))
            self._go_on()
        else:
            self.abort()

    def drain(self) -> None:
        """Answer what has arrived, take nothing more, and close."""
        self._is_last = True
        if self._task is None and self._phase is not _Phase.WRITING:
            self._transport.close()

    def abort(self) -> None:
        """Close at once."""
        self._phase = _Phase.CLOSED
        self._transport.abort()

    # Called by the event loop

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)
        self.peer = (transport.get_extra_info("peername") or ("",))[0]
        self._transport.set_write_buffer_limits(high=0)
        self.deadline = self._loop.time() + self._limits.head_s
        if not self._pool.add(self):
            self.abort()

    def connection_lost(self, error: Exception | None) -> None:
        self._phase = _Phase.CLOSED
        self._pool.remove(self)
        self._say_if_cut_short()

    def _say_if_cut_short(self) -> None:
        request, self._request = self._request, None
        if request is not None:
            self._application.broke_off(request)

    def eof_received(self) -> bool:
        """A caller may close its side once it has sent a request, and still read the answer."""
        self._is_last = True
        return self._task is not None or self._phase is _Phase.WRITING

    def pause_writing(self) -> None:
        self._phase = _Phase.WRITING
        self.deadline = self._loop.time() + self._limits.write_s

    def resume_writing(self) -> None:
        if self._phase is _Phase.WRITING:
            self._go_on()

    def data_received(self, data: bytes) -> None:
        if self._phase is _Phase.LINGERING:
            self._raw_bytes += len(data)
            if self._raw_bytes > self._limits.linger_bytes:
                self.abort()
        elif self._task is not None or self._phase is _Phase.WRITING:
            self._unfed += data
            self._transport.pause_reading()
        elif not self._is_last:
            self._feed(data)

    def _feed(self, data: bytes) -> None:
        limits = self._limits
        if not self._raw_bytes and self._parsing is _Parsing.NOTHING:
            self.deadline = self._loop.time() + limits.head_s
        self._raw_bytes += len(data)
        had_head = self._parsing is _Parsing.BODY
        try:
            self._parser.feed_data(data)
        except (HttpParserError, HttpParserUpgrade) as error:
            if isinstance(error, HttpParserCallbackError) and not isinstance(error.__context__, _Stop):
                log.error("a request could not be read", exc_info=error.__context__)
            self._stop_reading(HttpAnswer(400))
        if self._parsing is _Parsing.BODY and not had_head:
            self._raw_bytes = max(len(data) - len(self._target) - self._head_bytes, 0)
        if self._parsing is not _Parsing.BODY and self._raw_bytes > limits.target_bytes + limits.head_bytes:
            self._stop_reading(HttpAnswer(431))
        elif self._parsing is _Parsing.BODY and self._raw_bytes > 2 * self._body_limit + limits.head_bytes:
            self._stop_reading(HttpAnswer(400))  # more chunk sizes than content
        self._go_on()

    # Called by the parser

    def on_message_begin(self) -> None:
        self._target = b""
        self._headers = {}
        self._head_bytes = 0
        self._parsing = _Parsing.HEAD

    def on_url(self, part: bytes) -> None:
        self._target += part
        if len(self._target) > self._limits.target_bytes:
            self._stop_parsing(414)

    def on_header(self, name: bytes, value: bytes) -> None:
        if self._parsing is not _Parsing.HEAD:
            return  # trailer fields say nothing that counts (RFC 9110, 6.5.1)
        headers = self._headers
        self._head_bytes += len(name) + len(value) + 4
        if self._head_bytes > self._limits.head_bytes or len(headers) >= self._limits.fields:
            self._stop_parsing(431)
        key = _in_small_letters(name)
        text = value.decode("utf-8", "surrogateescape")
        headers[key] = f"{headers[key]}, {text}" if key in headers else text  # RFC 9110, 5.3

    def on_headers_complete(self) -> None:
        parser, headers = self._parser, self._headers
        version = parser.get_http_version()
        if version not in ("1.1", "1.0"):
            self._stop_parsing(505)
        if parser.should_upgrade() or "," in headers.get("host", "," if version == "1.1" else ""):
            self._stop_parsing(400)
        is_chunked = "transfer-encoding" in headers
        if is_chunked and (headers["transfer-encoding"].lower() != "chunked" or version == "1.0"):
            self._stop_parsing(501)
        target = self._target.decode("utf-8", "surrogateescape")
        request = HttpRequest(parser.get_method().decode("latin-1"), target, headers, self.peer)
        request.is_trusted = self._pool.is_proven(self)
        limit = self._application.body_limit(request)
        if not self._pool.reserve(self, limit if is_chunked else min(request.length, limit)):
            self._stop_parsing(503)
        self._request = request
        self._parsing = _Parsing.BODY
        self._body, self._body_bytes, self._body_limit = [], 0, limit
        if request.length > limit:
            self._cut()
        if headers.get("expect", "").lower() == "100-continue" and self._phase is _Phase.READING and not self._ready:
            self._transport.write(_CONTINUE)
        self._raw_bytes = 0
        self.deadline = self._loop.time() + self._limits.body_s

    def on_body(self, part: bytes) -> None:
        self._body_bytes += len(part)
        if self._body_bytes > self._body_limit:
            self._cut()
        self._body.append(part)

    def on_message_complete(self) -> None:
        self._raw_bytes = 0
        self._parsing = _Parsing.NOTHING
        self._is_last = self._is_last or not self._parser.should_keep_alive()
        self._have_arrived()

    def _cut(self) -> NoReturn:
        """The body is longer than is read of it: answer what there is, and read no more."""
        assert self._request is not None
        self._request.is_cut = self._is_last = True
        self._have_arrived()
        raise _Stop

    def _have_arrived(self) -> None:
        request, self._request = self._request, None
        assert request is not None
        request.body = b"".join(self._body)
        self._body = []
        self._ready.append(request)

    def _stop_parsing(self, status: int) -> NoReturn:
        self._stop_reading(HttpAnswer(status))
        raise _Stop

    # Answering

    def _stop_reading(self, answer: HttpAnswer) -> None:
        """Answer with this after the requests that have arrived whole; then close."""
        if not self._is_last:
            self._refusal = answer
            log.warning("a request from %s was refused with %d", self.peer, answer.status)
        self._is_last = True

    def _go_on(self) -> None:
        """Do what comes next: answer a request, refuse, close, or wait for the caller."""
        if self._ready:
            self._phase = _Phase.ANSWERING
            self.deadline = self._loop.time() + self._limits.answer_s
            self._task = self._loop.create_task(self._answer(self._ready.popleft()))
        elif self._refusal is not None:
            self._transport.write(rendered(self._refusal, closes=True))
            self._linger()
        elif self._is_last:
            self._linger()
        elif self._phase is not _Phase.READING:
            self._read_on()

    def _read_on(self) -> None:
        limits = self._limits
        is_idle = self._parsing is _Parsing.NOTHING and self._pool.is_proven(self)
        self._phase = _Phase.READING
        self.deadline = self._loop.time() + (limits.idle_s if is_idle else limits.head_s)
        self._pool.release(self)
        if self._unfed:
            data, self._unfed = self._unfed, b""
            self._transport.resume_reading()
            self._feed(data)

    async def _answer(self, request: HttpRequest) -> None:
        try:
            answer = await self._application.answer(request)
        except asyncio.CancelledError:
            answer = HttpAnswer(503)
        except Exception:
            log.exception("a request of the hook server was not answered")
            answer = HttpAnswer(500)
        self._task = None
        if self._phase is _Phase.CLOSED:
            return
        if answer.is_proven:
            self._pool.prove(self)
        elif answer.closes:
            self._is_last, self._refusal = True, None
            self._ready.clear()
        is_last = self._is_last and not self._ready and self._refusal is None
        self._transport.write(rendered(answer, closes=is_last, is_head=request.method == "HEAD"))
        if self._phase is not _Phase.WRITING:  # else the buffer empties first
            self._go_on()

    def _linger(self) -> None:
        """Close our side, and discard what still arrives until the caller closes theirs (RFC 9112, 9.6)."""
        self._request = None
        self._raw_bytes = 0
        self._pool.release(self)
        self._phase = _Phase.LINGERING
        self.deadline = self._loop.time() + self._limits.linger_s
        if self._transport.can_write_eof():
            self._transport.write_eof()
        if self._unfed:
            self._unfed = b""
            self._transport.resume_reading()
