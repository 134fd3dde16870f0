"""Fetching a picture that came in: from the provider's hosts only, in bounded time and space.

The address is outside text. It must not lead us into our own network (CWE-918), carry the account's sign-in to another
host, or make us store more than a picture.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from typing import Any

import httpx

from connector.base.ip_addresses import is_loopback, parsed
from connector.pictures.content_types import TOO_BIG
from connector.pictures.values import Fetched, FetchFailed, Patience
from connector.providers.outbound import AnswerRefused, OutboundClient, most_bytes
from connector.providers.values import MediaCall
from connector.wire import limits

_WITHIN_S = 20.0  # from the first name look-up to the last byte, redirects included
_MOST_REDIRECTS = 3
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_PASSING = frozenset({408, 425, 429})  # and every 5xx
# Also for a while after the hook: users of Twilio have seen it for pictures that were there a few seconds later
# (https://github.com/chatwoot/chatwoot/pull/15504).
_ABSENT = frozenset({404, 410})
_TYPE = re.compile(r"[a-z0-9!#$&^_.+-]{1,60}/[a-z0-9!#$&^_.+-]{1,60}")  # RFC 6838, 4.2
_NAME = re.compile(r"[a-z0-9_.-]{1,253}")  # with underscores, as in the names of old storage buckets
_NO_ADDRESS = "Its address is not a web address."
_PAGES = (b"<!doctype html", b"<html")
_ADMIN = "Tell the administrator."
_ASK = "Ask the consumer to send it again."
_NAT64 = IPv6Network("64:ff9b::/96")  # RFC 6052


class _Failure(Exception):
    def __init__(self, words: str, patience: Patience = Patience.NONE, advice: str = "") -> None:
        self.result = FetchFailed(words, patience, advice)


async def fetch(http: OutboundClient, call: MediaCall, within_s: float = _WITHIN_S) -> Fetched | FetchFailed:
    """Fetch the picture. Never raises for anything the network, the provider or the address does.

    Only https; plain http, and addresses of this machine, only when `call.url` is itself one. Only to `call.hosts`: a
    whole name or address, or with a leading dot every name that ends so. Up to three redirects are followed. The login
    goes to `call.url` alone; storage hosts refuse one beside their own signed address.

    No byte is sent to an address that is not public. That is checked on the open connection, so a name cannot resolve
    to one address for the check and to another for the call. A proxy resolves names itself, and has to check them.
    """
    try:
        async with asyncio.timeout(within_s):
            return await _follow(http, call)
    except _Failure as failure:
        return failure.result
    except TimeoutError:
        return FetchFailed(f"It did not arrive within {within_s:g} seconds.", Patience.HOURS, _ASK)
    except (httpx.InvalidURL, httpx.UnsupportedProtocol, UnicodeError):
        return FetchFailed(_NO_ADDRESS, Patience.NONE)
    except httpx.TimeoutException:
        return FetchFailed("Its host did not answer in time.", Patience.HOURS, _ASK)
    except httpx.ConnectError:
        return FetchFailed("Its host could not be reached.", Patience.HOURS, _ASK)
    except (httpx.HTTPError, OSError):
        return FetchFailed("The connection broke before all of it had arrived.", Patience.HOURS, _ASK)


async def _follow(http: OutboundClient, call: MediaCall) -> Fetched:
    url = httpx.URL(call.url)
    is_local = is_loopback(_host(url))
    login = httpx.BasicAuth(call.login[0], call.login[1].reveal()) if call.login else httpx.Auth()
    for _ in range(_MOST_REDIRECTS + 1):
        _check(url, call.hosts, is_local)
        request = http.build_request(
            "GET",
            url,
            headers={"Accept": "*/*"},
            extensions={"trace": _check_connections(_host(url), is_local), **most_bytes(limits.PICTURE_BYTES)},
        )
        # An explicit Auth, even an empty one, prevents a sign-in in the address from being sent.
        try:
            answer = await http.send(request, auth=login)
        except AnswerRefused as refusal:
            raise _refused(refusal, _host(url)) from None
        if answer.status_code not in _REDIRECTS or "Location" not in answer.headers:
            return _taken(answer)
        url, login = url.join(answer.headers["Location"]), httpx.Auth()
    raise _Failure(f"It is behind more than {_MOST_REDIRECTS} redirects.")


def _taken(answer: httpx.Response) -> Fetched:
    host = _host(answer.url)
    _check_status(answer.status_code, host)
    kind = answer.headers.get("Content-Type", "").partition(";")[0].strip().lower()
    is_page = kind in ("text/html", "application/xhtml+xml")
    if is_page or answer.content[:64].lstrip().lower().startswith(_PAGES):
        raise _Failure(f"{host} answered with a web page instead of the picture.", Patience.MINUTES, _ADMIN)
    if not answer.content:
        raise _Failure("It came empty.", Patience.MINUTES, _ASK)
    return Fetched(answer.content, kind if _TYPE.fullmatch(kind) else "")


def _refused(refusal: AnswerRefused, host: str) -> _Failure:
    """What is wrong with an answer that was not read: its status, its size or its coding, in this order."""
    try:
        _check_status(refusal.status or 200, host)
    except _Failure as failure:
        return failure
    if refusal.is_too_large:
        return _Failure(TOO_BIG)
    return _Failure(f"{host} used a content coding that was not asked for.", advice=_ADMIN)


def _check_status(status: int, host: str) -> None:
    if status in (401, 403):
        raise _Failure(f"{host} refused access to it (HTTP {status}).", Patience.HOURS, _ADMIN)
    if status in _ABSENT:
        raise _Failure(f"{host} does not have it (HTTP {status}).", Patience.MINUTES, _ASK)
    if status in _PASSING or status >= 500:
        raise _Failure(f"{host} has trouble (HTTP {status}).", Patience.HOURS, _ASK)
    if status != 200:
        raise _Failure(f"{host} answered HTTP {status} instead of the picture.", advice=_ADMIN)


def _check(url: httpx.URL, hosts: tuple[str, ...], is_local: bool) -> None:
    host = _host(url)
    if not (_NAME.fullmatch(host) or parsed(host)) or not 0 < (url.port or 443) < 65_536:
        raise _Failure(_NO_ADDRESS)
    if not any(host.endswith(known) if known.startswith(".") else host == known for known in map(str.lower, hosts)):
        raise _Failure(f"It is at {host}, where nothing is fetched from.", advice=_ADMIN)
    if url.scheme != "https" and not (url.scheme == "http" and is_local and is_loopback(host)):
        raise _Failure(f"It is at {host} without encryption, where nothing is fetched from.", advice=_ADMIN)
    if (is_loopback(host) and not is_local) or not _is_allowed(parsed(host), is_local):
        raise _inside(host)


def _check_connections(host: str, is_local: bool) -> Callable[[str, dict[str, Any]], Awaitable[None]]:
    """Checks every new connection before anything is sent over it (https://www.encode.io/httpcore/extensions/)."""
    is_proxy = False

    async def on_event(event: str, info: dict[str, Any]) -> None:
        nonlocal is_proxy
        if event.endswith("connect_tcp.started"):
            is_proxy = info["host"] != host
        elif event.endswith("connect_tcp.complete") and not is_proxy:
            stream = info["return_value"]
            peer = stream.get_extra_info("server_addr")
            if not _is_allowed(ip_address(peer[0]), is_local):
                await stream.aclose()
                raise _inside(host)

    return on_event


def _inside(host: str) -> _Failure:
    return _Failure(f"{host} is inside a private network, where nothing is fetched from.", advice=_ADMIN)


def _host(url: httpx.URL) -> str:
    return url.raw_host.decode("ascii").lower()


def _is_allowed(address: IPv4Address | IPv6Address | None, is_local: bool) -> bool:
    """Public, or with `is_local` this machine; a name (None) is allowed until it is resolved."""
    if isinstance(address, IPv6Address):
        # An IPv4 address can be embedded in one of these, and is where the packets end.
        inner = address.ipv4_mapped or address.sixtofour
        if inner is None and address in _NAT64:
            inner = IPv4Address(int(address) & 0xFFFFFFFF)
        address = inner or address
    if address is None:
        return True
    return (address.is_global and not address.is_multicast) or (is_local and address.is_loopback)
