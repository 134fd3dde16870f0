"""Twilio's side of a text's way: consumers' texts into the core's hook, replies out to phones, status callbacks."""

from __future__ import annotations

from functools import partial

from connector.segments import measure
from connector.simulator.behaviour import Rule
from connector.simulator.exchange import Exchange, Handed
from connector.simulator.phonebook import Message
from connector.simulator.twilio_forms import (
    HELP_WORDS,
    START_WORDS,
    STOP_WORDS,
    alert,
    callback_fields,
    inbound_fields,
)
from connector.simulator.vendor_ids import sid, token

# Twilio's own answers to the opt-out words of a long code; the connector must not answer a second time.
_STOPPED = "You have successfully been unsubscribed. You will not receive any more messages from this number."
_STARTED = "You have successfully been re-subscribed to messages from this number. Reply HELP for help."
_HELP = "Reply STOP to unsubscribe. Msg&Data rates may apply."

_SENT_AFTER_S, _DELIVERED_AFTER_S = 0.3, 0.9


class TwilioSite:
    def __init__(self, exchange: Exchange) -> None:
        self._exchange = exchange
        self._book = exchange.book
        self._account = exchange.world.twilio

    def lines(self) -> frozenset[str]:
        return frozenset(line.number for line in self._account.lines)

    def hook_url(self, line: str) -> str | None:
        """The number's SmsUrl: as set through the API, else the core's hook once the core is known."""
        return self._book.line_url(line) or self._exchange.core.hook("twilio", self._account.name, "inbound")

    async def text(self, sender: str, line: str, body: str, media: int, id_: str | None) -> Handed:
        message = self._exchange.earlier(id_, sender, line)
        if message is None:
            message = self._arrive(sender, line, body, media, id_)
            await self._book.saved()
        url = self.hook_url(line)
        if url is None:
            return Handed([message.id], [None])
        fields = inbound_fields(message, self._account.sid, self._exchange.url)
        answer = await self._exchange.caller.twilio(
            url,
            fields,
            self._account.auth_token,
            token(self._exchange.seed, message.id),
            partial(self._book.add_answer, message.id),
        )
        self._book.update(message.id, alert=alert(answer))
        return Handed([message.id], [answer.status])

    def accept(self, sender: str, recipient: str, body: str, media: int, callback: str | None) -> Message:
        """Take a text of the core's; it is queued, and `deliver` brings it on its way."""
        count = self._book.next(recipient, "received")
        id_ = sid("MM" if media else "SM", self._exchange.seed, "to", recipient, count)
        return self._record(id_, "outbound-api", sender, recipient, body, media, "queued", callback)

    async def deliver(self, message: Message, rule: Rule, *, at_once: bool = False) -> None:
        """Move a queued message to its end, calling its StatusCallback at every step."""
        last, code = rule.ends_as
        steps = ((last, _SENT_AFTER_S),) if last == "failed" else (("sent", _SENT_AFTER_S), (last, _DELIVERED_AFTER_S))
        for status, after_s in steps:
            if not at_once:
                await self._exchange.clock.sleep(after_s)
            final_code = code if status == last else None
            changes = {"sent_at": self._exchange.clock.now()} if status == "sent" else {}
            self._book.update(message.id, status=status, error_code=final_code, **changes)
            if status == "delivered":
                self._exchange.hear(message)
            if message.callback and rule.receipts != "none":
                await self._exchange.caller.twilio(
                    message.callback,
                    callback_fields(message, status, final_code, self._account.sid),
                    self._account.auth_token,
                    token(self._exchange.seed, message.id, status),
                    lambda status: None,
                )

    def _arrive(self, sender: str, line: str, body: str, media: int, id_: str | None) -> Message:
        if id_ is None:
            count = self._book.next(sender, "sent")
            id_ = sid("MM" if media else "SM", self._exchange.seed, "from", sender, count)
        message = self._record(id_, "inbound", sender, line, body, media, "received", None)
        word = body.strip().upper()
        if word in STOP_WORDS:
            self._book.set_opted_out(sender, line, True)
            self._answer(message, _STOPPED)
        elif word in START_WORDS and self._book.is_opted_out(sender, line):
            # YES is an ordinary answer for everyone else.
            self._book.set_opted_out(sender, line, False)
            self._answer(message, _STARTED)
        elif word in HELP_WORDS:
            self._answer(message, _HELP)
        return message

    def _answer(self, message: Message, words: str) -> None:
        id_ = sid("SM", self._exchange.seed, "answer", message.id)
        self._record(id_, "outbound-reply", message.recipient, message.sender, words, 0, "delivered", None)

    def _record(
        self,
        id_: str,
        direction: str,
        sender: str,
        recipient: str,
        body: str,
        media: int,
        status: str,
        callback: str | None,
    ) -> Message:
        now = self._exchange.clock.now()
        message = Message(
            id=id_,
            provider="twilio",
            direction=direction,
            sender=sender,
            recipient=recipient,
            body=body,
            segments=measure(body).segments,
            media=media,
            status=status,
            created_at=now,
            updated_at=now,
            sent_at=None if status == "queued" else now,
            callback=callback,
            hooks=[id_] if direction == "inbound" else [],
        )
        self._book.add(message)
        return message
