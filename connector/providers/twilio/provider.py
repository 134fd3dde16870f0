"""Twilio. Signed webhooks in, the `twilio` client out. Facts: https://www.twilio.com/docs/messaging"""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from types import ModuleType
from typing import Any, ClassVar
from urllib.parse import quote

import httpx
from twilio.request_validator import RequestValidator

from connector.base.secret import Secret
from connector.domain.status import Status
from connector.providers.addresses import name_cannot_answer, pace_of
from connector.providers.base import Capabilities
from connector.providers.fields import quoted
from connector.providers.outcomes import Advice, ErrorResponse, outcome_of_error, outcome_without_answer, unsendable
from connector.providers.settings import AccountSettings, check_secrets, check_url
from connector.providers.twilio import hooks, media, message_list, signature_variants
from connector.providers.twilio.errors import OPTED_OUT, TOO_MANY_REQUESTS, TROUBLES, explain, state_words, words
from connector.providers.values import (
    Accepted,
    Arrival,
    Candidates,
    DeliveryReceipt,
    Health,
    Hook,
    HookAnswer,
    LookUpResult,
    MediaCall,
    NotFound,
    Outcome,
    Outgoing,
    Rejected,
    Uncertain,
    Unreadable,
)
from connector.sms.addresses import is_short_code

_ACCOUNT_SID = re.compile(r"AC[0-9a-fA-F]{32}")
_GARBLED = "Twilio's answer could not be read; nobody knows whether the message was sent."
_NOT_ASKED = "Twilio could not be asked whether it has the message."
_ODD = "Twilio's answer about the account could not be read. Tell the administrator; api_base may be wrong."
_LOOK_BACK = timedelta(seconds=60)  # their clock and ours differ
_LOOK_LIMIT = 200  # messages between one line and one consumer, two pages
_TOO_MANY = "Twilio has too many messages to this consumer to look through."
_LONGEST_VALIDITY_S = 36_000
_TRIAL_PREFIX = "Sent from your Twilio trial account - "


class TwilioSettings(
    AccountSettings, frozen=True, forbid_unknown_fields=True, kw_only=True, tag_field="provider", tag="twilio"
):
    """`[accounts.NAME]` with `provider = "twilio"`. Calls are signed in with `api_key` when it is given.

    With `messaging_service_sid` replies go through that service, with what it does for them (compliance, its own
    opt-out words), and still from the line that the consumer wrote to.
    """

    account_sid: str
    auth_token: Secret | None = None
    previous_auth_token: Secret | None = None  # still accepted on webhooks while a new one is being made primary
    webhook_secret: Secret | None = None  # of the key that signs webhooks, for accounts that have one
    api_key: str | None = None
    api_secret: Secret | None = None
    messaging_service_sid: str | None = None
    api_base: str = "https://api.twilio.com"

    def __post_init__(self) -> None:
        if not _ACCOUNT_SID.fullmatch(self.account_sid):
            raise ValueError(
                "account_sid must be AC and 32 digits or letters from a to f, as Twilio's console shows it"
            )
        check_secrets(self)
        check_url("public_url", self.public_url)
        check_url("api_base", self.api_base)
        if self.auth_token is None:
            raise ValueError("auth_token is missing: Twilio signs its webhooks with it, also when api_key is used")
        if (self.api_key is None) != (self.api_secret is None):
            raise ValueError("api_key and api_secret only work together: give both or neither")
        if self.messaging_service_sid is not None and not self.messaging_service_sid.startswith("MG"):
            raise ValueError("messaging_service_sid must be the SID of a Messaging Service, which starts with MG")


