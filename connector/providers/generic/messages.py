"""What a gateway says, in hooks and in answers, as values of ours."""

from __future__ import annotations

import re
from typing import Any

import msgspec
from msgspec.structs import replace

from connector.domain.media import Media, MediaState
from connector.domain.message import Part
from connector.domain.status import Status
from connector.providers.fields import field, part_field, quoted, text_field, timestamp
from connector.providers.send_outcomes import outcome_of_unreadable
from connector.providers.values import (
    Accepted,
    Arrival,
    DeliveryReceipt,
    InboundText,
    Rejected,
    Uncertain,
    Unreadable,
    Untaken,
)
from connector.providers.wordless import worded

_FROM_GATEWAYS = (Status.ACCEPTED, Status.SENT, Status.DELIVERED, Status.UNDELIVERED, Status.FAILED, Status.EXPIRED)
_HALF_CHARACTER = re.compile(r"(?:[0-9a-f]{2}){0,3}")  # the part of a character that one segment can have
_MOST_MEDIA = 20
_STATUSES = {status.value: status for status in _FROM_GATEWAYS}


def inbound(content: dict[str, Any]) -> list[Arrival]:
    """Raises Unreadable. Only the id and the two addresses are needed."""
    ref, consumer, line = (text_field(content, name) for name in ("id", "from", "to"))
    if not (ref and consumer and line):
        raise Unreadable("not an inbound message: id, from or to is missing")
    media = _media(field(content, "media"))
    given = field(content, "part")
    part = _part(given)
    text = text_field(content, "text")
    arrival = InboundText(
        ref=ref,
        line=line,
        consumer=consumer,
        text=worded(text, media) if part is None else text,
        part=part,
        media=media,
        at=timestamp(field(content, "at")),
    )
    if given is None or part is not None:
        return [arrival]
    return [arrival, Untaken("its part names no part of a text; the text is shown as one of its own", True)]


def _media(given: object) -> tuple[Media, ...]:
    """Pictures, each an object with its address or the address alone; one without an address has failed."""
    listed = given if isinstance(given, list) else [given] if given else []
    found = []
    for one in listed[:_MOST_MEDIA]:
        fields = one if isinstance(one, dict) else {"url": one}
        url, content_type = text_field(fields, "url"), text_field(fields, "content_type")
        words = None if url else "The gateway says that there is one, and not where."
        found.append(Media(url, content_type, MediaState.WAITING if url else MediaState.FAILED, words=words))
    return tuple(found)


def _part(given: object) -> Part | None:
    """A malformed part is left out: the text matters more than its place. So are octets that are no half character."""
    try:
        part = msgspec.convert(given, Part)
    except msgspec.ValidationError:
        return None
    if not (0 <= part.reference < 65_536 and 1 <= part.number <= part.total <= 255):
        return None
    is_half = _HALF_CHARACTER.fullmatch(part.head) and _HALF_CHARACTER.fullmatch(part.tail)
    if is_half and part.charset in ("", "utf-8", "utf-16-be"):
        return part
    return replace(part, head="", tail="", charset="")


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
        billed=part_field(content, "segments") or None,
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
    return Accepted(ref, status or Status.ACCEPTED, billed=part_field(fields, "segments") or None)


def reason(code: str | None, text: str) -> str:
    """The gateway's code and words for an error; codes are its own, so they have no meaning here."""
    words = quoted(text) or "it gives no reason"
    return f"The gateway says: {words}{f' (code {quoted(code)})' if code else ''}."
