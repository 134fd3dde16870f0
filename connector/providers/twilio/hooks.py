"""What Twilio's webhooks say (https://www.twilio.com/docs/messaging/guides/webhook-request).

Twilio adds fields without notice, so unknown ones are ignored. Which of the known ones come depends on the channel, so
each is optional that is not needed to know what the hook is about.
"""

from __future__ import annotations

from connector.domain.consent.entries import ConsentKind, ConsentSignal
from connector.domain.media import Media, MediaState
from connector.domain.status import Status
from connector.providers.fields import quoted
from connector.providers.twilio.base64_body import readable
from connector.providers.twilio.errors import EXPIRED, OPTED_OUT, receipt_words
from connector.providers.twilio.form import Fields, form_of
from connector.providers.values import Arrival, DeliveryReceipt, Hook, InboundText, Unreadable, Untaken
from connector.providers.wordless import worded
from connector.sms.text import is_blank

MESSAGE_ID = "m"  # the query parameter of our status callback address

_INBOUND_WORDS = frozenset({"receiving", "received"})
# Fields that only a text has: either can be missing.
_OF_TEXTS = ("Body", "NumMedia", "MediaUrl0", "NumSegments", "OptOutType", "ButtonText", "ButtonPayload", "Latitude")
_ANSWERS = ("ButtonText", "ListTitle", "ButtonPayload", "ListId")
_REFERRALS = ("ReferralHeadline", "ReferralBody", "ReferralSourceUrl")
_NAMES = (
    *("MessageSid", "SmsMessageSid", "SmsSid", "MessageStatus", "SmsStatus", "From", "To", "ErrorCode", "ErrorMessage"),
    *("Latitude", "Longitude", "Label", "Address", "MessageType", "CallSid", "ConversationSid", "ChannelSid"),
    *("EventType", "Payload", "Level", *_OF_TEXTS, *_ANSWERS, *_REFERRALS),
)
_PREFIXES = ("MediaUrl", "MediaContentType")
_MOST_MEDIA = 10

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


def billed(segments: object) -> int | None:
    """`num_segments` of a message; with a Messaging Service it is 0 until the sender has been chosen."""
    text = segments if isinstance(segments, str) else ""
    return int(text) if text.isascii() and text.isdigit() and 0 < len(text) < 4 and int(text) else None


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


def read(hook: Hook) -> list[Arrival]:
    """What the form says by its fields: at either address a text is taken as a text, and a receipt as a receipt.

    Of a text only its id and both parties are needed, of a receipt its status and a message. Raises Unreadable.
    """
    fields = form_of(hook)
    if "MessageSid" not in fields:  # as usual; something on the way may have written all names in small letters
        fields = fields.renamed(_NAMES, _PREFIXES)
    ref = fields.first("MessageSid") or fields.first("SmsMessageSid") or fields.first("SmsSid")
    message_id = hook.parameter(MESSAGE_ID)
    word = (fields.first("MessageStatus") or fields.first("SmsStatus")).lower()
    if _is_receipt(hook.kind, fields, word) and (ref or message_id):
        return [_receipt(fields, word, ref, message_id)]
    consumer, line = fields.first("From"), fields.first("To")
    is_text = hook.kind == "inbound" or word in _INBOUND_WORDS or "Body" in fields
    if is_text and ref and consumer and line:
        return [_text(fields, ref, line, consumer)]
    untaken = _event(fields)
    if untaken is None:
        wanted = "MessageSid, From or To" if is_text else "MessageStatus or MessageSid"
        raise Unreadable(f"neither a message nor a status callback: {wanted} is missing")
    return [untaken]


def _is_receipt(kind: str, fields: Fields, word: str) -> bool:
    """Receipts have the status of an outbound message. A text may have `received`, and at our address for texts any."""
    is_like_text = any(name in fields for name in _OF_TEXTS)
    if word in _INBOUND_WORDS:
        return kind != "inbound" and not is_like_text
    if kind == "inbound" and is_like_text:
        return "MessageStatus" in fields and word in STATUSES
    return bool(word)


