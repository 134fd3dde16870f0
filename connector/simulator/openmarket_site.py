"""OpenMarket's side of a text's way: consumers' segments into the core's hook, replies out to phones, receipts."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from connector.simulator.behaviour import Rule
from connector.simulator.calls import basic
from connector.simulator.exchange import Exchange, Handed
from connector.simulator.openmarket_forms import DELIVERED, originates, receipts, segments_of
from connector.simulator.phonebook import Message
from connector.simulator.vendor_ids import reference, ticket

_DELIVERED_AFTER_S = 1.0

Heard = Callable[[int | None], None]


class OpenMarketSite:
    def __init__(self, exchange: Exchange) -> None:
        self._exchange = exchange
        self._book = exchange.book
        self._account = exchange.world.openmarket
        user, password = self._account.hook_user, self._account.hook_password
        self._authorization = basic(user, password) if user else ""

    def lines(self) -> frozenset[str]:
        return frozenset((self._account.short_code,))

    async def text(self, sender: str, line: str, body: str, media: int, id_: str | None) -> Handed:
        """Every segment is a call of its own; one that is not taken is tried again in the background."""
        if media:
            raise ValueError(f"media: {line} takes no pictures.")
        message = self._exchange.earlier(id_, sender, line)
        if message is None:
            message = self._arrive(sender, line, body, id_)
            await self._book.saved()
        url = self._exchange.core.hook("openmarket", self._account.name, "inbound")
        if url is None:
            return Handed(message.hooks, [None] * len(message.hooks))
        heard = partial(self._book.add_answer, message.id)
        statuses = [await self._offer(url, originate, heard) for originate in originates(message)]
        return Handed(message.hooks, statuses)

    def accept(self, sender: str, recipient: str, body: str, callback: str | None) -> Message:
        """Take a text of the core's; `deliver` brings it on its way."""
        id_ = ticket(self._exchange.seed, "to", recipient, self._book.next(recipient, "received"))
        return self._record(id_, "outbound-api", sender, recipient, body, "queued", callback=callback)

    async def deliver(self, message: Message, rule: Rule, *, at_once: bool = False) -> None:
        """Bring a text to its phone, or not, and post a receipt for every segment."""
        if not at_once:
            await self._exchange.clock.sleep(_DELIVERED_AFTER_S)
        last, code = rule.ends_as
        now = self._exchange.clock.now()
        self._book.update(message.id, status=last, error_code=code, sent_at=now)
        if code is None:
            self._exchange.hear(message)
        if message.callback and rule.receipts != "none":
            for receipt in receipts(message, DELIVERED if code is None else code, now):
                await self._offer(message.callback, receipt, lambda status: None)

    async def _offer(self, url: str, body: dict[str, object], heard: Heard) -> int | None:
        answer = await self._exchange.caller.openmarket(url, body, self._authorization)
        heard(answer.status)
        if not answer.is_ok:
            again = self._exchange.caller.openmarket_again(url, body, self._authorization, heard)
            self._exchange.tasks.start("offer again", again)
        return answer.status

    def _arrive(self, sender: str, line: str, body: str, id_: str | None) -> Message:
        seed, segments = self._exchange.seed, segments_of(body)
        if id_ is None:
            count = self._book.next(sender, "sent")
            hooks = [ticket(seed, "from", sender, count, number) for number in range(segments)]
        else:
            hooks = [id_, *(f"{id_}-{number}" for number in range(2, segments + 1))]
        used = reference(self._book.next(sender, "long texts"), seed, sender) if segments > 1 else None
        return self._record(hooks[0], "inbound", sender, line, body, "received", hooks=hooks, used=used)

    def _record(
        self,
        id_: str,
        direction: str,
        sender: str,
        recipient: str,
        body: str,
        status: str,
        *,
        callback: str | None = None,
        hooks: list[str] | None = None,
        used: int | None = None,
    ) -> Message:
        now = self._exchange.clock.now()
        message = Message(
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
            callback=callback,
            hooks=hooks or [],
            reference=used,
        )
        self._book.add(message)
        return message
