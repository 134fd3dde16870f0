"""The one gate of all outbound HTTP: every call is bounded in time, bytes and concurrency, and never compressed.

How long a call may take, and what has to outlast it:

    10 s  waiting for a place of its account   PLACE_S, then httpx.PoolTimeout: nothing has left
    20 s  the call, from connect to last byte  CALL_S, then httpx.ReadTimeout: it may have left
    60 s  one piece of work, of several calls  `connector.edge.background.workers`
    90 s  the lease of that work               `connector.services.work.LEASE_S`

A send is one call, so its outcome is recorded 30 s after it was claimed at the latest.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Awaitable, Callable, Iterable, Mapping
from contextvars import ContextVar
from http.cookiejar import CookieJar, DefaultCookiePolicy
from operator import attrgetter
from typing import Any

import httpx
from msgspec import Struct

from connector.base.failure import Failure
from connector.providers.network import OwnNetwork, use_network
from connector.providers.trusted_certificates import trusted_certificates

PLACE_S = 10.0
CALL_S = 20.0
CONNECT_S = 5.0  # for the TCP connection, and again for its TLS handshake
ANSWER_BYTES = 64 * 1024
# Everything else a server sends with an answer: status lines, headers, chunk sizes, informational answers.
_OVERHEAD_BYTES = 32 * 1024
# Of all accounts together and of one. Half of an account's 64 are 160 sends a second at 0.2 s each.
_ALL_PLACES, _FEWEST_PLACES, _MOST_PLACES = 128, 8, 64
_KEPT_ALIVE_S = 30.0
# Connections of one httpcore pool: for each call it looks at all of them for each of them, so that a call of a pool of
# 64 takes twice the processor time of one of 8.
_POOL = 8
_MOST_BYTES = "textdesk_most_bytes"


class CallLimits(Struct, frozen=True):
    """Limits of one client. `places`: calls under way at once; `answer_bytes`: of a body, unless a call names more."""

    places: int = _MOST_PLACES
    place_s: float = PLACE_S
    call_s: float = CALL_S
    connect_s: float = CONNECT_S
    answer_bytes: int = ANSWER_BYTES


class AnswerRefused(httpx.DecodingError):
    """The answer is larger than its limit, or compressed. The request has left.

    `status`: of the answer; 0 when there was too much before it.
    """

    def __init__(self, words: str, status: int = 0, *, is_too_large: bool) -> None:
        super().__init__(words)
        self.status = status
        self.is_too_large = is_too_large


def most_bytes(count: int) -> dict[str, Any]:
    """The `extensions` of a call whose answer may have a body of this many bytes, instead of `answer_bytes`."""
    return {_MOST_BYTES: count}


def places_of_each(accounts: int) -> int:
    """The places of each of so many accounts, so that all their connections together stay about the same."""
    return min(_MOST_PLACES, max(_FEWEST_PLACES, _ALL_PLACES // max(1, accounts)))


class _Pool:
    """One pool of connections, and the calls under way in it."""

    def __init__(self, send: Callable[..., Awaitable[httpx.Response]]) -> None:
        self.send = send
        self.calls = 0


class OutboundClient(httpx.AsyncClient):
    """An httpx client with places and connections of its own. Each account has one, so that none waits for another's.

    An answer is read whole before it is returned, `stream=True` or not. Raises httpx.PoolTimeout when no place became
    free (nothing has left), httpx.ReadTimeout when the call took too long, AnswerRefused, and all else httpx raises.
    After any of these its connection is closed. Redirects are never followed, because they would carry credentials to
    another host. Cookies are not stored. Proxies come from the environment; raises Failure if they cannot be used.
    """

    def __init__(
        self,
        limits: CallLimits | None = None,
        *,
        verify: bool = True,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        """`verify`: False and `transport`: for tests."""
        self._call_limits = limits = limits or CallLimits()
        self._places = asyncio.Semaphore(limits.places)
        settings: dict[str, Any] = {
            # The total time is bounded below; these say in which phase a call ended.
            "timeout": httpx.Timeout(limits.call_s, connect=limits.connect_s),
            "limits": httpx.Limits(
                max_connections=_POOL, max_keepalive_connections=_POOL, keepalive_expiry=_KEPT_ALIVE_S
            ),
            "cookies": CookieJar(DefaultCookiePolicy(allowed_domains=())),
            "follow_redirects": False,
            "trust_env": True,
            "verify": verify and trusted_certificates(),
            "transport": transport,
        }
        try:
            super().__init__(**settings)
        except (httpx.InvalidURL, ValueError):
            words = "HTTP_PROXY, HTTPS_PROXY or ALL_PROXY in the environment is not the address of a proxy."
            raise Failure(words, os.EX_CONFIG) from None
        more = 0 if transport else -(-limits.places // _POOL) - 1
        self._more = [httpx.AsyncClient(**settings) for _ in range(more)]
        self._pools = [_Pool(super().send), *(_Pool(client.send) for client in self._more)]
        network = OwnNetwork(count_received)
        for client in (self, *self._more):
            for each in (client._transport, *client._mounts.values()):
                if isinstance(each, httpx.AsyncHTTPTransport):
                    use_network(each, network)

    @property
    def places(self) -> int:
        """Calls that may be under way at once."""
        return self._call_limits.places

    async def aclose(self) -> None:
        await super().aclose()
        await self._close_more()

    async def __aexit__(self, *error: Any) -> None:
        await super().__aexit__(*error)
        await self._close_more()

    async def _close_more(self) -> None:
        for client in self._more:
            await client.aclose()

    async def send(
        self,
        request: httpx.Request,
        *,
        stream: bool = False,
        auth: Any = httpx.USE_CLIENT_DEFAULT,
        follow_redirects: Any = httpx.USE_CLIENT_DEFAULT,
    ) -> httpx.Response:
        limits = self._call_limits
        most = request.extensions.get(_MOST_BYTES, limits.answer_bytes)
        request.headers["Accept-Encoding"] = "identity"
        await self._take_place(request)
        pool = min(self._pools, key=attrgetter("calls"))
        pool.calls += 1
        mark = _received.set(_ReceivedBytes(most + _OVERHEAD_BYTES))
        try:
            async with asyncio.timeout(limits.call_s):
                answer = await pool.send(request, stream=True, auth=auth, follow_redirects=False)
                try:
                    content = await _content(answer, most)
                finally:
                    await answer.aclose()
        except TimeoutError:
            raise httpx.ReadTimeout(f"no whole answer within {limits.call_s:g} s", request=request) from None
        finally:
            _received.reset(mark)
            pool.calls -= 1
            self._places.release()
        return httpx.Response(
            answer.status_code,
            headers=answer.headers,
            content=content,
            request=request,
            extensions={"http_version": answer.extensions.get("http_version", b"")},
        )

    async def _take_place(self, request: httpx.Request) -> None:
        if not self._places.locked():
            await self._places.acquire()
            return
        try:
            async with asyncio.timeout(self._call_limits.place_s):
                await self._places.acquire()
        except TimeoutError:
            raise httpx.PoolTimeout("no place became free", request=request) from None


class AccountClients:
    """The clients of all accounts. One that is open goes on when other accounts come and go."""

    def __init__(self) -> None:
        self._by_account: Mapping[str, OutboundClient] = {}
        self._open: set[OutboundClient] = set()

    def prepared(self, accounts: Iterable[str]) -> dict[str, OutboundClient]:
        """A client for each account: the one that is used, or a new one. Raises Failure.

        A new one has its share of the places of so many accounts; the others have what they had.
        """
        names = list(accounts)
        limits = CallLimits(places=places_of_each(len(names)))
        return {name: self._by_account.get(name) or OutboundClient(limits) for name in names}

    def use(self, prepared: Mapping[str, OutboundClient]) -> list[OutboundClient]:
        """From now on these are the accounts' clients. Returns those that are no account's any more, still open."""
        no_longer = [client for name, client in self._by_account.items() if prepared.get(name) is not client]
        self._by_account = prepared
        self._open.update(prepared.values())
        return no_longer

    async def close(self, client: OutboundClient) -> None:
        self._open.discard(client)
        await client.aclose()

    async def __aenter__(self) -> AccountClients:
        return self

    async def __aexit__(self, *error: object) -> None:
        for client in tuple(self._open):
            await self.close(client)


async def _content(answer: httpx.Response, most: int) -> bytes:
    """The body as it was sent; nothing is ever unpacked, since 1.5 MB can unpack to 1.5 GB."""
    if answer.headers.get("Content-Encoding", "").strip().lower() not in ("", "identity"):
        raise AnswerRefused("a compressed answer", answer.status_code, is_too_large=False)
    too_large = AnswerRefused(f"more than {most} bytes", answer.status_code, is_too_large=True)
    announced = answer.headers.get("Content-Length", "")
    if announced.isdecimal() and int(announced[:20]) > most:
        raise too_large
    content = bytearray()
    async for chunk in answer.aiter_raw():
        content += chunk
        if len(content) > most:
            raise too_large
    return bytes(content)


class _ReceivedBytes:
    """What one call may still receive, of everything above TLS.

    h11 limits a header block and a chunk's size line to 100 kB each, but neither their number nor that of 1xx answers.
    """

    def __init__(self, left: int) -> None:
        self.left = left


_received: ContextVar[_ReceivedBytes | None] = ContextVar("received", default=None)


def count_received(size: int) -> None:
    """Count what the current call has received. Raises AnswerRefused when it is too much."""
    if (received := _received.get()) is not None:
        received.left -= size
        if received.left < 0:
            raise AnswerRefused("too much before or around the answer", is_too_large=True)
