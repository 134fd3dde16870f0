"""Twilio's messaging: consumers' texts to the core's hook, replies to phones, status callbacks to the core."""

from __future__ import annotations

import random
from collections.abc import Mapping

import msgspec

from connector.lab.vendors.context import NO_FIELDS, HookDelivery, VendorContext
from connector.lab.vendors.phonebook import VendorMessage
from connector.lab.vendors.send_behaviour import SendBehaviour
from connector.lab.vendors.twilio.account_state import TRIAL_PREFIX
from connector.lab.vendors.twilio.forms import callback_fields
from connector.lab.vendors.twilio.inbound import TwilioInbound
from connector.lab.vendors.twilio.media import fetch_media
from connector.lab.vendors.twilio.records import TwilioRecords
from connector.lab.vendors.twilio.webhook_request import send_webhook
from connector.lab.vendors.vendor_ids import sid, token

_SENT_AFTER_S, _DELIVERED_AFTER_S = 0.3, 0.9


class TwilioMessaging:
    def __init__(self, context: VendorContext) -> None:
        self._context = context
        self._phonebook = context.phonebook
        self.records = TwilioRecords(context)
        self._inbound = TwilioInbound(context, self.records)

    def lines(self) -> frozenset[str]:
        return self.records.lines()

    async def text(
        self,
        sender: str,
        line: str,
        body: str,
        media: int,
        id_: str | None,
        fields: Mapping[str, str] = NO_FIELDS,
    ) -> HookDelivery:
        return await self._inbound.text(sender, line, body, media, id_, fields)

    def accept(
        self,
        sender: str,
        recipient: str,
        body: str,
        media_urls: list[str],
        *,
        callback: str | None,
        service: str | None = None,
        validity_s: int | None = None,
        segments: int | None = None,
    ) -> VendorMessage:
        """Record a message of the core as queued; `deliver` sends it on. `segments`: None: those of its text."""
        count = self._phonebook.count(recipient, "received")
        id_ = sid("MM" if media_urls else "SM", self._context.seed, "to", recipient, count)
        return self.records.record(
            id_,
            "outbound-api",
            sender,
            recipient,
            TRIAL_PREFIX + body if self.records.account.rule.type == "Trial" else body,
            len(media_urls),
            "accepted" if service else "queued",
            callback=callback,
            service=service,
            validity_s=validity_s,
            media_urls=media_urls,
            segments=segments,
        )

    async def deliver(self, message: VendorMessage, behaviour: SendBehaviour, *, at_once: bool = False) -> None:
        """Move a queued message to its final status, with a status callback at every step."""
        last, code = behaviour.ends_as
        fetched, failure = await fetch_media(self._context.hook_client, message.media_urls)
        if fetched:
            self._phonebook.append(message.id, "fetched", *msgspec.to_builtins(fetched))
        if failure is not None:
            last, code = "failed", failure
        steps = [("queued", 0.0)] if message.service else []
        steps += [] if last == "failed" else [("sent", _SENT_AFTER_S)]
        for status, after_s in (*steps, (last, _SENT_AFTER_S if last == "failed" else _DELIVERED_AFTER_S)):
            if not at_once:
                await self._context.clock.sleep(after_s)
            final_code = code if status == last else None
            changes = {"sent_at": self._context.clock.now()} if status == "sent" else {}
            self._phonebook.update(message.id, status=status, error_code=final_code, **changes)
            if status == "delivered":
                self._context.on_delivered(message)
            if message.callback and behaviour.receipts != "none":
                await self._send_receipt(message, message.callback, status, final_code, behaviour)

    async def _send_receipt(
        self, message: VendorMessage, callback: str, status: str, code: int | None, behaviour: SendBehaviour
    ) -> None:
        """Send the status callback; a late one goes in a task of its own, so that others can overtake it."""
        fields = callback_fields(message, status, code, self.records.configured.sid)
        if behaviour.forged:
            opposite = "undelivered" if status == "delivered" else "delivered"
            await self.records.send_forged(callback, {**fields, "MessageStatus": opposite, "SmsStatus": opposite})
        chance = random.Random(f"{self._context.seed}:{message.id}:{status}")
        for _ in range(behaviour.copies):
            if behaviour.late_s:
                late_s = chance.uniform(0, behaviour.late_s)
                self._context.start_task("receipt late", self._send_callback(callback, fields, late_s))
            else:
                await self._send_callback(callback, fields, 0)

    async def _send_callback(self, callback: str, fields: dict[str, str], late_s: float) -> None:
        await self._context.clock.sleep(late_s)
        if self._context.availability.outage_of("twilio"):
            return
        idempotency = token(self._context.seed, fields["MessageSid"], fields["MessageStatus"])
        key = self.records.account.token
        await send_webhook(self._context.hook_client, callback, fields, key, idempotency, lambda status: None)
