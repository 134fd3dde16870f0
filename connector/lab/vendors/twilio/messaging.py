"""Twilio's side of a text's way: consumers' texts into the core's hook, replies out to phones, status callbacks."""

from __future__ import annotations

import random

import msgspec

from connector.lab.vendors.context import HookDelivery, VendorContext
from connector.lab.vendors.phonebook import VendorMessage
from connector.lab.vendors.send_behaviour import SendBehaviour
from connector.lab.vendors.twilio.account_state import TRIAL_PREFIX
from connector.lab.vendors.twilio.forms import callback_fields
from connector.lab.vendors.twilio.inbound import TwilioInbound
from connector.lab.vendors.twilio.media import fetch
from connector.lab.vendors.twilio.records import TwilioRecords
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

    async def text(self, sender: str, line: str, body: str, media: int, id_: str | None) -> HookDelivery:
        return await self._inbound.text(sender, line, body, media, id_)

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
    ) -> VendorMessage:
        """Take a text of the core's; it is queued, and `deliver` brings it on its way."""
        count = self._phonebook.next(recipient, "received")
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
        )

    async def deliver(self, message: VendorMessage, behaviour: SendBehaviour, *, at_once: bool = False) -> None:
        """Move a queued message to its end, calling its StatusCallback at every step."""
        last, code = behaviour.ends_as
        fetched, trouble = await fetch(self._context.hook_client, message.media_urls)
        if fetched:
            self._phonebook.append(message.id, "fetched", *msgspec.to_builtins(fetched))
        if trouble is not None:
            last, code = "failed", trouble
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
                await self._report(message, message.callback, status, final_code, behaviour)

    async def _report(
        self, message: VendorMessage, callback: str, status: str, code: int | None, behaviour: SendBehaviour
    ) -> None:
        """Call the StatusCallback, or, when late, leave it to go by itself so that others can overtake it."""
        fields = callback_fields(message, status, code, self.records.world.sid)
        if behaviour.forged:
            is_bad = status != "delivered"
            said = "delivered" if is_bad else "undelivered"
            await self.records.forge(callback, {**fields, "MessageStatus": said, "SmsStatus": said})
        chance = random.Random(f"{self._context.seed}:{message.id}:{status}")
        for _ in range(behaviour.copies):
            if behaviour.late_s:
                late_s = chance.uniform(0, behaviour.late_s)
                self._context.start_task("report late", self._call_back(callback, fields, late_s))
            else:
                await self._call_back(callback, fields, 0)

    async def _call_back(self, callback: str, fields: dict[str, str], late_s: float) -> None:
        await self._context.clock.sleep(late_s)
        if self._context.availability.trouble("twilio"):
            return
        idempotency = token(self._context.seed, fields["MessageSid"], fields["MessageStatus"])
        await self._context.hook_client.twilio(
            callback, fields, self.records.account.token, idempotency, lambda status: None
        )
