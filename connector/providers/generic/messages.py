"""What a gateway says, in hooks and in answers, as values of ours."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec
from msgspec import Meta, Struct

from connector.domain.media import Media
from connector.domain.message import Part
from connector.domain.status import Status
from connector.providers.fields import part_field, quoted, text_field, timestamp
from connector.providers.send_outcomes import outcome_of_unreadable
from connector.providers.values import Accepted, DeliveryReceipt, InboundText, Rejected, Uncertain, Unreadable

_FROM_GATEWAYS = (Status.ACCEPTED, Status.SENT, Status.DELIVERED, Status.UNDELIVERED, Status.FAILED, Status.EXPIRED)
_STATUSES = {status.value: status for status in _FROM_GATEWAYS}

_NotBlank = Annotated[str, Meta(min_length=1)]


class _Picture(Struct):
    url: _NotBlank
    content_type: str = ""


class _InboundMessage(Struct, rename={"sender": "from"}):
    id: _NotBlank
    sender: _NotBlank
    to: _NotBlank
    text: str | None = None
    media: list[_Picture] = []
    part: object = None
    at: object = None


def inbound(body: bytes) -> InboundText:
    """Raises Unreadable."""
    try:
        message = msgspec.json.decode(body, type=_InboundMessage)
    except (ValueError, RecursionError) as error:
        raise Unreadable(f"not an inbound message: {error}") from None
    if message.text is None and not message.media:
        raise Unreadable("not an inbound message: there is neither text nor media")
    return InboundText(
        ref=message.id,
        line=message.to,
        consumer=message.sender,
        text=message.text or "",
        part=_part(message.part),
        media=tuple(Media(url=one.url, content_type=one.content_type) for one in message.media),
        at=timestamp(message.at),
    )


def _part(given: object) -> Part | None:
    """A malformed part is left out: the text matters more than its place."""
    try:
        part = msgspec.convert(given, Part)
    except msgspec.ValidationError:
        return None
    return part if 0 <= part.reference < 65_536 and 1 <= part.number <= part.total <= 255 else None


def receipt(content: dict[str, Any]) -> DeliveryReceipt:
    """Raises Unreadable."""
    ref, message_id, word = (text_field(content, name) or None for name in ("id", "message_id", "status"))
    if not word or not (ref or message_id):
        raise Unreadable("not a status: status is missing, or both id and message_id")
    code, text = text_field(content, "code") or None, text_field(content, "text")
    part, parts = part_field(content, "part") or 1, part_field(content, "parts") or 1
    return DeliveryReceipt(
        status=_STATUSES.get(word),
        raw_status=word,
        ref=ref,
        message_id=message_id,
        code=code,
        words=reason(code, text) if code or text else None,
        part=part if part <= parts else 1,
        parts=parts if part <= parts else 1,
        opted_out=content.get("opted_out") is True,
    )


def sent(content: dict[str, Any] | None) -> Accepted | Rejected | Uncertain:
    """What an answer of success says about a message."""
    fields = content or {}
    ref = text_field(fields, "id")
    if not ref:
        return outcome_of_unreadable("The gateway")
    status = _STATUSES.get(text_field(fields, "status"))
    code, text = text_field(fields, "code") or None, text_field(fields, "text")
    if status is Status.FAILED and (code or text):
        return Rejected(code, reason(code, text), fields.get("opted_out") is True, ref)
    return Accepted(ref, status or Status.ACCEPTED)


def reason(code: str | None, text: str) -> str:
    """The gateway's code and words for an error; codes are its own, so they have no meaning here."""
    words = quoted(text) or "it gives no reason"
    return f"The gateway says: {words}{f' (code {quoted(code)})' if code else ''}."
