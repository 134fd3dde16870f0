"""Calls from the simulated vendors to the core: one try, and each vendor's own way of trying again."""

from __future__ import annotations

import asyncio
import base64
import contextlib
import ipaddress
import logging
from collections.abc import Callable, Mapping
from urllib.parse import parse_qs, urldefrag, urlencode

import httpx
from msgspec import Struct
from twilio.request_validator import SIGNATURE_HEADER, RequestValidator

from connector.base.clock import Clock

_log = logging.getLogger(__name__)

_CONNECT_S, _ANSWER_S = 5.0, 15.0

# OpenMarket tries for hours to days; ten minutes are enough to see a core come back.
_OPENMARKET_PAUSES_S = (0.5, 1, 2, 4, 8, 16, *[30] * 20)


class HookResponse(Struct, frozen=True):
    """What came of one call. Without a `status`, `failure` says why: `ct` (no connection) or `rt` (no answer)."""

    status: int | None
    failure: str = ""
    content_type: str = ""
    body: str = ""

    @property
    def is_ok(self) -> bool:
        return self.status is not None and 200 <= self.status < 300


class ConnectionOverrides(Struct, frozen=True):
    """Twilio's connection overrides, the fragment of an address. `reasons` are among 4xx 5xx ct rt all.

    Source: https://www.twilio.com/docs/usage/webhooks/webhooks-connection-overrides
    """

    address: str
    retries: int
    reasons: frozenset[str]
    connect_s: float
    answer_s: float
    all_s: float


class HookTarget:
    """Where the core's hooks are; the address may become known only after the simulator has started."""

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
    """Makes the calls. It reaches this machine only: any other host counts as not reachable."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        # The machine's proxy settings are for the internet, and redirects are followed by neither vendor with a body.
        # A connection for each call: with many at once, httpcore can pass a waiting call by for seconds while others
        # take the kept connections it is promised.
        self._http = httpx.AsyncClient(
            trust_env=False,
            timeout=httpx.Timeout(_ANSWER_S, connect=_CONNECT_S),
            limits=httpx.Limits(max_connections=None, max_keepalive_connections=0),
        )

    async def close(self) -> None:
        await self._http.aclose()

    async def post(self, request: httpx.Request) -> HookResponse:
        """One try. Never raises for what the network does."""
        if not _is_loopback(request.url.host):
            _log.warning("Not called, because it is not on this machine: %s", request.url.host)
            return HookResponse(None, "ct")
        try:
            response = await self._http.send(request)
        except (httpx.ConnectError, httpx.ConnectTimeout):
            return HookResponse(None, "ct")
        except httpx.TransportError:
            return HookResponse(None, "rt")
        return HookResponse(response.status_code, "", response.headers.get("content-type", ""), response.text)

    async def get(self, url: str, limit: int) -> tuple[HookResponse, int]:
        """Fetch a file; its size counts up to one octet above `limit`. Never raises for what the network does."""
        if not _is_loopback(httpx.URL(url).host):
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

    async def twilio(
        self,
        url: str,
        params: Mapping[str, str],
        token: str,
        idempotency: str,
        heard: Callable[[int | None], None],
        method: str = "POST",
    ) -> HookResponse:
        """A signed form, tried again as the fragment of `url` says; by default once, if no connection was made.

        With GET the fields are in the address. `heard` is told the status of every try.
        """
        rule = connection_overrides(url)
        address, form = rule.address, dict(params)
        if method == "GET":
            address, form = f"{address}{'&' if '?' in address else '?'}{urlencode(form)}", {}
        # What is signed is what is requested, so the address is brought into its final form first.
        final = str(httpx.URL(address))
        headers = {
            SIGNATURE_HEADER: RequestValidator(token).compute_signature(final, form),
            "I-Twilio-Idempotency-Token": idempotency,
            "User-Agent": "TwilioProxy/1.1",
            "Accept": "*/*",
        }
        limit = httpx.Timeout(rule.answer_s, connect=rule.connect_s)
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(rule.all_s):
                for tries_left in range(rule.retries, -1, -1):
                    request = self._http.build_request(method, final, data=form or None, headers=headers, timeout=limit)
                    answer = await self.post(request)
                    heard(answer.status)
                    if answer.is_ok or not tries_left or not (_reasons(answer) & rule.reasons):
                        return answer
        heard(None)
        return HookResponse(None, "rt")

    async def openmarket(self, url: str, body: object, authorization: str) -> HookResponse:
        """One try of a JSON call, with Basic auth when there is an `authorization`."""
        headers = {"User-Agent": "OpenMarket", "X-API-Version": "4"}
        if authorization:
            headers["Authorization"] = authorization
        return await self.post(self._http.build_request("POST", url, json=body, headers=headers))

    async def openmarket_again(
        self, url: str, body: object, authorization: str, heard: Callable[[int | None], None]
    ) -> None:
        """Try until it is taken, with longer and longer pauses."""
        for pause_s in _OPENMARKET_PAUSES_S:
            await self._clock.sleep(pause_s)
            answer = await self.openmarket(url, body, authorization)
            heard(answer.status)
            if answer.is_ok:
                return


def connection_overrides(url: str) -> ConnectionOverrides:
    """What the fragment of a hook's address asks for; what it does not say, or says wrongly, is as by default."""
    address, fragment = urldefrag(url)
    settings = {name: values[0] for name, values in parse_qs(fragment).items()}

    def number(name: str, low: int, high: int, default: int) -> int:
        text = settings.get(name, "")
        return int(text) if text.isdecimal() and low <= int(text) <= high else default

    return ConnectionOverrides(
        address=address,
        retries=number("rc", 0, 5, 1),
        reasons=frozenset(settings.get("rp", "ct").split(",")),
        connect_s=number("ct", 100, 10_000, 5_000) / 1000,
        answer_s=number("rt", 100, 15_000, 15_000) / 1000,
        all_s=number("tt", 100, 15_000, 15_000) / 1000,
    )


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


def _reasons(answer: HookResponse) -> set[str]:
    if answer.status is None:
        return {answer.failure, "all"}
    return {f"{answer.status // 100}xx", "all"}


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False