def _text(fields: Fields, ref: str, line: str, consumer: str) -> InboundText:
    media = _media(fields)
    text = readable(fields.first("Body"), ref)
    if is_blank(text) or "Latitude" in fields:
        text = _in_words(fields, text, media)
    consent = _CONSENT.get(fields.first("OptOutType").upper())
    return InboundText(ref=ref, line=line, consumer=consumer, text=text, media=media, consent=consent)


def _in_words(fields: Fields, text: str, media: tuple[Media, ...]) -> str:
    """What a message says by other fields than its body."""
    # A button or list may have been answered by its text or its name alone.
    answer = next((fields.first(name) for name in _ANSWERS if not is_blank(fields.first(name))), "")
    said = answer if is_blank(text) else text
    facts = ""
    if fields.first("Latitude") and fields.first("Longitude"):
        place = f"{fields.first('Latitude')}, {fields.first('Longitude')}"
        facts = "location: " + "; ".join(filter(None, (fields.first("Label"), fields.first("Address"), place)))
    elif not said and not media:
        facts = _kind(fields)
    return worded(said, media, facts)


def _kind(fields: Fields) -> str:
    """What a message without words is."""
    if opt_out := fields.first("OptOutType"):
        return f"without words; Twilio took it for {quoted(opt_out, 20)}"
    advertisement = next((fields.first(name) for name in _REFERRALS if fields.first(name)), "")
    if advertisement:
        return f"without words, from the advertisement: {quoted(advertisement)}"
    kind = fields.first("MessageType").lower()
    return f"{quoted(kind, 40)}, without words" if kind not in ("", "text") else ""


def _receipt(fields: Fields, word: str, ref: str, message_id: str) -> DeliveryReceipt:
    code = fields.first("ErrorCode") or None
    if code == "0":  # as the message resource has it without an error
        code = None
    return DeliveryReceipt(
        status=status_of(word, code),
        raw_status=word,
        ref=ref or None,
        message_id=message_id or None,
        code=code,
        words=receipt_words(word, code, fields.first("ErrorMessage")),
        opted_out=code in OPTED_OUT,
    )


def _event(fields: Fields) -> Untaken | None:
    """What else Twilio sends to an address, by the fields that only this has."""
    event = quoted(fields.first("EventType") or fields.first("event_type"), 60)
    if "CallSid" in fields:
        return Untaken("a voice call, to our address for texts: give calls another one at Twilio")
    if "ConversationSid" in fields or "ChannelSid" in fields:
        words = f"an event of Twilio Conversations ({event or 'no name'}); texts there come to no conversation here"
        return Untaken(words, may_hide_text="message" in event.lower() or not event)
    if event:
        return Untaken(f"the event {event}, which says nothing about a message")
    if "Payload" in fields and "Level" in fields:
        return Untaken("an alert of Twilio's debugger")
    return None


def _media(fields: Fields) -> tuple[Media, ...]:
    """Every picture or file with an address, once; and one that failed for each that is announced and has none."""
    announced = fields.first("NumMedia")
    if announced == "0" and "MediaUrl0" not in fields:  # as usual
        return ()
    urls, kinds = fields.numbered("MediaUrl"), fields.numbered("MediaContentType")
    by_url: dict[str, str] = {}
    for number, url in urls.items():
        by_url.setdefault(url, kinds.get(number, ""))
    found = [Media(url=url, content_type=kind) for url, kind in by_url.items()]
    count = int(announced) if announced.isascii() and announced.isdigit() and len(announced) < 4 else 0
    missing = [number for number in range(min(count, _MOST_MEDIA)) if number not in urls]
    return (*found, *(without_address(kinds.get(number, "")) for number in missing))


def without_address(content_type: str) -> Media:
    """A picture that Twilio has announced, and that cannot be fetched."""
    words = "Twilio says that there is one, and not where. Ask the consumer to send it again."
    return Media(url="", content_type=content_type, state=MediaState.FAILED, words=words)
