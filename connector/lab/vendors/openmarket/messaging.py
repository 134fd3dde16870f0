"""OpenMarket's side of a text's way: consumers' segments into the core's hook, replies out to phones, receipts."""

from __future__ import annotations

import random
from collections.abc import Callable
from functools import partial
from typing import Any

from connector.lab.vendors.context import HookDelivery, VendorContext
from connector.lab.vendors.hook_client import basic
from connector.lab.vendors.openmarket.forms import DELIVERED, WITH_OPERATOR, forged, originates, receipt, segments_of
from connector.lab.vendors.phonebook import VendorMessage
from connector.lab.vendors.send_behaviour import SendBehaviour
from connector.lab.vendors.vendor_ids import reference, ticket

_DELIVERED_AFTER_S, _NEXT_PART_AFTER_S = 1.0, 0.1
_UNDELIVERED = 5

Heard = Callable[[int | None], None]


class OpenMarketMessaging:
    def __init__(self, context: VendorContext) -> None:
        self._context = context
        self._phonebook = context.phonebook
        self._account = context.openmarket
        user, password = self._account.hook_user, self._account.hook_password
        self._authorization = basic(user, password) if user else ""

    def lines(self) -> frozenset[str]:
        return frozenset((self._account.short_code,))

    async def text(self, sender: str, line: str, body: str, media: int, id_: str | None) -> HookDelivery:
        """Every segment is a call of its own; one that is not taken is tried again in the background."""
        if media:
            raise ValueError(f"media: {line} takes no pictures.")
        message = self._context.earlier_text(id_, sender, line)
        if message is None:
            message = self._arrive(sender, line, body, id_)
            await self._phonebook.saved()
        url = self._context.hook_target.hook("openmarket", self._account.name, "inbound")
        if url is None:
            return HookDelivery(message.hooks, [None] * len(message.hooks))
        segments = zip(message.hooks, originates(message), strict=True)
        return HookDelivery(message.hooks, [await self._hand(message, url, ticket, body) for ticket, body in segments])

    async def _hand(self, message: VendorMessage, url: str, ticket: str, body: dict[str, object]) -> int | None:
        """Hand one segment to the core, as the scenario has it."""
        heard = partial(self._phonebook.append, message.id, "answers")
        plan = self._context.faults.hook("openmarket", message.sender)
        if plan.is_lost:
            self._phonebook.append(message.id, "lost", ticket)
            return None
        if plan.is_forged:
            await self._forge(url, forged(body))
        for after_s in plan.again_after_s:
            self._context.start_task("offer again", self._offer_later(url, body, heard, after_s))
        if plan.late_s or self._context.availability.trouble("openmarket"):
            self._context.start_task("offer late", self._offer_later(url, body, heard, plan.late_s))
            return None
        return await self._offer(url, body, heard)

    async def _offer_later(self, url: str, body: dict[str, object], heard: Heard, after_s: float) -> None:
        await self._context.clock.sleep(after_s)
        await self._context.availability.opened("openmarket")
        await self._offer(url, body, heard)

    async def _forge(self, url: str, body: dict[str, object]) -> None:
        """A call of somebody who knows the address, but not the password."""
        if not self._authorization:
            return  # nobody could tell it from a real one
        answer = await self._context.hook_client.openmarket(
            url, body, basic(self._account.hook_user, "not the password")
        )
        self._context.faults.done["forged call"] += 1
        self._context.faults.done["forged call taken"] += answer.is_ok

    def accept(
        self, sender: str, recipient: str, body: str, callback: str | None, validity_s: int | None
    ) -> VendorMessage:
        """Take a text of the core's; `deliver` brings it on its way."""
        id_ = ticket(self._context.seed, "to", recipient, self._phonebook.next(recipient, "received"))
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
        """Bring a text to its phone, or not, segment by segment, and post a receipt for each."""
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
                await self._report(message, message.callback, number, codes[number - 1], behaviour)
        if code is None:
            self._context.on_delivered(message)

    async def _report(
        self, message: VendorMessage, callback: str, number: int, code: int, behaviour: SendBehaviour
    ) -> None:
        """Post the receipt of one segment, or, when late, leave it to go by itself so that others can overtake it."""
        now = self._context.clock.now()
        if behaviour.forged:
            await self._forge(callback, receipt(message, number, _UNDELIVERED if code == DELIVERED else DELIVERED, now))
        chance = random.Random(f"{self._context.seed}:{message.id}:{number}")
        for _ in range(behaviour.copies):
            late_s = chance.uniform(0, behaviour.late_s)
            body = receipt(message, number, code, now)
            if late_s or self._context.availability.trouble("openmarket"):
                self._context.start_task("report late", self._offer_later(callback, body, _ignore, late_s))
            else:
                await self._offer(callback, body, _ignore)

    async def _offer(self, url: str, body: dict[str, object], heard: Heard) -> int | None:
        answer = await self._context.hook_client.openmarket(url, body, self._authorization)
        heard(answer.status)
        if not answer.is_ok:
            again = self._context.hook_client.openmarket_again(url, body, self._authorization, heard)
            self._context.start_task("offer again", again)
        return answer.status

    def _arrive(self, sender: str, line: str, body: str, id_: str | None) -> VendorMessage:
        seed, segments = self._context.seed, segments_of(body)
        if id_ is None:
            count = self._phonebook.next(sender, "sent")
            hooks = [ticket(seed, "from", sender, count, number) for number in range(segments)]
        else:
            hooks = [id_, *(f"{id_}-{number}" for number in range(2, segments + 1))]
        used = reference(self._phonebook.next(sender, "long texts"), seed, sender) if segments > 1 else None
        return self._record(hooks[0], "inbound", sender, line, body, "received", hooks=hooks, reference=used)

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
