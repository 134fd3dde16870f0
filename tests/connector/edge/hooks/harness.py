"""A hook server on loopback whose application answers with what it understood."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

from connector.edge.hooks.connection import HttpConnection
from connector.edge.hooks.connections import ConnectionPool
from connector.edge.hooks.http import LIMITS, HttpAnswer, HttpLimits, HttpRequest

LIMIT = 64
PATIENCE_S = 60.0


# So short that a test of a time limit takes no time, and so long that no other test comes upon one.
QUICK = HttpLimits(head_s=0.5, body_s=0.5, answer_s=0.5, idle_s=0.5, linger_s=0.5, write_s=0.5)


class EchoApplication:
    """Answers with what it understood: method, target, body and the header `x-proof`."""

    def __init__(self) -> None:
        self.requests: list[HttpRequest] = []
        self.broken: list[HttpRequest] = []
        self.is_proven = False
        self.gate: Callable[[], Awaitable[object]] | None = None
        self.large = b""

    def body_limit(self, request: HttpRequest) -> int:
        return LIMIT

    def broke_off(self, request: HttpRequest) -> None:
        self.broken.append(request)

    async def answer(self, request: HttpRequest) -> HttpAnswer:
        self.requests.append(request)
        if self.gate is not None:
            await self.gate()
        if request.is_cut:
            return HttpAnswer(413, closes=True)
        proof = request.headers.get("x-proof", "-")
        body = f"{request.method} {request.target} {request.body.decode()} {proof}".encode() + self.large
        return HttpAnswer(200, body, is_proven=self.is_proven)


class Server:
    def __init__(self, application: EchoApplication, pool: ConnectionPool, port: int) -> None:
        self.application = application
        self.pool = pool
        self.port = port

    async def connected(self, data: bytes, *, limit: int = 2**16) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        """A connection whose first bytes are there when the server accepts it: they meet no time limit.

        `limit`: of what the caller reads ahead.
        """
        connection = socket.create_connection(("127.0.0.1", self.port))
        connection.setblocking(False)
        sent = connection.send(data)
        reader, writer = await asyncio.open_connection(limit=limit, sock=connection)
        writer.write(data[sent:])
        return reader, writer

    async def exchange(self, first: bytes, *parts: bytes, closes: bool = False) -> bytes:
        """Everything that is answered to these parts, until the server closes."""
        reader, writer = await self.connected(first)
        try:
            for part in parts:
                for _ in range(2):  # turns of the loop in which the server reads what was sent before
                    await asyncio.sleep(0)
                writer.write(part)
                await writer.drain()
            if closes:
                writer.write_eof()
            async with asyncio.timeout(PATIENCE_S):
                return await reader.read()
        except ConnectionError:
            return b""
        finally:
            writer.close()


@asynccontextmanager
async def serving(limits: HttpLimits = LIMITS, places: int = 64) -> AsyncIterator[Server]:
    application, pool = EchoApplication(), ConnectionPool(places)
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: HttpConnection(application, pool, limits), "127.0.0.1", 0)
    try:
        yield Server(application, pool, server.sockets[0].getsockname()[1])
    finally:
        server.close()
        await pool.drain(5)


async def answered(reader: asyncio.StreamReader) -> None:
    assert status(await reader.read()) == 408


HEAD = b"POST /x HTTP/1.1\r\nHost: a\r\n"


LAST = b"Connection: close\r\n"


H2C = b"Connection: close, Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAEAAEAAAAIAAAABAAMAAABk\r\n"


CHUNKED = HEAD + LAST + b"Transfer-Encoding: chunked\r\n\r\n"


def status(answer: bytes) -> int:
    return int(answer.split(b" ", 2)[1]) if answer else 0
