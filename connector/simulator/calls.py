"""Calls from the simulated vendors to the core: one try, and each vendor's own way of trying again."""

from __future__ import annotations

import asyncio
import base64
import ipaddress
import logging
from collections.abc import Callable, Mapping
from urllib.parse import parse_qs, urldefrag

import httpx
from msgspec import Struct
from twilio.request_validator import SIGNATURE_HEADER, RequestValidator

from connector.clock import Clock

_log = logging.getLogger(__name__)

# Twilio: 5 s to connect, 15 s in all. https://www.twilio.com/docs/usage/webhooks/webhooks-connection-overrides
_CONNECT_S, _ANSWER_S = 5.0, 15.0

# OpenMarket tries for hours to days; ten minutes are enough to see a core come back.
_OPENMARKET_PAUSES_S = (0.5, 1, 2, 4, 8, 16, *[30] * 20)


class Answer(Struct, frozen=True):
    """What came of one call. Without a `status`, `failure` says why: `ct` (no connection) or `rt` (no answer)."""

    status: int | None
    failure: str = ""
    content_type: str = ""
    body: str = ""

    @property
    def is_ok(self) -> bool:
        return self.status is not None and 200 <= self.status < 300


class Core:
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


class Caller:
    """Makes the calls. It reaches this machine only: any other host counts as not reachable."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        # The machine's proxy settings are for the internet, and redirects are followed by neither vendor with a body.
        self._http = httpx.AsyncClient(trust_env=False, timeout=httpx.Timeout(_ANSWER_S, connect=_CONNECT_S))

    async def close(self) -> None:
        await self._http.aclose()

    async def post(self, request: httpx.Request) -> Answer:
        """One try. Never raises for what the network does."""
        if not _is_loopback(request.url.host):
            _log.warning("Not called, because it is not on this machine: %s", request.url.host)
            return Answer(None, "ct")
        try:
            response = await self._http.send(request)
        except (httpx.ConnectError, httpx.ConnectTimeout):
            return Answer(None, "ct")
        except httpx.TransportError:
            return Answer(None, "rt")
        return Answer(response.status_code, "", response.headers.get("content-type", ""), response.text)

    async def twilio(
        self, url: str, params: Mapping[str, str], token: str, idempotency: str, heard: Callable[[int | None], None]
    ) -> Answer:
        """A signed form, tried again as the fragment of `url` says; by default once, if no connection was made.

        `heard` is told the status of every try.
        """
        address, retries, reasons = retry_rule(url)
        # What is signed is what is requested, so the address is brought into its final form first.
        final = str(httpx.URL(address))
        headers = {
            SIGNATURE_HEADER: RequestValidator(token).compute_signature(final, params),
            "I-Twilio-Idempotency-Token": idempotency,
            "User-Agent": "TwilioProxy/1.1",
            "Accept": "*/*",
        }
        for tries_left in range(retries, -1, -1):
            answer = await self.post(self._http.build_request("POST", final, data=dict(params), headers=headers))
            heard(answer.status)
            if answer.is_ok or not tries_left or not (_reasons(answer) & reasons):
                break
        return answer

    async def openmarket(self, url: str, body: object, authorization: str) -> Answer:
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


def retry_rule(url: str) -> tuple[str, int, set[str]]:
    """The address without its fragment, how many retries, and for what.

    The fragment is Twilio's connection override: `rc` retries 0–5 (1), `rp` reasons among 4xx 5xx ct rt all (ct).
    """
    address, fragment = urldefrag(url)
    settings = parse_qs(fragment)
    count = settings.get("rc", ["1"])[0]
    retries = min(int(count), 5) if count.isdecimal() else 1
    return address, retries, set(settings.get("rp", ["ct"])[0].split(","))


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


def _reasons(answer: Answer) -> set[str]:
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
