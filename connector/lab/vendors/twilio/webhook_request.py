"""Twilio's webhook requests: signed, and retried as the connection overrides of the address say."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Mapping
from urllib.parse import parse_qs, urldefrag, urlencode

import httpx
from msgspec import Struct
from twilio.request_validator import SIGNATURE_HEADER, RequestValidator

from connector.lab.vendors.hook_client import HookClient, HookResponse


class ConnectionOverrides(Struct, frozen=True):
    """Retries and time limits, from the fragment of an address. `reasons` to retry are among 4xx 5xx ct rt all.

    Source: https://www.twilio.com/docs/usage/webhooks/webhooks-connection-overrides
    """

    address: str
    retries: int
    reasons: frozenset[str]
    connect_s: float
    answer_s: float
    all_s: float


def connection_overrides(url: str) -> ConnectionOverrides:
    """The overrides in the fragment of `url`; missing and wrong ones have Twilio's defaults."""
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


async def send_webhook(
    client: HookClient,
    url: str,
    fields: Mapping[str, str],
    token: str,
    idempotency: str,
    on_status: Callable[[int | None], None],
    method: str = "POST",
) -> HookResponse:
    """Send a signed form; by default it is retried once, and only when no connection was made.

    With GET the fields are in the address. `on_status` gets the status of every attempt.
    """
    overrides = connection_overrides(url)
    address, form = overrides.address, dict(fields)
    if method == "GET":
        address, form = f"{address}{'&' if '?' in address else '?'}{urlencode(form)}", {}
    # The signature covers the address as it is requested, so that form is made first.
    final = str(httpx.URL(address))
    headers = {
        SIGNATURE_HEADER: RequestValidator(token).compute_signature(final, form),
        "I-Twilio-Idempotency-Token": idempotency,
        "User-Agent": "TwilioProxy/1.1",
        "Accept": "*/*",
    }
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(overrides.all_s):
            for retries_left in range(overrides.retries, -1, -1):
                response = await client.post_form(
                    address,
                    form or None,
                    headers,
                    method=method,
                    connect_s=overrides.connect_s,
                    answer_s=overrides.answer_s,
                )
                on_status(response.status)
                if response.is_ok or not retries_left or not (_reasons(response) & overrides.reasons):
                    return response
    on_status(None)
    return HookResponse(None, "rt")


def _reasons(response: HookResponse) -> set[str]:
    if response.status is None:
        return {response.failure, "all"}
    return {f"{response.status // 100}xx", "all"}
