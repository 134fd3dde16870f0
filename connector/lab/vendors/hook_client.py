"""HTTP client of the simulated vendors for the core's hooks and files; it reaches loopback addresses only."""

from __future__ import annotations

import asyncio
import base64
import logging
from collections.abc import Mapping

import httpx
from msgspec import Struct

from connector.base.ip_addresses import is_loopback
from connector.providers.trusted_certificates import trusted_certificates

_log = logging.getLogger(__name__)

_CONNECT_S, _ANSWER_S = 5.0, 15.0


class HookResponse(Struct, frozen=True):
    """The response to one request. Without a `status`, `failure` is `ct` (no connection) or `rt` (no response)."""

    status: int | None
    failure: str = ""
    content_type: str = ""
    body: str = ""

    @property
    def is_ok(self) -> bool:
        return self.status is not None and 200 <= self.status < 300


class HookTarget:
    """The base address of the core's hooks, which may become known only after the simulator has started."""

    def __init__(self, url: str | None) -> None:
        self.known = asyncio.Event()
        self.url = ""
        if url:
            self.move_to(url)

    def move_to(self, url: str) -> None:
        self.url = url.rstrip("/")
        self.known.set()

    def hook(self, provider: str, account: str, kind: str) -> str | None:
        return f"{self.url}/hooks/{provider}/{account}/{kind}" if self.url else None


class HookClient:
    """Sends single requests. A host that is not this machine counts as unreachable."""

    def __init__(self) -> None:
        # The machine's proxy settings are for the internet, and neither vendor follows redirects with a body.
        # Each request has its own connection: with many at once, httpcore can pass a waiting request by for seconds
        # while others take the kept connections it is promised.
        self._http = httpx.AsyncClient(
            trust_env=False,
            verify=trusted_certificates(),
            timeout=httpx.Timeout(_ANSWER_S, connect=_CONNECT_S),
            limits=httpx.Limits(max_connections=None, max_keepalive_connections=0),
        )

    async def close(self) -> None:
        await self._http.aclose()

    async def post_form(
        self,
        url: str,
        form: Mapping[str, str] | None,
        headers: Mapping[str, str],
        *,
        method: str = "POST",
        connect_s: float = _CONNECT_S,
        answer_s: float = _ANSWER_S,
    ) -> HookResponse:
        """Send a form once. Never raises for network errors."""
        limit = httpx.Timeout(answer_s, connect=connect_s)
        return await self._send(self._http.build_request(method, url, data=form, headers=headers, timeout=limit))

    async def post_json(self, url: str, body: object, headers: Mapping[str, str]) -> HookResponse:
        """Send a JSON body once. Never raises for network errors."""
        return await self._send(self._http.build_request("POST", url, json=body, headers=headers))

    async def post_bytes(self, url: str, body: bytes, headers: Mapping[str, str]) -> HookResponse:
        """Send octets once. Never raises for network errors."""
        return await self._send(self._http.build_request("POST", url, content=body, headers=headers))

    async def get(self, url: str, limit: int) -> tuple[HookResponse, int]:
        """Fetch a file; its size is counted up to one octet above `limit`. Never raises for network errors."""
        if not is_loopback(httpx.URL(url).host):
            _log.warning("Not fetched, because it is not on this machine: %s", httpx.URL(url).host)
            return HookResponse(None, "ct"), 0
        size = 0
        try:
            async with self._http.stream("GET", url) as response:
                async for octets in response.aiter_bytes():
                    size = min(size + len(octets), limit + 1)
                    if size > limit:
                        break
        except (httpx.ConnectError, httpx.ConnectTimeout):
            return HookResponse(None, "ct"), 0
        except httpx.TransportError:
            return HookResponse(None, "rt"), size
        return HookResponse(response.status_code, "", response.headers.get("content-type", "")), size

    async def _send(self, request: httpx.Request) -> HookResponse:
        if not is_loopback(request.url.host):
            _log.warning("Not called, because it is not on this machine: %s", request.url.host)
            return HookResponse(None, "ct")
        try:
            response = await self._http.send(request)
        except (httpx.ConnectError, httpx.ConnectTimeout):
            return HookResponse(None, "ct")
        except httpx.TransportError:
            return HookResponse(None, "rt")
        return HookResponse(response.status_code, "", response.headers.get("content-type", ""), response.text)


def basic(user: str, password: str) -> str:
    """The value of an Authorization header."""
    return "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()


def is_web_address(url: str) -> bool:
    """Whether a hook can be sent to `url`."""
    try:
        address = httpx.URL(url)
    except httpx.InvalidURL:
        return False
    return address.scheme in ("http", "https") and bool(address.host)
