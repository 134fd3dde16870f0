"""A provider's web server on loopback that answers as a test says, and a client that reaches nothing else."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager

import httpx
from aiohttp import web
from msgspec import Struct

from connector.base.ip_addresses import is_loopback
from connector.providers.network import OwnNetwork, use_network
from connector.providers.outbound import CallLimits, OutboundClient, count_received

TIME_LIMIT_S = 20  # of everything that is meant to be answered


class Call(Struct, frozen=True):
    """One request that came in."""

    method: str
    path: str  # with the query, as requested
    headers: dict[str, str]  # names in small letters
    body: bytes


Behaviour = Callable[[web.Request, asyncio.Event], Awaitable[web.StreamResponse]]


def answer(status: int, body: str = "", kind: str = "application/json", **headers: str) -> Behaviour:
    """An ordinary answer; `headers` by their names with underscores."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}

    async def behave(request: web.Request, leaving: asyncio.Event) -> web.StreamResponse:
        return web.Response(status=status, text=body, content_type=kind, headers=named)

    return behave


async def hang_up(request: web.Request, leaving: asyncio.Event) -> web.StreamResponse:
    """The connection ends after the request was read."""
    assert request.transport is not None
    request.transport.abort()
    return web.Response()


async def break_off(request: web.Request, leaving: asyncio.Event) -> web.StreamResponse:
    """The connection ends in the middle of the answer."""
    response = web.StreamResponse(status=200, headers={"content-length": "1000"})
    await response.prepare(request)
    await response.write(b'{"sid": "')
    return await hang_up(request, leaving)


async def stay_silent(request: web.Request, leaving: asyncio.Event) -> web.StreamResponse:
    """No answer comes while the caller waits."""
    await leaving.wait()
    return web.Response()


class VendorServer:
    """Answers every request by `behaviour`, and records the requests in `calls`."""

    def __init__(self) -> None:
        self.behaviour: Behaviour = answer(404)
        self.calls: list[Call] = []
        self.url = ""
        self._leaving = asyncio.Event()

    async def _handle(self, request: web.Request) -> web.StreamResponse:
        headers = {name.lower(): value for name, value in request.headers.items()}
        self.calls.append(Call(request.method, request.path_qs, headers, await request.read()))
        return await self.behaviour(request, self._leaving)

    @asynccontextmanager
    async def running(self) -> AsyncIterator[VendorServer]:
        app = web.Application()
        app.router.add_route("*", "/{rest:.*}", self._handle)
        runner = web.AppRunner(app, access_log=None)
        await runner.setup()
        try:
            site = web.TCPSite(runner, "127.0.0.1", 0)
            await site.start()
            host, port = runner.addresses[0][:2]
            self.url = f"http://{host}:{port}"
            yield self
        finally:
            self._leaving.set()
            for _ in range(5):  # turns of the loop in which a connection that was given up as it was made is accepted
                await asyncio.sleep(0)
            await runner.cleanup()


@contextmanager
def closed_port() -> Iterator[str]:
    """An address on loopback where no server listens, nor can while the port is held."""
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        yield f"http://127.0.0.1:{held.getsockname()[1]}"


@contextmanager
def full_port() -> Iterator[str]:
    """An address on loopback where connections wait for ever: the queue of those to be accepted is full."""
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        held.listen(0)
        waiting: list[socket.socket] = []
        try:
            for _ in range(4):
                one = socket.socket()
                one.setblocking(False)
                one.connect_ex(held.getsockname())
                waiting.append(one)
            yield f"http://127.0.0.1:{held.getsockname()[1]}"
        finally:
            for one in waiting:
                one.close()


class Loopback(httpx.AsyncBaseTransport):
    """Lets requests to loopback through, and records the hosts of all others, which never leave."""

    def __init__(self, limits: httpx.Limits) -> None:
        self.strayed: list[str] = []
        self.inner = httpx.AsyncHTTPTransport(verify=False, trust_env=False, limits=limits)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        if not is_loopback(request.url.host):
            self.strayed.append(request.url.host)
            raise httpx.ConnectError("tests stay on loopback", request=request)
        return await self.inner.handle_async_request(request)

    async def aclose(self) -> None:
        await self.inner.aclose()


@asynccontextmanager
async def loopback_client(
    call_s: float = TIME_LIMIT_S, connect_s: float = TIME_LIMIT_S, pool_s: float = TIME_LIMIT_S, connections: int = 10
) -> AsyncIterator[tuple[OutboundClient, Loopback]]:
    """A client with the limits given: for a call, a new connection, a free place, and how many places there are."""
    transport = Loopback(httpx.Limits(max_connections=connections))
    use_network(transport.inner, OwnNetwork(count_received))
    limits = CallLimits(places=connections, place_s=pool_s, call_s=call_s, connect_s=connect_s)
    async with OutboundClient(limits, transport=transport) as http:
        yield http, transport
