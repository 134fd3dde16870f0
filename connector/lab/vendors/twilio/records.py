"""Twilio's records: the account and its numbers, Messaging Services, and every message."""

from __future__ import annotations

import random
from typing import Any

from connector.lab.vendors.context import VendorContext
from connector.lab.vendors.phonebook import VendorMessage
from connector.lab.vendors.twilio.account_state import AccountState
from connector.lab.vendors.twilio.webhook_request import send_webhook
from connector.lab.vendors.vendor_ids import token
from connector.sms.segments import measure


class TwilioRecords:
    def __init__(self, context: VendorContext) -> None:
        self._context = context
        self._phonebook = context.phonebook
        self.configured = context.twilio
        self.account = AccountState(self.configured)

    def lines(self) -> frozenset[str]:
        return frozenset(line.number for line in self.configured.lines)

    def number_url(self, line: str) -> str | None:
        """The number's SmsUrl: as set through the API, or else the core's hook, once the core is known."""
        default = self._context.hook_target.hook("twilio", self.configured.name, "inbound")
        return self._phonebook.line(line).get("sms_url", default)

    def service(self, service_sid: str | None) -> dict[str, Any] | None:
        return next((service for service in self._phonebook.services() if service["sid"] == service_sid), None)

    def senders_of(self, service_sid: str) -> list[str]:
        """The numbers in a Messaging Service."""
        members = (self.service(service_sid) or {}).get("numbers", [])
        return [line.number for line in self.configured.lines if line.sid in members]

    def sender_of(self, service_sid: str, recipient: str) -> str:
        """The number a service sends from; always the same one for a recipient."""
        return random.Random(recipient).choice(self.senders_of(service_sid))

    def service_callback(self, service_sid: str) -> str | None:
        url = (self.service(service_sid) or {}).get("status_callback")
        return url or None

    def record(
        self,
        id_: str,
        direction: str,
        sender: str,
        recipient: str,
        body: str,
        media: int,
        status: str,
        *,
        segments: int | None = None,
        **more: Any,
    ) -> VendorMessage:
        now = self._context.clock.now()
        message = VendorMessage(
            id=id_,
            provider="twilio",
            direction=direction,
            sender=sender,
            recipient=recipient,
            body=body,
            segments=measure(body).segments if segments is None else segments,
            media=media,
            status=status,
            created_at=now,
            updated_at=now,
            sent_at=None if direction == "outbound-api" else now,
            hooks=[id_] if direction == "inbound" else [],
            **more,
        )
        self._phonebook.add(message)
        return message

    async def send_forged(self, url: str, fields: dict[str, str]) -> None:
        """Send a form without a valid signature, as a forger would who knows the address."""
        done = self._context.faults.done

        def count(status: int | None) -> None:
            done["forged call"] += 1
            done["forged call taken"] += status is not None and 200 <= status < 300

        await send_webhook(self._context.hook_client, url, fields, "not the token", token("forged"), count)
