"""What Twilio's webhooks say (https://www.twilio.com/docs/messaging/guides/webhook-request).

Twilio adds fields without notice, so unknown ones are ignored.
"""

from __future__ import annotations

from connector.domain.consent.entries import ConsentKind, ConsentSignal
from connector.domain.media import Media
from connector.domain.status import Status
from connector.providers.twilio.base64_body import readable
from connector.providers.twilio.errors import EXPIRED, OPTED_OUT, explain
from connector.providers.twilio.form import Fields, form_of
from connector.providers.values import DeliveryReceipt, Hook, InboundText, Unreadable

MESSAGE_ID = "m"  # the query parameter of our status callback address

# `receiving` and `received` are of inbound messages and say nothing about a reply.
STATUSES = {
    "accepted": Status.ACCEPTED,
    "scheduled": Status.ACCEPTED,
    "queued": Status.ACCEPTED,
    "sending": Status.ACCEPTED,
    "sent": Status.SENT,
    "partially_delivered": Status.SENT,
    "delivered": Status.DELIVERED,
    "read": Status.DELIVERED,
    "undelivered": Status.UNDELIVERED,
    "failed": Status.FAILED,
    "canceled": Status.FAILED,
}


# With Advanced Opt-Out, whose words the account has chosen, Twilio says what it took a text for. HELP changes nothing.
_ADVANCED = "Twilio Advanced Opt-Out"
_CONSENT = {
    "STOP": ConsentSignal(ConsentKind.OPTED_OUT, _ADVANCED),
    "START": ConsentSignal(ConsentKind.OPTED_IN, _ADVANCED),
}


def status_of(word: str, code: str | None) -> Status | None:
    """Our status for Twilio's word; None for an unknown one."""
    if code == EXPIRED and word in ("failed", "undelivered"):
        return Status.EXPIRED
    return STATUSES.get(word)


def read_inbound(hook: Hook) -> InboundText:
    """Raises Unreadable."""
    fields = form_of(hook)
    ref, consumer, line = fields.first("MessageSid"), fields.first("From"), fields.first("To")
    if not (ref and consumer and line and "Body" in fields):
        raise Unreadable("not an inbound message: MessageSid, From, To or Body is missing")
    text = readable(fields.first("Body"), ref)
    consent = _CONSENT.get(fields.first("OptOutType"))
    return InboundText(ref=ref, line=line, consumer=consumer, text=text, media=_media(fields), consent=consent)


def read_status(hook: Hook) -> DeliveryReceipt:
    """Raises Unreadable."""
    fields = form_of(hook)
    message_id = hook.parameter(MESSAGE_ID)
    ref = fields.first("MessageSid") or fields.first("SmsSid")
    word = fields.first("MessageStatus") or fields.first("SmsStatus")
    if not word or not (ref or message_id):
        raise Unreadable("not a status callback: MessageStatus or MessageSid is missing")
    code = fields.first("ErrorCode") or None
    return DeliveryReceipt(
        status=status_of(word, code),
        raw_status=word,
        ref=ref or None,
        message_id=message_id or None,
        code=code,
        words=explain(code, fields.first("ErrorMessage")) if code else None,
        opted_out=code in OPTED_OUT,
    )


def _media(fields: Fields) -> tuple[Media, ...]:
    announced = fields.first("NumMedia")
    count = int(announced) if announced.isascii() and announced.isdigit() and len(announced) < 4 else 0
    found = ((fields.first(f"MediaUrl{index}"), fields.first(f"MediaContentType{index}")) for index in range(count))
    return tuple(Media(url=url, content_type=kind) for url, kind in found if url)
