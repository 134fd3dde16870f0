"""OpenMarketProvider, Global SMS API v4 (HTTP, JSON). Facts: https://www.openmarket.com/docs/Content/apis/v4http/"""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any, ClassVar
from urllib.parse import quote, urlencode, urlsplit

import httpx
import msgspec

from connector.base.secret import Secret
from connector.providers.addresses import name_cannot_answer, pace_of
from connector.providers.base import Capabilities
from connector.providers.fields import json_object, retry_after_s
from connector.providers.openmarket import hooks, status
from connector.providers.openmarket.authentication import KEY, Proof
from connector.providers.openmarket.codes import MEANINGS, explain
from connector.providers.outcomes import (
    Advice,
    ErrorResponse,
    outcome_of_error,
    outcome_without_answer,
    status_words,
    unsendable,
)
from connector.providers.settings import AccountSettings, check_secrets, check_url
from connector.providers.values import (
    Accepted,
    Arrival,
    CallFailed,
    DeliveryReceipt,
    Health,
    Hook,
    HookAnswer,
    LookUpResult,
    MediaCall,
    Outcome,
    Outgoing,
    Uncertain,
    Unreadable,
)
from connector.sms.addresses import is_e164, is_short_code

_UNREACHED = "OpenMarket could not be reached, or did not answer in time."
_LONGEST_VALIDITY_S = 259_200
_LONG_CODE, _SHORT_CODE, _NAME = 1, 3, 5  # OpenMarketProvider's `ton`
_NO_TICKET = "00000-00000-00000-00000"


class OpenMarketSettings(
    AccountSettings, frozen=True, forbid_unknown_fields=True, kw_only=True, tag_field="provider", tag="openmarket"
):
    """`[accounts.NAME]` with `provider = "openmarket"`. Without `hook_password` or `hook_key` no hook is taken.

    The previous ones are still accepted while new ones are being brought in. Receipts carry the key of the time when
    their message was sent, for up to two weeks.
    """

    account_id: str
    password: Secret
    hook_user: str | None = None  # what OpenMarketProvider presents to us (Basic auth)
    hook_password: Secret | None = None
    previous_hook_password: Secret | None = None
    hook_key: Secret | None = None  # what our addresses at OpenMarketProvider end in: ?key=...
    previous_hook_key: Secret | None = None
    api_base: str = "https://smsc.openmarket.com"
    status_base: str = "https://mtstatus.openmarket.com"

    def __post_init__(self) -> None:
        check_secrets(self)
        for name in ("public_url", "api_base", "status_base"):
            check_url(name, getattr(self, name))
        if (self.hook_user is None) != (self.hook_password is None):
            raise ValueError("hook_user and hook_password only work together: give both or neither")
        for name in ("hook_password", "hook_key"):
            if getattr(self, f"previous_{name}") is not None and getattr(self, name) is None:
                raise ValueError(f"previous_{name} only works beside {name}: give both or neither")