class TwilioProvider:
    Settings: ClassVar[Any] = TwilioSettings
    capabilities: ClassVar[Capabilities] = Capabilities(
        joins_parts=True,
        can_look_up=True,
        own_opt_out=True,
        can_list=True,
        can_poll=True,
        pictures_in=True,
        most_pictures_out=10,
    )

    def __init__(self, account: str, settings: TwilioSettings, http: httpx.AsyncClient) -> None:
        self._settings = settings
        self._http = http
        self._module: ModuleType | None = None
        tokens = {name: getattr(settings, name) for name in ("auth_token", "previous_auth_token", "webhook_secret")}
        self._validators = {name: RequestValidator(token.reveal()) for name, token in tokens.items() if token}
        base = settings.public_url.rstrip("/")
        self._callback = f"{base}/hooks/twilio/{quote(account, safe='')}/status?{hooks.MESSAGE_ID}="

    def authenticate(self, hook: Hook) -> None:
        hooks.authenticate(hook, self._validators.values())

    def explain(self, hook: Hook) -> str | None:
        return signature_variants.explain(hook, self._validators, self._settings.public_url)

    def read(self, hook: Hook) -> list[Arrival]:
        if hook.kind == "inbound":
            return [hooks.read_inbound(hook)]
        if hook.kind == "status":
            return [hooks.read_status(hook)]
        raise Unreadable("Twilio has the hooks inbound and status, and no other")

    def answer(self) -> HookAnswer:
        """TwiML that does nothing: replies are sent by the API, so that each has its own status."""
        return HookAnswer(content_type="text/xml", body='<?xml version="1.0" encoding="UTF-8"?><Response/>')

    def cannot_answer(self, consumer: str) -> str | None:
        """Names, as everywhere, and short codes (https://support.twilio.com/hc/en-us/articles/223181828)."""
        if is_short_code(consumer):
            return f"{consumer} is a short code, and Twilio does not send to short codes."
        return name_cannot_answer(consumer)

    async def send(self, message: Outgoing) -> Outcome:
        refused = unsendable(message, self.capabilities, self.cannot_answer(message.consumer))
        if refused is not None:
            return refused
        client = await self._client()
        try:
            return _taken(await client.messages.create_async(**self._request(message)))
        except ErrorResponse as error:
            return _declined(error)
        except httpx.HTTPError as error:
            return outcome_without_answer("Twilio", error)
        except Exception:
            # The call has left: whatever the client stumbles over in the answer must not read as "not sent".
            return Uncertain(_GARBLED)

    async def look_up(self, message: Outgoing) -> LookUpResult:
        """By addresses, time and text, because no id of ours is kept in Twilio's message."""
        client = await self._client()
        since = datetime.fromtimestamp(message.written_at // 1000, UTC) - _LOOK_BACK
        try:
            return await _look(client, message, since, self._sender(message))
        except ErrorResponse as error:
            return Uncertain(f"{_NOT_ASKED} {words(error)}")
        except Exception:
            return Uncertain(_NOT_ASKED)

    def pace(self, line: str) -> float:
        return pace_of(self._settings.numbers, line)

    def media_call(self, url: str) -> MediaCall:
        """Signed in as the account itself: keys can be restricted to what is not media."""
        settings = self._settings
        assert settings.auth_token is not None  # the settings have checked it
        return media.media_call(url, settings.api_base, (settings.account_sid, settings.auth_token))

    async def list_since(self, since: int) -> AsyncIterator[Arrival]:
        lines = [number.address for number in self._settings.numbers]
        async for arrival in message_list.messages_since(await self._client(), lines, since, self._settings.api_base):
            yield arrival

    async def poll(self, ref: str) -> list[DeliveryReceipt]:
        return [await message_list.receipt(await self._client(), ref)]

    async def check(self) -> Health:
        try:
            # Only the account's own token or a main key may read the account; standard keys are refused with 20003.
            owner = await self._client(is_owner=True)
            account = await owner.api.v2010.accounts(owner.account_sid).fetch_async()
            status, kind = account.status, account.type  # nothing else: the answer has the auth token in clear
            if status in ("suspended", "closed"):
                return Health(False, f"The Twilio account is {status}. {Advice.ADMIN}")
            if status != "active":
                return Health(False, _ODD)
            if self._settings.api_key is not None:
                sender = await self._client()
                await sender.messages.list_async(limit=1)
        except ErrorResponse as error:
            return Health(False, state_words(error), error.code)
        except httpx.HTTPError:
            return Health(False, message_list.UNREACHED)
        except Exception:
            return Health(False, _ODD)
        said = "Signed in." if kind != "Trial" else "Signed in; a trial account texts verified numbers only."
        return Health(True, said, balance=await _balance(owner))

    def _request(self, message: Outgoing) -> dict[str, Any]:
        settings = self._settings
        request: dict[str, Any] = {
            "to": message.consumer,
            "from_": message.line,
            "status_callback": self._callback + quote(message.message_id, safe=""),
        }
        if settings.messaging_service_sid is not None:
            # Beside `From`, which holds the reply on its line; alone the service would choose a number of its pool.
            request["messaging_service_sid"] = settings.messaging_service_sid
        if message.text or not message.pictures:
            request["body"] = message.text
        if message.pictures:
            request["media_url"] = list(message.pictures)
        if message.valid_for_s is not None:
            request["validity_period"] = min(max(message.valid_for_s, 1), _LONGEST_VALIDITY_S)
        return request

    def _sender(self, message: Outgoing) -> dict[str, str]:
        """The filter for a reply's sender; none with a service, which may write it later than the message."""
        return {} if self._settings.messaging_service_sid else {"from_": message.line}

    async def _client(self, *, is_owner: bool = False) -> Any:
        """The `twilio` client, signed in with the API key if there is one, or with the account's token."""
        settings = self._settings
        user, secret = settings.api_key, settings.api_secret
        if is_owner or user is None:
            user, secret = settings.account_sid, settings.auth_token
        assert secret is not None  # the settings have checked it
        if self._module is None:
            self._module = await asyncio.to_thread(_client_module)
        return self._module.open_client(user, secret.reveal(), settings.account_sid, settings.api_base, self._http)


def _client_module() -> ModuleType:
    from connector.providers.twilio import transport

    return transport


def _taken(resource: Any) -> Accepted | Rejected | Uncertain:
    """What Twilio's message resource says about a send."""
    if not isinstance(resource.sid, str) or not resource.sid:
        return Uncertain(_GARBLED)
    code = str(resource.error_code) if resource.error_code else None
    status = hooks.status_of(resource.status, code)
    if status is Status.FAILED and code is not None:
        return Rejected(code, explain(code), opted_out=code == OPTED_OUT, ref=resource.sid)
    return Accepted(resource.sid, status or Status.ACCEPTED)


async def _balance(client: Any) -> str | None:
    """What is left, with its currency; None where it cannot be read, which is no sign of a broken account."""
    try:
        shown = await client.balance.fetch_async()
        return quoted(" ".join(word for word in (shown.balance, shown.currency) if word)) if shown.balance else None
    except Exception:
        return None


async def _look(client: Any, message: Outgoing, since: datetime, sender: dict[str, str]) -> LookUpResult:
    # Not by DateSent: a message that still waits at Twilio has none yet.
    listed = await client.messages.list_async(
        to=message.consumer, limit=_LOOK_LIMIT, page_size=_LOOK_LIMIT // 2, **sender
    )
    recent = [resource for resource in listed if (resource.date_created or resource.date_sent or since) >= since]
    # Twilio lists the newest first, so a list that reaches back far enough is complete, however long.
    if len(listed) >= _LOOK_LIMIT and len(recent) == len(listed):
        return Uncertain(_TOO_MANY)
    matches: list[Accepted | Rejected] = []
    for resource in reversed(recent):
        is_ours = resource.from_ in (message.line, None, "")
        if is_ours and (resource.body or "") in (message.text, _TRIAL_PREFIX + message.text):
            match = _taken(resource)
            if isinstance(match, Uncertain):
                return match
            matches.append(match)
    return Candidates(tuple(matches)) if matches else NotFound()


def _declined(error: ErrorResponse) -> Outcome:
    return outcome_of_error(
        error,
        words(error),
        trouble=TROUBLES.get(error.code or ""),
        is_pause=error.code == TOO_MANY_REQUESTS,
        opted_out=error.code == OPTED_OUT,
    )
