"""An SMSC on loopback that speaks as much SMPP 3.4 as Kannel uses: one session, texts both ways, receipts.

Written from the specification, "SMPP v3.4 Issue 1.2", sections 3 to 5 and appendix B. It offers a text again until the
session has acknowledged it, as SMSCs do.
"""

from __future__ import annotations

import asyncio
import itertools
import struct
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

_BINDS = (0x01, 0x02, 0x09)
_SUBMIT, _DELIVER, _UNBIND, _ENQUIRE = 0x04, 0x05, 0x06, 0x15
_ANSWER = 0x80000000
_INTERNATIONAL, _SHORT = 1, 3
_PATIENCE_S = 5.0


@dataclass
class Submitted:
    """A segment that came from the gateway."""

    id: str
    source: str
    destination: str
    octets: bytes  # with its header
    has_header: bool
    coding: int
    wants_receipt: bool
    at: float = field(default_factory=time.time)

    @property
    def header(self) -> bytes:
        return self.octets[: 1 + self.octets[0]] if self.has_header else b""

    @property
    def text(self) -> str:
        rest = self.octets[len(self.header) :]
        return rest.decode("utf-16-be") if self.coding == 8 else rest.decode("latin-1")


class Smsc:
    """`states`: the state of the receipt of a segment, e.g. `DELIVRD`, with its error; None: no receipt."""

    def __init__(self) -> None:
        self.submitted: list[Submitted] = []
        self.acknowledged = 0  # texts that the gateway has taken
        self.states: Callable[[Submitted], tuple[str, str] | None] = lambda one: ("DELIVRD", "000")
        self.refuses: Callable[[Submitted], int] = lambda one: 0  # a command status
        self.port = 0
        self._numbers = itertools.count(1)
        self._waiting: dict[int, asyncio.Future[int]] = {}
        self._writer: asyncio.StreamWriter | None = None
        self._bound = asyncio.Event()
        self._tasks: set[asyncio.Task[None]] = set()

    @asynccontextmanager
    async def running(self) -> AsyncIterator[Smsc]:
        server = await asyncio.start_server(self._serve, "127.0.0.1", self.port)
        self.port = server.sockets[0].getsockname()[1]
        try:
            yield self
        finally:
            server.close()
            for task in self._tasks:
                task.cancel()
            if self._writer is not None:
                self._writer.close()

    async def text(self, source: str, destination: str, octets: bytes, coding: int = 0, header: bytes = b"") -> None:
        """A consumer's text, or segment; returns once the gateway has acknowledged it."""
        await self._until_acknowledged(_body(source, destination, header + octets, coding, 0x40 if header else 0))
        self.acknowledged += 1

    async def bound(self) -> None:
        await self._bound.wait()

    async def _until_acknowledged(self, body: bytes) -> None:
        while True:
            await self._bound.wait()
            number = next(self._numbers)
            acknowledged = self._waiting[number] = asyncio.get_running_loop().create_future()
            self._write(_DELIVER, number, body)
            try:
                async with asyncio.timeout(_PATIENCE_S):
                    if await acknowledged == 0:
                        return
            except (TimeoutError, ConnectionError):
                pass
            finally:
                self._waiting.pop(number, None)
            await asyncio.sleep(0.2)

    def _write(self, command: int, number: int, body: bytes = b"", status: int = 0) -> None:
        if self._writer is not None:
            self._writer.write(struct.pack(">IIII", 16 + len(body), command, status, number) + body)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._writer = writer
        try:
            while True:
                size, command, status, number = struct.unpack(">IIII", await reader.readexactly(16))
                body = await reader.readexactly(size - 16)
                self._take(command, status, number, body)
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            if self._writer is writer:
                self._bound.clear()
                for waiting in self._waiting.values():
                    if not waiting.done():
                        waiting.set_exception(ConnectionError())
            writer.close()

    def _take(self, command: int, status: int, number: int, body: bytes) -> None:
        if command in _BINDS:
            self._write(_ANSWER | command, number, b"simulated\0")
            self._bound.set()
        elif command == _SUBMIT:
            self._submit(number, body)
        elif command == _ANSWER | _DELIVER and number in self._waiting and not self._waiting[number].done():
            self._waiting[number].set_result(status)
        elif command in (_ENQUIRE, _UNBIND):
            self._write(_ANSWER | command, number)

    def _submit(self, number: int, body: bytes) -> None:
        parts = _Fields(body)
        parts.text()
        source, destination = parts.address(), parts.address()
        kind = parts.octets(3)[0]
        parts.text()
        parts.text()
        registered, _, coding, _, length = parts.octets(5)
        octets, id_ = parts.octets(length), f"{next(self._numbers):x}"
        one = Submitted(id_, source, destination, octets, bool(kind & 0x40), coding, bool(registered))
        if status := self.refuses(one):
            self._write(_ANSWER | _SUBMIT, number, b"\0", status)
            return
        self.submitted.append(one)
        self._write(_ANSWER | _SUBMIT, number, one.id.encode() + b"\0")
        if one.wants_receipt and (state := self.states(one)) is not None:
            words = (
                f"id:{one.id} sub:001 dlvrd:001 submit date:2611281200 done date:2611281201"
                f" stat:{state[0]} err:{state[1]} text:"
            )
            receipt = _body(one.destination, one.source, words.encode(), 0, 0x04)
            task = asyncio.get_running_loop().create_task(self._until_acknowledged(receipt))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)


class _Fields:
    def __init__(self, body: bytes) -> None:
        self._body = body

    def octets(self, count: int) -> bytes:
        found, self._body = self._body[:count], self._body[count:]
        return found

    def text(self) -> str:
        found, _, self._body = self._body.partition(b"\0")
        return found.decode("latin-1")

    def address(self) -> str:
        kind = self.octets(2)[0]
        digits = self.text()
        return f"+{digits}" if kind == _INTERNATIONAL else digits


def _body(source: str, destination: str, octets: bytes, coding: int, kind: int) -> bytes:
    fields = b"\0" + _address(source) + _address(destination) + bytes([kind, 0, 0]) + b"\0\0"
    return fields + bytes([0, 0, coding, 0, len(octets)]) + octets


def _address(number: str) -> bytes:
    kind = _INTERNATIONAL if number.startswith("+") else _SHORT
    return bytes([kind, 1]) + number.lstrip("+").encode() + b"\0"
