"""Whether the public address leads to our core.

It is called from this machine; from the internet a router or firewall may give another answer.
"""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Iterator
from socket import gaierror
from typing import Any

import httpx
from msgspec import Struct

from connector.base.ip_addresses import parsed
from connector.base.time_limit import within
from connector.config.settings import HookSettings
from connector.doctor.evidence import Evidence
from connector.doctor.finding import Finding, amber, green, red
from connector.doctor.time_limits import ANSWER_S
from connector.providers.fields import json_object
from connector.providers.outbound import AnswerRefused, OutboundClient
from connector.providers.public_url import is_public

_PROXY = "Look at the proxy or tunnel before the core."


class HealthResponse(Struct, frozen=True):
    """The answer to GET …/health: a status, or a `failure` in words. `store`: the database of that core."""

    status: int = 0
    store: str | None = None
    is_core: bool = False
    gives_reasons: bool = False
    location: str = ""
    failure: str = ""


async def check(evidence: Evidence) -> list[Finding]:
    urls: dict[str, list[str]] = {}
    for name, settings in evidence.accounts.items():
        urls.setdefault(settings.public_url.rstrip("/"), []).append(name)
    if evidence.config is None or not urls:
        return []
    near, *far = await asyncio.gather(*(_ask(evidence.http, url) for url in (near_url(evidence.config.hooks), *urls)))
    found = []
    for (url, names), reply in zip(urls.items(), far, strict=True):
        is_trial = all(not is_public(evidence.api_origin(name)) for name in names)
        found.append(judge(url, reply, near, evidence.core.store, is_trial=is_trial))
    return found


def near_url(hooks: HookSettings) -> str:
    """The address of the core's own port from this machine."""
    return f"http://{_near(hooks.host)}:{hooks.port}"


def judge(url: str, far: HealthResponse, near: HealthResponse, store: str | None, *, is_trial: bool) -> Finding:
    """`near`: the core's own port asked directly; `store`: our core's database; `is_trial`: the provider is near."""
    if not is_public(url) and not is_trial:
        return red(
            f"{url} cannot be reached from the internet.", "Set public_url to an address the provider can reach."
        )
    if store is None:
        return amber(f"{url} was not tried, as no core is running to answer.", "Start the core, then check again.")
    if not near.is_core:
        why = near.failure or f"HTTP {near.status}"
        return red(f"The core's own port for hooks does not answer ({why}).", "Restart the core, and look at its log.")
    if far.failure:
        return red(f"{url} cannot be reached from here: {far.failure}.", _PROXY)
    if far.location:
        return red(
            f"{url} redirects to {far.location}; Twilio then drops the text.",
            "Set public_url to that address.",
        )
    if far.status in (502, 503, 504) and not far.is_core:
        return red(f"{url} answers and does not reach the core (HTTP {far.status}).", _PROXY)
    if not far.is_core:
        return red(f"Something other than a core answers at {url} (HTTP {far.status}).", _PROXY)
    if far.store != store:
        return red(f"Another core answers at {url}, with another database.", _PROXY)
    if url.startswith("http://") and not is_trial:
        return amber(f"{url} leads to this core, and texts can be read on the way.", "Use https.")
    if far.gives_reasons and is_public(url):
        return amber(
            f"{url}/health gives every caller the reasons of a warning, which name accounts.",
            "Let the proxy pass the Host header on, or add X-Forwarded-For.",
        )
    return green(f"{url} leads to this core, seen from here; from outside it may differ.")


async def _ask(http: OutboundClient, url: str) -> HealthResponse:
    return await within(ANSWER_S, _asked(http, url), HealthResponse(failure="no answer in time"))


async def _asked(http: OutboundClient, url: str) -> HealthResponse:
    try:
        answer = await http.get(f"{url}/health")
    except httpx.HTTPError as error:
        return HealthResponse(failure=_words(error))
    if answer.is_redirect:
        return HealthResponse(answer.status_code, location=answer.headers.get("location", "an unknown place"))
    content: dict[str, Any] = json_object(answer.content) or {}
    store = content.get("store")
    is_core = (answer.is_success or answer.status_code == 503) and "status" in content and "store" in content
    return HealthResponse(
        answer.status_code, store if isinstance(store, str) else None, is_core, gives_reasons="reasons" in content
    )


def _words(error: httpx.HTTPError) -> str:
    for cause in _causes(error):
        if isinstance(cause, ssl.SSLCertVerificationError):
            return f"its certificate is not trusted ({cause.verify_message})"
        if isinstance(cause, ssl.SSLError):
            return "its TLS does not work"
        if isinstance(cause, gaierror):
            return "its name is unknown (DNS)"
    if isinstance(error, httpx.TimeoutException):
        return "no answer in time"
    if isinstance(error, AnswerRefused):
        return "its answer is too long or compressed, and none of a core's"
    return "no connection" if isinstance(error, httpx.ConnectError) else "the connection was cut"


def _causes(error: BaseException) -> Iterator[BaseException]:
    cause: BaseException | None = error
    while cause is not None:
        yield cause
        cause = cause.__cause__ or cause.__context__


def _near(host: str) -> str:
    """The host at which to reach a server that listens on `host`."""
    address = parsed(host)
    if address is None:
        return host
    if address.is_unspecified:
        return "127.0.0.1" if address.version == 4 else "[::1]"
    return host if address.version == 4 else f"[{host}]"