class OpenMarketProvider:
    Settings: ClassVar[Any] = OpenMarketSettings
    # Pictures: what a call with them looks like is documented in pieces, and how it proves itself not at all.
    capabilities: ClassVar[Capabilities] = Capabilities(
        joins_parts=False, can_look_up=False, own_opt_out=False, can_poll=True
    )

    def __init__(self, account: str, settings: OpenMarketSettings, http: httpx.AsyncClient) -> None:
        self._settings = settings
        self._http = http
        self._receipts = f"{settings.public_url.rstrip('/')}/hooks/openmarket/{quote(account, safe='')}/receipt"
        user, passwords = settings.hook_user, (settings.hook_password, settings.previous_hook_password)
        keys = (settings.hook_key, settings.previous_hook_key)
        self._proof = Proof(
            logins=tuple(f"{user}:{one.reveal()}".encode() for one in passwords if one is not None),
            keys=tuple(one.reveal().encode() for one in keys if one is not None),
        )

    def authenticate(self, hook: Hook) -> None:
        self._proof.demand(hook)

    def explain(self, hook: Hook) -> str | None:
        return self._proof.explain(hook)

    def read(self, hook: Hook) -> list[Arrival]:
        if hook.kind == "inbound":
            return [hooks.read_inbound(hook)]
        if hook.kind == "receipt":
            return [*hooks.read_receipts(hook)]
        raise Unreadable("OpenMarket has the hooks inbound and receipt, and no other")

    def answer(self) -> HookAnswer:
        return HookAnswer()

    def cannot_answer(self, consumer: str) -> str | None:
        return name_cannot_answer(consumer)

    async def send(self, message: Outgoing) -> Outcome:
        refused = unsendable(message, self.capabilities, self.cannot_answer(message.consumer))
        if refused is not None:
            return refused
        try:
            answer = await self._http.post(
                self._settings.api_base.rstrip("/") + "/sms/v4/mt",
                content=msgspec.json.encode(self._request(message)),
                headers={"content-type": "application/json; charset=UTF-8", "accept": "application/json"},
                auth=self._auth(),
                follow_redirects=False,
            )
        except httpx.HTTPError as error:
            return outcome_without_answer("OpenMarket", error)
        if not answer.is_success:
            return _declined(answer)
        ticket = _ticket(answer)
        if not ticket:
            return Uncertain("OpenMarket took the message without a ticket, so nobody knows whether it was sent.")
        return Accepted(ticket)

    async def look_up(self, message: Outgoing) -> LookUpResult:
        """Only a ticket can be asked about, and a send whose end is unknown has none."""
        return Uncertain(
            "OpenMarket can only be asked about a message whose ticket is known; a receipt may still come."
        )

    def pace(self, line: str) -> float:
        """OpenMarketProvider publishes no pace; the carriers behind it are those behind everybody."""
        return pace_of(self._settings.numbers, line)

    def media_call(self, url: str) -> MediaCall:
        raise Unreadable("pictures are not supported for OpenMarket")

    def list_since(self, since: int) -> AsyncIterator[Arrival]:
        raise CallFailed(
            "OpenMarket has no call that lists messages; what we do not take it offers again for up to three days."
        )

    async def poll(self, ref: str) -> list[DeliveryReceipt]:
        """One report for each part. OpenMarketProvider can be asked for five days after the message was sent."""
        try:
            answer = await self._status(ref)
        except httpx.HTTPError:
            raise CallFailed(_UNREACHED) from None
        content = json_object(answer.content)
        if not answer.is_success or content is None:
            code, text = status.error_of(content or {})
            words = explain(code, text) if code else None
            raise CallFailed(words or status_words("OpenMarket", answer.status_code))
        try:
            return status.polled(content, ref)
        except Unreadable as error:
            raise CallFailed(f"OpenMarket's answer could not be read: {error}.") from None

    async def check(self) -> Health:
        """There is no call about the account, so ask for the status of a ticket that does not exist.

        Documented for this call are Basic auth and JSON; that a wrong password is answered 401 is HTTP's rule
        (RFC 9110, 15.5.2), and an answer in another form than JSON proves nothing.
        """
        try:
            answer = await self._status(_NO_TICKET)
        except httpx.HTTPError:
            return Health(False, _UNREACHED)
        content = json_object(answer.content)
        code = status.error_of(content or {})[0]
        if answer.status_code in (401, 403):
            return Health(False, f"OpenMarket refused the sign-in: wrong account_id or password. {Advice.ADMIN}", code)
        if content is None or answer.status_code == 429 or answer.status_code >= 500:
            return Health(False, status_words("OpenMarket", answer.status_code), code)
        return Health(True, "Signed in.")

    async def _status(self, ticket: str) -> httpx.Response:
        url = f"{self._settings.status_base.rstrip('/')}/sms/v4/mt/{quote(ticket, safe='')}/status"
        return await self._http.get(
            url, headers={"accept": "application/json"}, auth=self._auth(), follow_redirects=False
        )

    def _auth(self) -> tuple[str, str]:
        return self._settings.account_id, self._settings.password.reveal()

    def _request(self, message: Outgoing) -> dict[str, Any]:
        query = {hooks.MESSAGE_ID: message.message_id}
        if self._settings.hook_key is not None:
            query[KEY] = self._settings.hook_key.reveal()
        # What happens to a text of several segments without `mlc` is not documented.
        text: dict[str, Any] = {"type": "text", "content": message.text, "mlc": "segment"}
        if message.valid_for_s is not None:
            text["validityPeriod"] = min(max(message.valid_for_s, 1), _LONGEST_VALIDITY_S)
        return {
            "mobileTerminate": {
                "source": {"ton": _type_of(message.line), "address": message.line.removeprefix("+")},
                "destination": {"address": message.consumer.removeprefix("+")},
                "message": text,
                "delivery": {"receiptRequested": "final", "url": f"{self._receipts}?{urlencode(query)}"},
            }
        }


def _type_of(line: str) -> int:
    if is_e164(line):
        return _LONG_CODE
    return _SHORT_CODE if is_short_code(line) else _NAME


def _ticket(answer: httpx.Response) -> str:
    """The last part of the path in Location, which is all that a success says; blank when there is none."""
    try:
        return str(urlsplit(answer.headers.get("location", "")).path.rpartition("/")[2])
    except ValueError:
        return ""


def _declined(answer: httpx.Response) -> Outcome:
    code, text = status.error_of(json_object(answer.content) or {})
    words = explain(code, text) if code else None
    error = ErrorResponse(answer.status_code, code, text, retry_after_s(answer.headers))
    _, trouble = MEANINGS.get(code or "", (None, None))
    return outcome_of_error(error, words or status_words("OpenMarket", answer.status_code), trouble=trouble)
