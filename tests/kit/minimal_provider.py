"""A whole provider, as short as one can be: JSON in, JSON out, hooks signed with a shared key.

`connector/providers/ADDING.md` walks through it; `tests/connector/providers/test_minimal_provider.py` has its table.
"""

from __future__ import annotations

import hmac
from typing import Any

from connector.base.secret import Secret
from connector.domain.status import Status
from connector.providers.base import Provider
from connector.providers.fields import json_object, text_field, timestamp
from connector.providers.json_answers import json_answer
from connector.providers.send_outcomes import Advice, ErrorMeaning, error_words
from connector.providers.settings import AccountSettings
from connector.providers.values import (
    Accepted,
    Arrival,
    Capabilities,
    DeliveryReceipt,
    Health,
    Hook,
    InboundText,
    NotGenuine,
    Outcome,
    Outgoing,
    Uncertain,
    Unreadable,
)

STATUSES = {
    "queued": Status.ACCEPTED,
    "sent": Status.SENT,
    "delivered": Status.DELIVERED,
    "bounced": Status.UNDELIVERED,
    "failed": Status.FAILED,
}
MEANINGS = {
    "bad_number": ErrorMeaning("The number cannot be texted", Advice.NEVER),
    "no_credit": ErrorMeaning("The account has no credit left", Advice.ADMIN),
}


class AcmeSettings(
    AccountSettings, frozen=True, forbid_unknown_fields=True, kw_only=True, tag_field="provider", tag="acme"
):
    """`[accounts.NAME]` with `provider = "acme"`."""

    api_key: Secret
    hook_secret: Secret
    api_base: str = "https://api.acme.example"


class AcmeProvider(Provider):
    Settings = AcmeSettings
    title = "Acme"
    capabilities = Capabilities(joins_parts=True, own_opt_out=False)
    meanings = MEANINGS
    _settings: AcmeSettings

    def authenticate(self, hook: Hook) -> None:
        secret = self._settings.hook_secret.reveal().encode()
        expected = hmac.digest(secret, hook.body, "sha256").hex()
        given = hook.headers.get("x-acme-signature", "")
        if not hmac.compare_digest(expected.encode(), given.encode(errors="replace")):
            raise NotGenuine("the signature is missing or does not match: hook_secret is not the one in Acme's console")

    def read(self, hook: Hook) -> list[Arrival]:
        fields = json_object(hook.body)
        if fields is None:
            raise Unreadable("the body is not a JSON object")
        if hook.kind == "inbound":
            return [_inbound(fields)]
        if hook.kind == "status":
            return [_receipt(fields)]
        raise Unreadable("Acme has the hooks inbound and status, and no other")

    async def _send(self, message: Outgoing) -> Outcome:
        answer = await self._call(
            "POST",
            "/messages",
            {
                "from": message.line,
                "to": message.consumer,
                "text": message.text,
                "reference": message.message_id,  # comes back with each receipt
                "status_url": self._hook_url("status"),
            },
        )
        ref = text_field(answer, "id")
        return Accepted(ref) if ref else Uncertain("Acme took the message without an id; its receipts may still come.")

    async def _check(self) -> Health:
        account = await self._call("GET", "/account")
        if text_field(account, "status") != "active":
            return Health(False, f"The Acme account is not active. {Advice.ADMIN}")
        return Health(True, "Signed in.", balance=text_field(account, "balance") or None)

    async def _call(self, method: str, path: str, body: dict[str, str] | None = None) -> dict[str, Any]:
        url = self._settings.api_base.rstrip("/") + path
        headers = {"authorization": f"Bearer {self._settings.api_key.reveal()}"}
        return json_answer(await self.http.request(method, url, json=body, headers=headers))


def _inbound(fields: dict[str, Any]) -> InboundText:
    ref, line, consumer = (text_field(fields, name) for name in ("id", "to", "from"))
    if not (ref and line and consumer):
        raise Unreadable("not an inbound message: id, to or from is missing")
    text, at = text_field(fields, "text"), timestamp(fields.get("received_at"))
    return InboundText(ref=ref, line=line, consumer=consumer, text=text, at=at)


def _receipt(fields: dict[str, Any]) -> DeliveryReceipt:
    ref, message_id, word = (text_field(fields, name) for name in ("id", "reference", "status"))
    if not word or not (ref or message_id):
        raise Unreadable("not a receipt: status, or both id and reference are missing")
    code = text_field(fields, "code")
    return DeliveryReceipt(
        status=STATUSES.get(word),
        raw_status=word,
        ref=ref or None,
        message_id=message_id or None,
        code=code or None,
        words=error_words("Acme", MEANINGS, code, text_field(fields, "message")) if code else None,
    )
