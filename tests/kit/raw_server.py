"""A socket server that says byte for byte what a test wants, also what no web server would."""

from __future__ import annotations

import asyncio
import itertools
import re
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import asynccontextmanager, suppress

Says = Callable[["RawServer", asyncio.StreamWriter], Awaitable[None]]

PATIENCE_S = 60.0
OK = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"


def said(answer: bytes) -> Says:
    """These bytes, and the connection stays open."""

    async def say(server: RawServer, writer: asyncio.StreamWriter) -> None:
        writer.write(answer)

    return say


def poured(start: bytes, piece: bytes, pause_s: float = 0.0) -> Says:
    """`start`, then `piece` again and again, as fast as it is read or with a pause before each."""

    async def say(server: RawServer, writer: asyncio.StreamWriter) -> None:
        writer.write(start)
        while True:
            writer.write(piece)
            server.poured += len(piece)
            await writer.drain()
            await asyncio.sleep(pause_s)

    return say


class RawServer:
    """Answers each request as the next of `answers` says, the last one again and again.

    `requests`: the heads that came in; `connections`: how many were opened, `ended`: how many the caller has closed;
    `poured`: bytes of the pieces of `poured`.
    """

    def __init__(self, *answers: Says) -> None:
        self._answers: Iterable[Says] = itertools.chain(answers, itertools.repeat(answers[-1]))
        self.requests: list[bytes] = []
        self.connections = 0
        self.ended = 0
        self.poured = 0
        self.url = ""
        self._changed = asyncio.Event()

    @asynccontextmanager
    async def running(self) -> AsyncIterator[RawServer]:
        server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        host, port = server.sockets[0].getsockname()[:2]
        self.url = f"http://{host}:{port}"
        self._tasks: set[asyncio.Task[None]] = set()
        try:
            yield self
        finally:
            server.close()
            for task in tuple(self._tasks):
                task.cancel()
            await asyncio.gather(*self._tasks, return_exceptions=True)

    async def until_ended(self, count: int) -> None:
        """Wait until the caller has closed so many connections."""
        await self._until(lambda: self.ended >= count)

    async def until_asked(self, count: int) -> None:
        """Wait until so many requests have come in."""
        await self._until(lambda: len(self.requests) >= count)

    async def _until(self, is_so: Callable[[], bool]) -> None:
        async with asyncio.timeout(PATIENCE_S):
            while not is_so():
                self._changed.clear()
                await self._changed.wait()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        if task := asyncio.current_task():
            self._tasks.add(task)
        try:
            with suppress(ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
                while True:
                    head = await reader.readuntil(b"\r\n\r\n")
                    self.requests.append(head)
                    self._changed.set()
                    length = re.search(rb"\r\ncontent-length: *(\d+)", head.lower())
                    await reader.readexactly(int(length[1]) if length else 0)
                    await next(iter(self._answers))(self, writer)
        finally:
            self.ended += 1
            self._changed.set()
            writer.close()
