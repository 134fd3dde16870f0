"""Twilio. Signed webhooks in, the `twilio` client out. Facts: https://www.twilio.com/docs/messaging"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from types import ModuleType
from typing import Any
from urllib.parse import quote

from msgspec import structs
from twilio.request_validator import RequestValidator

from connector.domain.address import person_of
from connector.domain.status import Status
from connector.providers.addresses import name_cannot_answer
from connector.providers.base import Provider
from connector.providers.fields import quoted
from connector.providers.outbound import OutboundClient
from connector.providers.send_outcomes import (
    Advice,
    ErrorResponse,
    garbled,
    is_of_account,
    outcome_of_error,
    outcome_of_unreadable,
)
from connector.providers.twilio import hooks, list_pages, media, message_list, signature, signature_variants
from connector.providers.twilio.errors import ACCOUNT, OPTED_OUT, TOO_MANY_REQUESTS, call_words, explain, send_words
from connector.providers.twilio.meanings import MEANINGS
from connector.providers.twilio.settings import TwilioSettings
from connector.providers.values import (
    Accepted,
    Arrival,
    Candidates,
    Capabilities,
    DeliveryReceipt,
    Health,
    Hook,
    HookAnswer,
    InboundText,
    LookUpResult,
    MediaCall,
    NotFound,
    Outcome,
    Outgoing,
    Rejected,
    Uncertain,
    Unreadable,
)
from connector.sms.addresses import is_e164, is_short_code
from connector.sms.lengths import LengthLimit

_NOT_ASKED = "Twilio could not be asked whether it has the message."
_LOOK_BACK = timedelta(seconds=60)  # for the difference of the clocks
_LOOK_LIMIT = 200  # messages between one line and one consumer
_TOO_MANY = "Twilio has too many messages to this consumer to look through."
_LONGEST_VALIDITY_S = 36_000
_TRIAL_PREFIX = "Sent from your Twilio trial account - "


class TwilioProvider(Provider):
    Settings = TwilioSettings
    title = "Twilio"
    own_copies = (
        "Twilio has each message until it is deleted there: in its console (Monitor, Logs, Messaging), or by DELETE"
        " /2010-04-01/Accounts/{AccountSid}/Messages/{MessageSid}.json, media before it"
    )
    hook_bytes = 128 * 1024  # 5,000 characters outside the BMP, percent-encoded, have 60,000; addresses of pictures
    signature_headers = signature.HEADERS
    capabilities = Capabilities(
        reply_limit=LengthLimit(1600, "utf16_units"),  # error 21617: an emoji counts more than once
        joins_parts=True,
        own_opt_out=True,
        can_look_up=True,
        can_list=True,
        can_poll=True,
        pictures_in=True,
        most_pictures_out=10,
    )
    meanings = MEANINGS
    account_codes = ACCOUNT
    _settings: TwilioSettings

    def __init__(self, account: str, settings: TwilioSettings, http: OutboundClient) -> None:
        super().__init__(account, settings, http)
        self._module: ModuleType | None = None
        self._validators = {name: RequestValidator(one.reveal()) for name, one in settings.webhook_secrets.items()}

    def authenticate(self, hook: Hook) -> None:
        signature.verify(hook, self._validators.values())

    def explain(self, hook: Hook) -> str | None:
        return signature_variants.explain(hook, self._validators, self._settings.public_url)

    def read(self, hook: Hook) -> list[Arrival]:
        if hook.kind in ("inbound", "status"):
            return self._canonical(hooks.read(hook))
        raise Unreadable("Twilio has the hooks inbound and status, and no other")

    def answer(self) -> HookAnswer:
        """TwiML that does nothing: replies are sent by the API, so that each has its own status."""
        return HookAnswer(content_type="text/xml", body='<?xml version="1.0" encoding="UTF-8"?><Response/>')

    def cannot_answer(self, consumer: str) -> str | None:
        """Names, as everywhere, and short codes (https://support.twilio.com/hc/en-us/articles/223181828)."""
        if is_short_code(consumer):
            return f"{consumer} is a short code, and Twilio does not send to short codes."
        return name_cannot_answer(consumer)

    async def _send(self, message: Outgoing) -> Outcome:
        client = await self._client()
        return _sent(await client.messages.create_async(**self._request(message)))

    def _error_words(self, error: ErrorResponse) -> str:
        return send_words(error)

    def _outcome_of(self, error: ErrorResponse) -> Outcome:
        return outcome_of_error(
            error,
            self._error_words(error),
            meaning=MEANINGS.get(error.code or ""),
            is_pause=error.code == TOO_MANY_REQUESTS,
            is_hold=is_of_account(error, ACCOUNT),
            opted_out=error.code in OPTED_OUT,
        )

    async def look_up(self, message: Outgoing) -> LookUpResult:
        """By addresses, time and text, because Twilio's message has no id of ours."""
        client = await self._client()
        since = datetime.fromtimestamp(message.written_at // 1000, UTC) - _LOOK_BACK
        try:
            return await _candidates(client, message, since, self._sender(message))
        except ErrorResponse as error:
            return Uncertain(f"{_NOT_ASKED} {send_words(error)}")
        except Exception:
            return Uncertain(_NOT_ASKED)

    def media_call(self, url: str) -> MediaCall:
        """Signed in as the account itself: keys can be restricted to what is not media."""
        return media.media_call(url, self._settings.api_base, self._settings.login)

    async def list_since(self, since: int) -> AsyncIterator[Arrival]:
        lines = [number.address for number in self._settings.numbers]
        async for arrival in message_list.messages_since(await self._client(), lines, since, self._settings.api_base):
            yield self._addresses.canonical(arrival) if isinstance(arrival, InboundText) else arrival

    async def poll(self, ref: str) -> list[DeliveryReceipt]:
        return [await message_list.receipt(await self._client(), ref)]

    async def _check(self) -> Health:
        try:
            # Only the account's own token or a main key may read the account; standard keys are refused with 20003.
            owner = await self._client(is_owner=True)
            account = await owner.api.v2010.accounts(owner.account_sid).fetch_async()
            status, kind = account.status, account.type  # nothing else: the answer has the auth token in clear
            if status in ("suspended", "closed"):
                return Health(False, f"The Twilio account is {status}. {Advice.ADMIN}")
            if status != "active":
                return Health(False, garbled(self.title))
            if self._settings.api_key is not None:
                sender = await self._client()
                await sender.messages.list_async(limit=1)
        except ErrorResponse as error:
            return Health(False, call_words(error), error.code)
        words = "Signed in." if kind != "Trial" else "Signed in; a trial account texts verified numbers only."
        return Health(True, words, balance=await _balance(owner))

    def _request(self, message: Outgoing) -> dict[str, Any]:
        settings = self._settings
        request: dict[str, Any] = {
            "to": message.consumer,
            "from_": message.line,
            "status_callback": f"{self._hook_url('status')}?{hooks.MESSAGE_ID}={quote(message.message_id, safe='')}",
        }
        if settings.messaging_service_sid is not None:
            # Beside `From`, which decides the line; alone the service would choose a number of its pool.
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
        """The `twilio` client, signed in with the API key if there is one; `is_owner`: as the account itself."""
        settings = self._settings
        user, secret = settings.login if is_owner else settings.api_login
        if self._module is None:
            self._module = await asyncio.to_thread(_client_module)
        return self._module.open_client(user, secret.reveal(), settings.account_sid, settings.api_base, self.http)


def _client_module() -> ModuleType:
    from connector.providers.twilio import transport

    return transport


def _sent(resource: Any) -> Accepted | Rejected | Uncertain:
    """What Twilio's message resource says about a send."""
    if not isinstance(resource.sid, str) or not resource.sid:
        return outcome_of_unreadable("Twilio")
    code = str(resource.error_code) if resource.error_code else None
    status = hooks.status_of(resource.status, code)
    if status is Status.FAILED and code is not None:
        return Rejected(code, explain(code), opted_out=code in OPTED_OUT, ref=resource.sid)
    return Accepted(resource.sid, status or Status.ACCEPTED, billed=hooks.billed(resource.num_segments))


async def _balance(client: Any) -> str | None:
    """The balance with its currency; None where it cannot be read, which is no sign of a broken account."""
    try:
        shown = await client.balance.fetch_async()
        return quoted(" ".join(word for word in (shown.balance, shown.currency) if word)) if shown.balance else None
    except Exception:
        return None


def _spellings(consumer: str) -> list[str]:
    """The numbers under which Twilio may list what was sent to this one: as it was sent, and as the plan has it now."""
    person = person_of(consumer)
    return [consumer, person] if is_e164(consumer) and person != consumer else [consumer]


async def _candidates(client: Any, message: Outgoing, since: datetime, sender: dict[str, str]) -> LookUpResult:
    recent: list[Any] = []
    for number in _spellings(message.consumer):
        # Not by DateSent: a message that still waits at Twilio has none.
        listed = await client.messages.list_async(to=number, limit=_LOOK_LIMIT, page_size=list_pages.MESSAGES, **sender)
        fresh = [resource for resource in listed if (resource.date_created or resource.date_sent or since) >= since]
        # Twilio lists the newest first, so a list that reaches back far enough is complete, however long.
        if len(listed) >= _LOOK_LIMIT and len(fresh) == len(listed):
            return Uncertain(_TOO_MANY)
        recent += fresh
    matches: list[Accepted | Rejected] = []
    others: list[str] = []  # Smart Encoding, shortened links and redaction change the text, for example
    for resource in reversed(recent):
        # The other outbound directions are answers in TwiML and by Twilio itself, not replies of ours.
        if resource.from_ not in (message.line, None, "") or resource.direction in ("outbound-reply", "outbound-call"):
            continue
        match = _sent(resource)
        if isinstance(match, Uncertain):
            return match
        if (resource.body or "") in (message.text, _TRIAL_PREFIX + message.text):
            at = resource.date_created or resource.date_sent
            matches.append(structs.replace(match, at=round(at.timestamp() * 1000) if at else None))
        else:
            others.append(resource.sid)
    return Candidates(tuple(matches), tuple(others)) if matches or others else NotFound()
