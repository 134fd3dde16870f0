"""Calls of set-up and doctor to Twilio: the account, its numbers and services, and their webhook addresses.

Through the `twilio` client on our httpx transport. https://www.twilio.com/docs/usage/api,
https://www.twilio.com/docs/messaging/api/service-resource
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from typing import Any, TypeVar
from urllib.parse import urlsplit

import httpx

from connector.base.secret import Secret
from connector.providers.outbound import AnswerRefused, OutboundClient
from connector.providers.send_outcomes import ErrorResponse, for_administrator, status_words
from connector.providers.twilio import list_pages
from connector.providers.twilio.errors import explain
from connector.providers.twilio.numbers import (
    MessagingService,
    TwilioAccountInfo,
    TwilioNumber,
    WebhookSettings,
)
from connector.providers.values import CallFailed

T = TypeVar("T")

API_BASE = "https://api.twilio.com"
_GARBLED = "Twilio's answer could not be read; api_base may be wrong."
_AT_ONCE = 8  # calls; Twilio refuses too many at once
_WITHIN_S = 60.0  # all pages of a list, however many a server says there are
_SIGN_IN_REFUSED = ("20003", "20005", "20006")


class NotSignedIn(CallFailed):
    """Twilio refused the SID and token."""


class TwilioAdmin:
    """Every call raises CallFailed; NotSignedIn when SID or token is wrong."""

    def __init__(self, sid: str, token: Secret, http: OutboundClient, api_base: str = API_BASE) -> None:
        from connector.providers.twilio.transport import open_client

        self._api = open_client(sid, token.reveal(), sid, api_base, http)
        self._messaging = open_client(sid, token.reveal(), sid, _messaging_base(api_base), http).messaging.v1
        self._sid = sid

    async def account(self) -> TwilioAccountInfo:
        found = await _asked(self._api.api.v2010.accounts(self._sid).fetch_async())
        # Nothing else of the answer is read: it has the auth token in clear.
        if not _text(found.status):
            raise CallFailed(_GARBLED)
        return TwilioAccountInfo(_text(found.friendly_name) or self._sid, _text(found.status), _text(found.type))

    async def numbers(self) -> list[TwilioNumber]:
        found = await _asked(self._api.incoming_phone_numbers.list_async(**list_pages.NUMBERS))
        return sorted((_number(one) for one in found), key=lambda number: number.address)

    async def services(self) -> list[MessagingService]:
        return await _asked(self._services())

    async def _services(self) -> list[MessagingService]:
        found = await _asked(self._messaging.services.list_async(**list_pages.SERVICES))
        gate = asyncio.Semaphore(_AT_ONCE)
        members = await asyncio.gather(*(self._members(one.sid, gate) for one in found))
        return [_service(one, numbers) for one, numbers in zip(found, members, strict=True)]

    async def set_number(self, sid: str, hooks: WebhookSettings, *, clears_application: bool) -> None:
        """Set the addresses of a number; `clears_application`: also take its application off."""
        application = {"sms_application_sid": ""} if clears_application else {}
        await _asked(
            self._api.incoming_phone_numbers(sid).update_async(
                sms_url=hooks.url,
                sms_method=hooks.method,
                sms_fallback_url=hooks.fallback_url,
                sms_fallback_method=hooks.fallback_method,
                **application,
            )
        )

    async def set_service(self, sid: str, hooks: WebhookSettings) -> None:
        """Set the addresses of a Messaging Service."""
        await _asked(
            self._messaging.services(sid).update_async(
                inbound_request_url=hooks.url,
                inbound_method=hooks.method,
                fallback_url=hooks.fallback_url,
                fallback_method=hooks.fallback_method,
            )
        )

    async def _members(self, service: str, gate: asyncio.Semaphore) -> frozenset[str]:
        async with gate:
            found = await _asked(self._messaging.services(service).phone_numbers.list_async(**list_pages.NUMBERS))
        return frozenset(_text(one.sid) for one in found)


def _messaging_base(api_base: str) -> str:
    """Services are at messaging.twilio.com, with the same edge and region; in tests at the one address there is."""
    parts = urlsplit(api_base)
    host = parts.hostname or ""
    if not (host.startswith("api.") and host.endswith(".twilio.com")):
        return api_base
    return f"{parts.scheme}://messaging.{host.removeprefix('api.')}"


async def _asked(call: Awaitable[T]) -> T:
    try:
        async with asyncio.timeout(_WITHIN_S):
            return await call
    except CallFailed:
        raise
    except ErrorResponse as error:
        if error.code in _SIGN_IN_REFUSED or error.status == 401:
            raise NotSignedIn(
                "Twilio refused the sign-in: SID and token do not belong together, or the account is closed or"
                " suspended. Copy both from the first page of Twilio's console."
            ) from None
        words = explain(error.code, error.text) if error.code else status_words("Twilio", error.status)
        raise CallFailed(for_administrator(words.rstrip(".") + ".")) from None
    except AnswerRefused:
        raise CallFailed(_GARBLED) from None
    except (httpx.HTTPError, TimeoutError):
        raise CallFailed(
            "Twilio could not be reached, or did not answer in time. Check this machine's network."
        ) from None
    except Exception:  # the client raises anything when it cannot parse an answer
        raise CallFailed(_GARBLED) from None


def _number(found: Any) -> TwilioNumber:
    can = found.capabilities if isinstance(found.capabilities, dict) else {}
    abilities = {str(name).lower() for name, has in can.items() if has}
    return TwilioNumber(
        sid=_text(found.sid),
        address=_text(found.phone_number),
        name=_text(found.friendly_name),
        takes_sms="sms" in abilities,
        takes_mms="mms" in abilities,
        hooks=WebhookSettings(
            _text(found.sms_url),
            _text(found.sms_method) or "POST",
            _text(found.sms_fallback_url),
            _text(found.sms_fallback_method) or "POST",
        ),
        application_sid=_text(found.sms_application_sid),
    )


def _service(found: Any, numbers: frozenset[str]) -> MessagingService:
    return MessagingService(
        sid=_text(found.sid),
        name=_text(found.friendly_name),
        leaves_it_to_the_number=found.use_inbound_webhook_on_number is True,
        hooks=WebhookSettings(
            _text(found.inbound_request_url),
            _text(found.inbound_method) or "POST",
            _text(found.fallback_url),
            _text(found.fallback_method) or "POST",
        ),
        numbers=numbers,
    )


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""
