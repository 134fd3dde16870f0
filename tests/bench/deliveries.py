"""A load that waits until each message has arrived at the other end: `python -m tests.bench.deliveries desk|url …`.

`desk URL SOCKET COUNT FIRST CONNECTIONS`: signed hooks to URL, events counted at a desk on SOCKET.
`url PORT SINK COUNT FIRST CONNECTIONS`: texts to the HTTP SMSC of a Kannel at PORT, which calls a URL at port SINK for
each; 0 as SINK waits for no deliveries. Prints one JSON object.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from websockets.asyncio.client import unix_connect

from tests.bench.load import drive, request

_PATIENCE_S = 60.0
_EVENT = b'"type":"message_received"'
_ANSWER = b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 0\r\n\r\n"
_SIGN_IN = {"kind": "sign_in", "protocol": 1, "desk": "bench", "agent": "ann", "role": "tool"}


class ArrivalCount:
    """Counts to a number, and knows when it was reached."""

    def __init__(self, wanted: int) -> None:
        self._left = wanted
        self._reached = asyncio.Event()
        self.at = 0.0

    def add(self, count: int) -> None:
        self._left -= count
        if self._left <= 0 and not self._reached.is_set():
            self.at = time.perf_counter()
            self._reached.set()

    async def wait(self) -> None:
        async with asyncio.timeout(_PATIENCE_S):
            await self._reached.wait()


class UrlSink(asyncio.Protocol):
    """Answers each GET with an empty 200."""

    def __init__(self, count: Callable[[int], None]) -> None:
        self._count = count
        self._rest = b""
        self._transport: asyncio.Transport

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        *heads, self._rest = (self._rest + data).split(b"\r\n\r\n")
        self._transport.write(_ANSWER * len(heads))
        self._count(len(heads))


@asynccontextmanager
async def _at_desk(socket: str, arrivals: ArrivalCount) -> AsyncIterator[None]:
    async with unix_connect(socket, "ws://localhost/desk", compression=None, max_size=2**23) as connection:
        await connection.recv()
        await connection.send(json.dumps(_SIGN_IN))
        await connection.recv()

        async def count() -> None:
            async for frame in connection:
                data = frame if isinstance(frame, bytes) else frame.encode()
                arrivals.add(data.count(_EVENT))

        counting = asyncio.get_running_loop().create_task(count())
        await asyncio.sleep(0.5)  # the snapshot is read
        try:
            yield
        finally:
            counting.cancel()


@asynccontextmanager
async def _at_url(port: int, arrivals: ArrivalCount) -> AsyncIterator[None]:
    server = await asyncio.get_running_loop().create_server(lambda: UrlSink(arrivals.add), "127.0.0.1", port)
    async with server:
        yield


def _text(port: int, number: int) -> bytes:
    """A text as Kannel's HTTP SMSC takes it (user guide, "HTTP-based relay and content gateways")."""
    words = f"Number+{number}:+my+parcel+was+due+yesterday+and+has+not+come.+Can+you+look?"
    query = f"username=bench&password=bench&from=%2B1415{number:07d}&to=%2B14155550100&text={words}"
    return f"GET /sms?{query} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n\r\n".encode()


async def _run(kind: str, where: str, arriving: str, count: int, first: int, connections: int) -> dict[str, float]:
    numbers = range(first, first + count)
    arrivals = ArrivalCount(count)
    if kind == "desk":
        url, end, requests = where, _at_desk(arriving, arrivals), [request(where, number) for number in numbers]
    else:
        url, end = f"http://127.0.0.1:{where}/", _at_url(int(arriving), arrivals)
        requests = [_text(int(where), number) for number in numbers]
    async with end:
        began = time.perf_counter()
        said = await drive(url, requests, connections)
        if arriving != "0":
            await arrivals.wait()
            said["delivered_per_s"] = count / (arrivals.at - began)
    return said


if __name__ == "__main__":
    kind, where, arriving, *rest = sys.argv[1:]
    print(json.dumps(asyncio.run(_run(kind, where, arriving, *(int(number) for number in rest)))))
