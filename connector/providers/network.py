"""The network below one client: names looked up in threads of its own, and received bytes counted for each call."""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

import httpcore
import httpx
from httpcore import AsyncNetworkBackend, AsyncNetworkStream

from connector.base.ip_addresses import parsed

_LOOK_UPS = 4  # at once; a thread waits as long as the system's resolver does, even when its caller has given up
_MOST_ADDRESSES = 4  # of a name that are tried
# Of one read. What is read is parsed before anything else runs, and 8 kB of one-byte chunks take some 7 ms.
_READ_BYTES = 8 * 1024

Received = Callable[[int], None]


def use_network(transport: httpx.AsyncHTTPTransport, network: AsyncNetworkBackend) -> None:
    """Give a transport's connections this network: httpx has no parameter for httpcore's network backend."""
    transport._pool._network_backend = network


class OwnNetwork(AsyncNetworkBackend):
    """A network with threads of its own for look-ups, which reports each read.

    The event loop has a few threads for the look-ups of the whole process: a name server that does not answer one
    account's would hold up those of all.
    """

    def __init__(self, received: Received) -> None:
        """`received` is called with the number of bytes of each read."""
        self._inner = httpcore.AnyIOBackend()
        self._received = received
        self._threads = ThreadPoolExecutor(_LOOK_UPS, thread_name_prefix="name look-up")

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> AsyncNetworkStream:
        """Raises httpcore.ConnectError and ConnectTimeout. The addresses of a name share the time that is left."""
        loop = asyncio.get_running_loop()
        ends_at = None if timeout is None else loop.time() + timeout
        addresses = [host] if parsed(host) is not None else await self._addresses(host, port, timeout)
        failure: httpcore.ConnectError | httpcore.ConnectTimeout = httpcore.ConnectError(f"{host} has no address")
        for number, address in enumerate(addresses):
            share_s = None if ends_at is None else max(0.0, ends_at - loop.time()) / (len(addresses) - number)
            try:
                stream = await self._inner.connect_tcp(address, port, share_s, local_address, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failure = error
            else:
                return _CountedStream(stream, self._received)
        raise failure

    async def _addresses(self, host: str, port: int, timeout_s: float | None) -> list[str]:
        """IPv4 first: where one of the two is not routed, that is mostly IPv6."""
        look_up = partial(socket.getaddrinfo, host, port, type=socket.SOCK_STREAM)
        try:
            async with asyncio.timeout(timeout_s):
                found = await asyncio.get_running_loop().run_in_executor(self._threads, look_up)
        except TimeoutError:
            raise httpcore.ConnectTimeout(f"{host} was not looked up in time") from None
        except OSError as error:
            raise httpcore.ConnectError(str(error)) from error
        found.sort(key=lambda one: one[0] != socket.AF_INET)
        return list(dict.fromkeys(str(one[4][0]) for one in found))[:_MOST_ADDRESSES]


class _CountedStream(AsyncNetworkStream):
    def __init__(self, inner: AsyncNetworkStream, received: Received) -> None:
        self._inner = inner
        self._received = received

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        data = await self._inner.read(min(max_bytes, _READ_BYTES), timeout)
        self._received(len(data))
        return data

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:
        await self._inner.write(buffer, timeout)

    async def aclose(self) -> None:
        await self._inner.aclose()

    async def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> AsyncNetworkStream:
        return _CountedStream(await self._inner.start_tls(ssl_context, server_hostname, timeout), self._received)

    def get_extra_info(self, info: str) -> Any:
        return self._inner.get_extra_info(info)
