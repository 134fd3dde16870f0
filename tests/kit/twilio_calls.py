"""Twilio's side of the wire, for tests: webhooks as it signs them, and its API as far as a test needs it."""

from __future__ import annotations

import base64
import hmac
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from email.utils import format_datetime
from urllib.parse import urlencode, urlsplit

import msgspec
from aiohttp import web

from connector.providers.twilio.provider import TwilioProvider
from connector.providers.values import Hook
from tests.kit.provider_table import PUBLIC_URL, secret
from tests.kit.vendor_server import Behaviour, VendorServer, loopback_client

SID = "AC" + "a" * 32
TOKEN, OLD_TOKEN, KEY_SECRET, HOOK_SECRET = "token-now", "token-before", "secret-of-key", "secret-of-hooks"
INBOUND_URL = f"{PUBLIC_URL}/hooks/twilio/main/inbound"
STATUS_URL = f"{PUBLIC_URL}/hooks/twilio/main/status?m=01J00000000000000000000001"
WRITTEN_AT = 1_790_000_000_000
TEXT = "Hello & goodbye + 1 = ü 😀"

# A text as Twilio posts it, blank fields and all.
FORM = {
    "ToCountry": "US",
    "ToState": "",
    "SmsMessageSid": "SM" + "1" * 32,
    "NumMedia": "0",
    "ToCity": "",
    "FromZip": "98052",
    "SmsSid": "SM" + "1" * 32,
    "FromState": "WA",
    "SmsStatus": "received",
    "FromCity": "REDMOND",
    "Body": TEXT,
    "FromCountry": "US",
    "To": "+15550100",
    "MessagingServiceSid": "",
    "ToZip": "",
    "NumSegments": "1",
    "MessageSid": "SM" + "1" * 32,
    "AccountSid": SID,
    "From": "+15550123",
    "ApiVersion": "2010-04-01",
}
STATUS_FORM = {
    "MessageSid": "SM" + "2" * 32,
    "MessageStatus": "delivered",
    "To": "+15550123",
    "From": "+15550100",
    "AccountSid": SID,
}


def signature(token: str, url: str, pairs: list[tuple[str, str]], digest: str = "sha1") -> str:
    """Twilio's rule in our own words: the address, then names and distinct values, ordered, run together."""
    signed = url + "".join(name + value for name, value in sorted(set(pairs)))
    return base64.b64encode(hmac.new(token.encode(), signed.encode(), digest).digest()).decode()


def hook(
    form: Mapping[str, str] | list[tuple[str, str]],
    url: str = INBOUND_URL,
    *,
    token: str = TOKEN,
    signed_url: str | None = None,
    digest: str = "sha1",
    headers: Mapping[str, str] | None = None,
) -> Hook:
    pairs = list(form.items()) if isinstance(form, Mapping) else form
    return Hook(
        kind=urlsplit(url).path.rpartition("/")[2],
        method="POST",
        url=url,
        headers={
            "content-type": "application/x-www-form-urlencoded; charset=UTF-8",
            "x-twilio-signature": signature(token, signed_url or url, pairs, digest),
            **(headers or {}),
        },
        body=urlencode(pairs).encode(),
    )


def json_hook(body: bytes, url: str, kind: str = "application/json") -> Hook:
    headers = {"content-type": kind, "x-twilio-signature": signature(TOKEN, url, [])}
    return Hook(kind="inbound", method="POST", url=url, headers=headers, body=body)


def settings_header(algorithm: str) -> dict[str, str]:
    return {"x-twilio-webhooks-signature-settings": f"key=webhooks_sharedkey_1,algorithm={algorithm}"}


def without(hook: Hook, *names: str) -> Hook:
    headers = {name: value for name, value in hook.headers.items() if name not in names}
    return msgspec.structs.replace(hook, headers=headers)


def resource(**changed: object) -> dict[str, object]:
    """A message as Twilio's API shows it."""
    return {
        "sid": "SM" + "3" * 32,
        "status": "queued",
        "body": TEXT,
        "to": "+15550123",
        "from": "+15550100",
        "direction": "outbound-api",
        "num_segments": "0",
        "num_media": "0",
        "date_created": at(0),
        "date_sent": None,
        "error_code": None,
        "error_message": None,
        **changed,
    }


def at(seconds: float) -> str:
    """RFC 2822, `seconds` after the message was written."""
    return format_datetime(datetime.fromtimestamp(WRITTEN_AT / 1000 + seconds, UTC))


def account(**changed: object) -> dict[str, object]:
    return {"sid": SID, "auth_token": TOKEN, "status": "active", "type": "Full", **changed}


def api(shown_account: object = None, messages: list[dict[str, object]] | None = None) -> Behaviour:
    """Twilio's API with one account and, for lists, `messages`, all on the first page."""

    async def behave(request: web.Request, leaving: object) -> web.StreamResponse:
        if request.path.endswith("/Messages.json"):
            return web.json_response({"messages": messages or [], "next_page_uri": None, "page": 0})
        return web.json_response(account() if shown_account is None else shown_account)

    return behave


def section(base: str, **changed: object) -> dict[str, object]:
    """The account's section as TOML gives it, with the API at `base`; what is None is left out."""
    given = {
        "provider": "twilio",
        "public_url": PUBLIC_URL,
        "numbers": [{"address": "+15550100", "skill": "orders"}],
        "account_sid": SID,
        "auth_token": TOKEN,
        "previous_auth_token": OLD_TOKEN,
        "webhook_secret": HOOK_SECRET,
        "api_key": "SK" + "b" * 32,
        "api_secret": KEY_SECRET,
        "api_base": base,
        **changed,
    }
    return {name: value for name, value in given.items() if value is not None}


@asynccontextmanager
async def calling(behaviour: Behaviour, **changed: object) -> AsyncIterator[tuple[TwilioProvider, VendorServer]]:
    """A provider and the server it calls, which answers by `behaviour`; nothing goes elsewhere."""
    async with VendorServer().running() as server, loopback_client() as (http, transport):
        server.behaviour = behaviour
        settings = msgspec.convert(section(server.url, **changed), type=TwilioProvider.Settings, dec_hook=secret)
        yield TwilioProvider("main", settings, http), server
        assert transport.strayed == []
