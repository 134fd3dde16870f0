"""OpenMarket's messaging: consumers' segments to the core's hook, replies to phones, receipts back to the core."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from connector.lab.vendors.context import NO_FIELDS, HookDelivery, VendorContext
from connector.lab.vendors.hook_client import basic
from connector.lab.vendors.openmarket.forms import DELIVERED, WITH_OPERATOR, forged, originates, receipt, segments_of
from connector.lab.vendors.openmarket.webhook_request import retry_webhook, send_webhook
from connector.lab.vendors.phonebook import VendorMessage
from connector.lab.vendors.send_behaviour import SendBehaviour
from connector.lab.vendors.vendor_ids import reference, ticket

_DELIVERED_AFTER_S, _NEXT_PART_AFTER_S = 1.0, 0.1
_UNDELIVERED = 5

HookBody = dict[str, object] | bytes
OnStatus = Callable[[int | None], None]


class OpenMarketMessaging:
    def __init__(self, context: VendorContext) -> None:
        self._context = context
        self._phonebook = context.phonebook
        self._account = context.openmarket
        user, password = self._account.hook_user, self._account.hook_password
        self._authorization = basic(user, password) if user else ""

    def lines(self) -> frozenset[str]:
        return frozenset((self._account.short_code,))

    async def text(
        self,
        sender: str,
        line: str,
        body: str,
        media: int,
        id_: str | None,
        fields: Mapping[str, str] = NO_FIELDS,
    ) -> HookDelivery:
        """Send each segment as a hook of its own; one that is not taken is retried in the background."""
        message = self._context.earlier_text(id_, sender, line)
        if message is None:
            message = self._record_inbound(sender, line, body, media, id_, fields)
            await self._phonebook.saved()
        url = self._context.hook_target.hook("openmarket", self._account.name, "inbound")
        if url is None:
            return HookDelivery(message.hooks, [None] * len(message.hooks))
        segments = zip(message.hooks, originates(message), strict=True)
        return HookDelivery(
            message.hooks, [await self._send_segment(message, url, ticket, body) for ticket, body in segments]
        )

    async def _send_segment(self, message: VendorMessage, url: str, ticket: str, body: HookBody) -> int | None:
        """Send one segment to the core, with the faults of the scenario; the status of the response."""
        on_status = partial(self._phonebook.append, message.id, "answers")
        plan = self._context.faults.hook("openmarket", message.sender)
        if plan.is_lost:
            self._phonebook.append(message.id, "lost", ticket)
            return None
        if plan.is_forged and not isinstance(body, bytes):
            await self._forge(url, forged(body))
        for after_s in plan.again_after_s:
            self._context.start_task("send again", self._send_later(url, body, on_status, after_s))
        if plan.late_s or self._context.availability.outage_of("openmarket"):
            self._context.start_task("send late", self._send_later(url, body, on_status, plan.late_s))
            return None
        return await self._send(url, body, on_status)

    async def _send_later(self, url: str, body: HookBody, on_status: OnStatus, after_s: float) -> None:
        await self._context.clock.sleep(after_s)
        await self._context.availability.wait_until_up("openmarket")
        await self._send(url, body, on_status)

    async def _forge(self, url: str, body: dict[str, object]) -> None:
        """Send a hook with a wrong password, as a forger would who knows the address."""
        if not self._authorization:
            return  # without a password a forged hook is the same as a genuine one
        wrong = basic(self._account.hook_user, "not the password")
        response = await send_webhook(self._context.hook_client, url, body, wrong)
        self._context.faults.done["forged call"] += 1
        self._context.faults.done["forged call taken"] += response.is_ok

    def accept(
        self, sender: str, recipient: str, body: str, callback: str | None, validity_s: int | None
    ) -> VendorMessage:
        """Record a message of the core; `deliver` sends it on."""
        id_ = ticket(self._context.seed, "to", recipient, self._phonebook.count(recipient, "received"))
        return self._record(
            id_,
            "outbound-api",
            sender,
            recipient,
            body,
            "queued",
            callback=callback,
            validity_s=validity_s,
            codes=[WITH_OPERATOR] * segments_of(body),
        )

    async def deliver(self, message: VendorMessage, behaviour: SendBehaviour, *, at_once: bool = False) -> None:
        """Deliver a message, or fail to, segment by segment, with a receipt for each."""
        last, code = behaviour.ends_as
        bad = range(1, message.segments + 1) if behaviour.bad_part is None else (behaviour.bad_part,)
        codes = list(message.codes)
        for number in range(1, message.segments + 1):
            if not at_once:
                await self._context.clock.sleep(_DELIVERED_AFTER_S if number == 1 else _NEXT_PART_AFTER_S)
            codes[number - 1] = DELIVERED if code is None or number not in bad else code
            now = self._context.clock.now()
            changes = {"status": last, "error_code": code} if number == message.segments else {}
            self._phonebook.update(message.id, codes=list(codes), sent_at=now, **changes)
            if message.callback and behaviour.receipts != "none":
                await self._send_receipt(message, message.callback, number, codes[number - 1], behaviour)
        if code is None:
            self._context.on_delivered(message)

    async def _send_receipt(
        self, message: VendorMessage, callback: str, number: int, code: int, behaviour: SendBehaviour
    ) -> None:
        """Send the receipt of one segment; a late one goes in a task of its own, so that others can overtake it."""
        now = self._context.clock.now()
        if behaviour.forged:
            await self._forge(callback, receipt(message, number, _UNDELIVERED if code == DELIVERED else DELIVERED, now))
        chance = random.Random(f"{self._context.seed}:{message.id}:{number}")
        for _ in range(behaviour.copies):
            late_s = chance.uniform(0, behaviour.late_s)
            body = receipt(message, number, code, now)
            if late_s or self._context.availability.outage_of("openmarket"):
                self._context.start_task("receipt late", self._send_later(callback, body, _ignore, late_s))
            else:
                await self._send(callback, body, _ignore)

    async def _send(self, url: str, body: HookBody, on_status: OnStatus) -> int | None:
        client = self._context.hook_client
        response = await send_webhook(client, url, body, self._authorization)
        on_status(response.status)
        if not response.is_ok:
            retries = retry_webhook(client, self._context.clock, url, body, self._authorization, on_status)
            self._context.start_task("send again", retries)
        return response.status

    def _record_inbound(
        self, sender: str, line: str, body: str, media: int, id_: str | None, fields: Mapping[str, str]
    ) -> VendorMessage:
        seed, segments = self._context.seed, 1 if media else segments_of(body)
        if id_ is None:
            count = self._phonebook.count(sender, "sent")
            hooks = [ticket(seed, "from", sender, count, number) for number in range(segments)]
        else:
            hooks = [id_, *(f"{id_}-{number}" for number in range(2, segments + 1))]
        used = reference(self._phonebook.count(sender, "long texts"), seed, sender) if segments > 1 else None
        more = {"hooks": hooks, "reference": used, "media": media, "fields": dict(fields)}
        return self._record(hooks[0], "inbound", sender, line, body, "received", **more)

    def _record(
        self, id_: str, direction: str, sender: str, recipient: str, body: str, status: str, **more: Any
    ) -> VendorMessage:
        now = self._context.clock.now()
        message = VendorMessage(
            id=id_,
            provider="openmarket",
            direction=direction,
            sender=sender,
            recipient=recipient,
            body=body,
            segments=segments_of(body),
            status=status,
            created_at=now,
            updated_at=now,
            **more,
        )
        self._phonebook.add(message)
        return message


def _ignore(status: int | None) -> None:
    return None
