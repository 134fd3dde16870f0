"""OpenMarket, Global SMS API v4 (HTTP, JSON). Facts: https://www.openmarket.com/docs/Content/apis/v4http/"""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

import httpx
import msgspec

from connector.providers.base import Provider
from connector.providers.fields import json_object, retry_after_s
from connector.providers.openmarket import hooks, mms, receipts
from connector.providers.openmarket.authentication import KEY
from connector.providers.openmarket.codes import ACCOUNT, MEANINGS, explain
from connector.providers.openmarket.settings import OpenMarketSettings
from connector.providers.outbound import OutboundClient
from connector.providers.send_outcomes import Advice, ErrorResponse, status_words, unanswered
from connector.providers.values import (
    Accepted,
    Arrival,
    CallFailed,
    Capabilities,
    DeliveryReceipt,
    Health,
    Hook,
    LookUpResult,
    Outcome,
    Outgoing,
    Uncertain,
    Unreadable,
)
from connector.sms.addresses import is_e164, is_short_code

_LONGEST_VALIDITY_S = 259_200
_LONG_CODE, _SHORT_CODE, _NAME = 1, 3, 5  # OpenMarket's `ton`
_NO_TICKET = "00000-00000-00000-00000"


class OpenMarketProvider(Provider):
    Settings = OpenMarketSettings
    title = "OpenMarket"
    own_copies = "OpenMarket stores what it has carried; its support erases it"
    # Pictures: a hook with them is documented in pieces, so only its words are read.
    capabilities = Capabilities(joins_parts=False, own_opt_out=False, can_poll=True)
    hook_bytes = 64 * 1024  # a hook has one segment
    hook_bytes_with_pictures = 2 * 1024 * 1024  # US operators carry 1 MB or less, a third more in base64
    meanings = MEANINGS
    account_codes = ACCOUNT
    _settings: OpenMarketSettings

    def __init__(self, account: str, settings: OpenMarketSettings, http: OutboundClient) -> None:
        super().__init__(account, settings, http)
        self._credentials = settings.hook_credentials

    # Hooks

    def authenticate(self, hook: Hook) -> None:
        self._credentials.verify(hook)

    def carries_proof(self, headers: Mapping[str, str], target: str) -> bool:
        return "authorization" in headers or f"{KEY}=" in target

    def explain(self, hook: Hook) -> str | None:
        return self._credentials.explain(hook)

    def read(self, hook: Hook) -> list[Arrival]:
        if hook.kind in ("inbound", "receipt"):
            if mms.is_mms(hook):
                return self._canonical(mms.read(hook, [number.address for number in self._settings.numbers]))
            return self._canonical(hooks.read(hook))
        raise Unreadable("OpenMarket has the hooks inbound and receipt, and no other")

    # Sending

    async def _send(self, message: Outgoing) -> Outcome:
        answer = await self.http.post(
            self._settings.api_base.rstrip("/") + "/sms/v4/mt",
            content=msgspec.json.encode(self._request(message)),
            headers={"content-type": "application/json; charset=UTF-8", "accept": "application/json"},
            auth=self._auth(),
        )
        if not answer.is_success:
            code, text = receipts.error_of(json_object(answer.content) or {})
            raise ErrorResponse(answer.status_code, code, text, retry_after_s(answer.headers))
        ticket = _ticket(answer)
        if not ticket:
            return Uncertain(
                "OpenMarket took the message without a ticket, so it is unknown whether the message was sent."
            )
        return Accepted(ticket)

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
                "delivery": {
                    "receiptRequested": "final",
                    "url": f"{self._hook_url('receipt')}?{urlencode(query)}",
                },
            }
        }

    # Asking

    async def look_up(self, message: Outgoing) -> LookUpResult:
        """Only a ticket can be asked about, and a send whose end is unknown has none."""
        return Uncertain(
            "OpenMarket can only be asked about a message whose ticket is known; a receipt may still come."
        )

    def list_since(self, since: int) -> AsyncIterator[Arrival]:
        raise CallFailed(
            "OpenMarket has no call that lists messages; what we do not take it offers again for up to three days."
        )

    async def poll(self, ref: str) -> list[DeliveryReceipt]:
        """One receipt for each part. OpenMarket can be asked for five days after the message was sent."""
        try:
            answer = await self._status(ref)
        except httpx.HTTPError as error:
            raise CallFailed(unanswered(self.title, error)) from None
        content = json_object(answer.content)
        if not answer.is_success or content is None:
            code, text = receipts.error_of(content or {})
            words = explain(code, text) if code else None
            raise CallFailed(words or status_words(self.title, answer.status_code))
        try:
            return receipts.of_answer(content, ref)
        except Unreadable as error:
            raise CallFailed(f"OpenMarket's answer could not be read: {error}.") from None

    async def _check(self) -> Health:
        """There is no call about the account, so ask for the status of a ticket that does not exist.

        Documented for this call are Basic auth and JSON; that a wrong password is answered 401 is HTTP's rule
        (RFC 9110, 15.5.2), and an answer in another form than JSON proves nothing.
        """
        answer = await self._status(_NO_TICKET)
        content = json_object(answer.content)
        code = receipts.error_of(content or {})[0]
        if answer.status_code in (401, 403):
            return Health(False, f"OpenMarket refused the sign-in: wrong account_id or password. {Advice.ADMIN}", code)
        if content is None or answer.status_code == 429 or answer.status_code >= 500:
            return Health(False, status_words(self.title, answer.status_code), code)
        return Health(True, "Signed in.")

    async def _status(self, ticket: str) -> httpx.Response:
        url = f"{self._settings.status_base.rstrip('/')}/sms/v4/mt/{quote(ticket, safe='')}/status"
        return await self.http.get(url, headers={"accept": "application/json"}, auth=self._auth())

    def _auth(self) -> tuple[str, str]:
        return self._settings.account_id, self._settings.password.reveal()


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
