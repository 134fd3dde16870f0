"""The provider that `ADDING.md` walks through against the contract."""

from __future__ import annotations

import hmac
import json
from typing import ClassVar

import msgspec

from connector.domain.status import Status
from connector.providers.send_outcomes import Advice, error_words
from connector.providers.values import Accepted, DeliveryReceipt, Hook, InboundText, Outgoing
from tests.kit.minimal_provider import MEANINGS, AcmeProvider
from tests.kit.provider_contract import ProviderContract
from tests.kit.provider_table import PUBLIC_URL
from tests.kit.vendor_server import Behaviour, answer

KEY, SECRET = "key-of-the-api", "secret-of-the-hooks"
INBOUND = {"id": "in-1", "from": "+15550123123", "to": "12345", "text": "Hello", "received_at": "2026-09-21T14:13:20Z"}
RECEIPT = {"id": "AC-7", "reference": "01J", "status": "bounced", "code": "bad_number"}


def hook(content: object, kind: str = "inbound", secret: str = SECRET) -> Hook:
    body = content if isinstance(content, bytes) else json.dumps(content).encode()
    signature = hmac.new(secret.encode(), body, "sha256").hexdigest()
    return Hook(kind, "POST", f"{PUBLIC_URL}/hooks/acme/main/{kind}", {"x-acme-signature": signature}, body)


class TestMinimalProvider(ProviderContract):
    provider_class = AcmeProvider
    secrets = (KEY, SECRET)
    message: ClassVar = Outgoing("01J", "12345", "+15550123123", "Hello", written_at=1_790_000_000_000)
    success_ref = "AC-7"
    codes: ClassVar = {"bad_number": Advice.NEVER, "no_credit": Advice.ADMIN}
    default_host = default_check_host = "api.acme.example"

    def settings(self, base: str) -> dict[str, object]:
        return {
            "provider": "acme",
            "public_url": PUBLIC_URL,
            "numbers": [{"address": "12345"}],
            "api_key": KEY,
            "hook_secret": SECRET,
            "api_base": base,
        }

    def genuine(self) -> dict[str, Hook]:
        return {"a text": hook(INBOUND), "a receipt": hook(RECEIPT, "status")}

    def forged(self) -> dict[str, Hook]:
        return {
            "no signature": msgspec.structs.replace(hook(INBOUND), headers={}),
            "another secret": hook(INBOUND, secret="another"),
            "another body": msgspec.structs.replace(hook(INBOUND), body=b"{}"),
        }

    def signed(self, kind: str, body: bytes) -> Hook:
        return hook(body, kind)

    def success(self) -> Behaviour:
        return answer(201, '{"id": "AC-7"}')

    def sound(self) -> Behaviour:
        return answer(200, '{"status": "active", "balance": "12.30 EUR"}')

    def refusal(self, code: str) -> Behaviour:
        return answer(422, json.dumps({"code": code, "message": "Acme's words"}))

    def words(self, code: str, text: str = "") -> str:
        return error_words(AcmeProvider.title, MEANINGS, code, text)

    # What only this provider does

    def test_hooks_are_read(self) -> None:
        assert self.reader().read(hook(INBOUND)) == [
            InboundText("in-1", "12345", "+15550123123", "Hello", at=1_790_000_000_000)
        ]
        [receipt] = self.reader().read(hook(RECEIPT, "status"))
        words = "The number cannot be texted. Sending it again will fail again."
        assert receipt == DeliveryReceipt(
            Status.UNDELIVERED, "bounced", ref="AC-7", message_id="01J", code="bad_number", words=words
        )

    async def test_a_message_is_sent_with_our_id_and_the_address_for_receipts(self) -> None:
        async with self.calling(self.success()) as (provider, server):
            assert await provider.send(self.message) == Accepted("AC-7")
            [call] = server.calls
            assert json.loads(call.body) == {
                "from": "12345",
                "to": "+15550123123",
                "text": "Hello",
                "reference": "01J",
                "status_url": f"{PUBLIC_URL}/hooks/acme/main/status",
            }
            assert call.headers["authorization"] == f"Bearer {KEY}"

    async def test_the_balance_is_shown(self) -> None:
        async with self.calling(self.sound()) as (provider, _):
            assert (await provider.check()).balance == "12.30 EUR"
