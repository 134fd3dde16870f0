"""Twilio's side of a text's way: consumers' texts into the core's hook, replies out to phones, status callbacks."""

from __future__ import annotations

import random

import msgspec

from connector.lab.vendors.behaviour import Fate
from connector.lab.vendors.exchange import Exchange, HookDelivery
from connector.lab.vendors.phonebook import VendorMessage
from connector.lab.vendors.twilio.account import TRIAL_PREFIX
from connector.lab.vendors.twilio.forms import callback_fields
from connector.lab.vendors.twilio.inbound import TwilioInbound
from connector.lab.vendors.twilio.media import fetch
from connector.lab.vendors.twilio.records import TwilioRecords
from connector.lab.vendors.vendor_ids import sid, token

_SENT_AFTER_S, _DELIVERED_AFTER_S = 0.3, 0.9


class TwilioSite:
    def __init__(self, exchange: Exchange) -> None:
        self._exchange = exchange
        self._book = exchange.book
        self.records = TwilioRecords(exchange)
        self._inbound = TwilioInbound(exchange, self.records)

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
        count = self._book.next(recipient, "received")
        id_ = sid("MM" if media_urls else "SM", self._exchange.seed, "to", recipient, count)
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

    async def deliver(self, message: VendorMessage, fate: Fate, *, at_once: bool = False) -> None:
        """Move a queued message to its end, calling its StatusCallback at every step."""
        last, code = fate.ends_as
        fetched, trouble = await fetch(self._exchange.caller, message.media_urls)
        if fetched:
            self._book.append(message.id, "fetched", *msgspec.to_builtins(fetched))
        if trouble is not None:
            last, code = "failed", trouble
        steps = [("queued", 0.0)] if message.service else []
        steps += [] if last == "failed" else [("sent", _SENT_AFTER_S)]
        for status, after_s in (*steps, (last, _SENT_AFTER_S if last == "failed" else _DELIVERED_AFTER_S)):
            if not at_once:
                await self._exchange.clock.sleep(after_s)
            final_code = code if status == last else None
            changes = {"sent_at": self._exchange.clock.now()} if status == "sent" else {}
            self._book.update(message.id, status=status, error_code=final_code, **changes)
            if status == "delivered":
                self._exchange.hear(message)
            if message.callback and fate.receipts != "none":
                await self._report(message, message.callback, status, final_code, fate)

    async def _report(self, message: VendorMessage, callback: str, status: str, code: int | None, fate: Fate) -> None:
        """Call the StatusCallback, or, when late, leave it to go by itself so that others can overtake it."""
        fields = callback_fields(message, status, code, self.records.world.sid)
        if fate.forged:
            is_bad = status != "delivered"
            said = "delivered" if is_bad else "undelivered"
            await self.records.forge(callback, {**fields, "MessageStatus": said, "SmsStatus": said})
        chance = random.Random(f"{self._exchange.seed}:{message.id}:{status}")
        for _ in range(fate.copies):
            if fate.late_s:
                late_s = chance.uniform(0, fate.late_s)
                self._exchange.start("report late", self._call_back(callback, fields, late_s))
            else:
                await self._call_back(callback, fields, 0)

    async def _call_back(self, callback: str, fields: dict[str, str], late_s: float) -> None:
        await self._exchange.clock.sleep(late_s)
        if self._exchange.door.trouble("twilio"):
            return
        idempotency = token(self._exchange.seed, fields["MessageSid"], fields["MessageStatus"])
        await self._exchange.caller.twilio(
            callback, fields, self.records.account.token, idempotency, lambda status: None
        )
