"""Twilio's inbound side: consumers' texts to the core's hook, and Twilio's own answers to opt-out words."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

import msgspec

from connector.lab.vendors.context import NO_FIELDS, HookDelivery, VendorContext
from connector.lab.vendors.phonebook import VendorMessage
from connector.lab.vendors.twilio.forms import HELP_WORDS, START_WORDS, STOP_WORDS, alert, inbound_fields
from connector.lab.vendors.twilio.records import TwilioRecords
from connector.lab.vendors.twilio.webhook_request import send_webhook
from connector.lab.vendors.vendor_ids import sid, token

# Twilio answers the opt-out words of a long code itself; the connector must not answer a second time.
_STOPPED = "You have successfully been unsubscribed. You will not receive any more messages from this number."
_STARTED = "You have successfully been re-subscribed to messages from this number. Reply HELP for help."
_HELP = "Reply STOP to unsubscribe. Msg&Data rates may apply."

_FORGED_TEXT = "Forged: this text was written by nobody."


class TwilioInbound:
    def __init__(self, context: VendorContext, records: TwilioRecords) -> None:
        self._context = context
        self._phonebook = context.phonebook
        self._records = records

    async def text(
        self,
        sender: str,
        line: str,
        body: str,
        media: int,
        id_: str | None,
        fields: Mapping[str, str] = NO_FIELDS,
    ) -> HookDelivery:
        message = self._context.earlier_text(id_, sender, line)
        if message is None:
            message = self._record_inbound(sender, line, body, media, id_, fields)
            await self._phonebook.saved()
        plan = self._context.faults.hook("twilio", sender)
        if plan.is_lost or self._context.availability.outage_of("twilio"):
            self._context.faults.done["hook never made"] += 1
            self._phonebook.append(message.id, "lost", message.id)
            return HookDelivery([message.id], [None])
        if plan.is_forged:
            await self._send_forged(message)
        for after_s in plan.again_after_s:
            self._context.start_task("send again", self._send_later(message, after_s))
        if plan.late_s:
            self._context.start_task("send late", self._send_later(message, plan.late_s))
            return HookDelivery([message.id], [None])
        return HookDelivery([message.id], [await self._send(message)])

    async def _send_later(self, message: VendorMessage, after_s: float) -> None:
        await self._context.clock.sleep(after_s)
        await self._send(message)

    async def _send(self, message: VendorMessage) -> int | None:
        """Send the hook, and to the fallback address when that fails; the status of the last response."""
        target = self._target(message)
        if target is None:
            return None
        url, method, fallback = target
        fields = inbound_fields(message, self._records.configured.sid, self._context.url)
        send = partial(
            send_webhook,
            self._context.hook_client,
            token=self._records.account.token,
            idempotency=token(self._context.seed, message.id),
            on_status=partial(self._phonebook.append, message.id, "answers"),
        )
        response = await send(url, fields, method=method)
        code = alert(response)
        if not response.is_ok and fallback:
            response = await send(fallback, {**fields, "ErrorCode": str(code), "ErrorUrl": url})
        self._phonebook.update(message.id, alert=code)
        return response.status

    async def _send_forged(self, message: VendorMessage) -> None:
        """Send a hook for this message without a valid signature, as a forger would who knows the address."""
        target = self._target(message)
        if target is None:
            return
        forged = msgspec.structs.replace(message, body=_FORGED_TEXT)
        fields = inbound_fields(forged, self._records.configured.sid, self._context.url)
        await self._records.send_forged(target[0], fields)

    def _target(self, message: VendorMessage) -> tuple[str, str, str] | None:
        """Address, method and fallback address of the hook: the service's, or the number's own."""
        service = self._records.service(message.service)
        if service is not None and not service["use_inbound_webhook_on_number"]:
            url, method, fallback = (
                service[f"{name}"] for name in ("inbound_request_url", "inbound_method", "fallback_url")
            )
        else:
            settings = self._phonebook.line(message.recipient)
            if settings.get("sms_application_sid"):
                return None
            url, method = self._records.number_url(message.recipient), settings.get("sms_method", "POST")
            fallback = settings.get("sms_fallback_url", "")
        return (url, method, fallback or "") if url else None

    def _record_inbound(
        self, sender: str, line: str, body: str, media: int, id_: str | None, fields: Mapping[str, str]
    ) -> VendorMessage:
        if id_ is None:
            count = self._phonebook.count(sender, "sent")
            id_ = sid("MM" if media else "SM", self._context.seed, "from", sender, count)
        service = next(
            (one["sid"] for one in self._phonebook.services() if line in self._records.senders_of(one["sid"])), None
        )
        message = self._records.record(
            id_, "inbound", sender, line, body, media, "received", service=service, fields=dict(fields)
        )
        word = body.strip().upper()
        if word in STOP_WORDS:
            self._phonebook.set_opted_out(sender, line, True)
            self._answer(message, _STOPPED)
        elif word in START_WORDS and self._phonebook.is_opted_out(sender, line):
            # From a consumer who has not opted out, YES is an ordinary answer.
            self._phonebook.set_opted_out(sender, line, False)
            self._answer(message, _STARTED)
        elif word in HELP_WORDS:
            self._answer(message, _HELP)
        return message

    def _answer(self, message: VendorMessage, words: str) -> None:
        id_ = sid("SM", self._context.seed, "answer", message.id)
        self._records.record(id_, "outbound-reply", message.recipient, message.sender, words, 0, "delivered")
