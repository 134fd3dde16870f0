"""One connection of the hook server: requests are answered one after another, each phase within its time.

What a caller sends while a request is answered is not read before the answer has left.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from enum import Enum
from typing import Protocol, cast

from connector.base.ip_addresses import network_of
from connector.edge.hooks.connections import ConnectionPool
from connector.edge.hooks.http import HttpAnswer, HttpLimits, HttpRequest, rendered
from connector.edge.hooks.request_reader import RequestReader

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


class _Phase(Enum):
    READING = "reading"
    ANSWERING = "answering"
    WRITING = "writing"  # the caller takes the answer slowly
    LINGERING = "lingering"  # answered for the last time; what still comes is discarded
    CLOSED = "closed"


class HttpConnection(asyncio.Protocol):
    """See `ConnectionPool` for how many there may be. `deadline` is in the loop's time."""

    def __init__(self, application: HttpApplication, pool: ConnectionPool, limits: HttpLimits) -> None:
        self.peer = self.source = ""
        self.deadline = 0.0
        self.reserved = 0  # bytes, see `ConnectionPool.reserve`
        self._application = application
        self._pool = pool
        self._limits = limits
        self._loop = asyncio.get_running_loop()
        self._phase = _Phase.READING
        self._transport: asyncio.Transport
        self._reader: RequestReader
        self._task: asyncio.Task[None] | None = None
        self._unread = b""  # arrived while a request is answered
        self._discarded_bytes = 0

    # Called by the pool

    @property
    def is_waiting(self) -> bool:
        """Whether it is the caller's turn: nothing is being answered."""
        return self._task is None

    def expire(self) -> None:
        """The deadline of the present phase has passed."""
        if self._task is not None:
            self._task.cancel()  # ends in 503
            self._within(self._limits.answer_s)
        elif self._phase is _Phase.READING and not self._reader.is_between:
            self._report_partial()
            self._reader.stop(HttpAnswer(408))
            self._go_on()
        else:
            self.abort()

    def drain(self) -> None:
        """Answer what has arrived, take nothing more, and close."""
        self._reader.is_last = True
        if self._task is None and self._phase is not _Phase.WRITING:
            self._transport.close()

    def abort(self) -> None:
        """Close at once."""
        self._phase = _Phase.CLOSED
        self._transport.abort()

    # Called by the event loop

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)
        self._transport.set_write_buffer_limits(high=0)
        self.peer = (transport.get_extra_info("peername") or ("",))[0]
        self.source = network_of(self.peer)
        self._reader = RequestReader(self.peer, self._limits, self._begin)
        self._within(self._limits.head_s)
        if not self._pool.add(self):
            self.abort()

    def connection_lost(self, error: Exception | None) -> None:
        self._phase = _Phase.CLOSED
        if self._task is None:  # else its place and its time limit are needed until the answer is there
            self._pool.remove(self)
        self._report_partial()

    def eof_received(self) -> bool:
        """A caller may close its side once it has sent a request, and still read the answer."""
        self._reader.is_last = True
        return self._task is not None or self._phase is _Phase.WRITING

    def pause_writing(self) -> None:
        self._phase = _Phase.WRITING
        self._within(self._limits.write_s)

    def resume_writing(self) -> None:
        if self._phase is _Phase.WRITING:
            self._go_on()

    def data_received(self, data: bytes) -> None:
        if self._phase is _Phase.LINGERING:
            self._discarded_bytes += len(data)
            if self._discarded_bytes > self._limits.linger_bytes:
                self.abort()
        elif self._task is not None or self._phase is _Phase.WRITING:
            self._unread += data
            self._transport.pause_reading()
        else:
            self._read(data)

    def _read(self, data: bytes) -> None:
        if self._reader.is_between:
            self._within(self._limits.head_s)
        self._reader.feed(data)
        self._go_on()

    def _begin(self, request: HttpRequest) -> int | HttpAnswer:
        """How much of the body is read of a request whose header is complete; see `RequestReader`."""
        request.is_trusted = self._pool.is_proven(self)
        limit = self._application.body_limit(request)
        is_chunked = "transfer-encoding" in request.headers
        reserved = self._pool.reserve(self, limit if is_chunked else min(request.length, limit))
        if reserved is None:
            return HttpAnswer(503)
        request.reserved = reserved
        is_next = self._phase is _Phase.READING and not self._reader.ready
        if is_next and request.length <= limit and request.headers.get("expect", "").lower() == "100-continue":
            self._transport.write(_CONTINUE)
        self._within(self._limits.body_s)
        return limit

    def _report_partial(self) -> None:
        request, self._reader.partial = self._reader.partial, None
        if request is not None:
            self._application.broke_off(request)

    def _within(self, limit_s: float) -> None:
        self.deadline = self._loop.time() + limit_s

    def _go_on(self) -> None:
        """Do what comes next: answer a request, refuse, close, or wait for the caller."""
        reader = self._reader
        if reader.ready:
            self._phase = _Phase.ANSWERING
            self._within(self._limits.answer_s)
            # Owned by this connection, which the pool waits for: a supervised task costs twice as much.
            self._task = self._loop.create_task(self._answer(reader.ready.popleft()))
        elif reader.is_last:
            if reader.refusal is not None:
                self._transport.write(rendered(reader.refusal, closes=True))
            self._linger()
        elif self._phase is not _Phase.READING:
            self._read_on()

    def _read_on(self) -> None:
        limits = self._limits
        is_idle = self._reader.is_between and self._pool.is_proven(self)
        self._phase = _Phase.READING
        self._within(limits.idle_s if is_idle else limits.head_s)
        if self._unread:
            data, self._unread = self._unread, b""
            self._transport.resume_reading()
            self._read(data)

    async def _answer(self, request: HttpRequest) -> None:
        try:
            answer = await self._application.answer(request)
        except asyncio.CancelledError:
            answer = HttpAnswer(503)
        except Exception:
            log.exception("a request of the hook server was not answered")
            answer = HttpAnswer(500)
        self._task = None
        self._pool.release(self, request.reserved)
        if self._phase is _Phase.CLOSED:
            self._pool.remove(self)
            return
        reader = self._reader
        if answer.is_proven:
            self._pool.prove(self)
        elif answer.closes:
            reader.is_last, reader.refusal = True, None
            reader.ready.clear()
        is_last = reader.is_last and not reader.ready and reader.refusal is None
        self._transport.write(rendered(answer, closes=is_last, is_head=request.method == "HEAD"))
        if self._phase is not _Phase.WRITING:  # else the buffer empties first
            self._go_on()

    def _linger(self) -> None:
        """Close our side, and discard what still arrives until the caller closes theirs (RFC 9112, 9.6)."""
        self._reader.refusal = self._reader.partial = None
        self._pool.release(self, self.reserved)
        self._phase = _Phase.LINGERING
        self._within(self._limits.linger_s)
        with contextlib.suppress(OSError):  # the answer came upon a connection that the caller had closed
            self._transport.write_eof()
        if self._unread:
            self._unread = b""
            self._transport.resume_reading()
