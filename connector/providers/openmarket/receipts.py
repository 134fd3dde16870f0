"""The status of a reply, in OpenMarket's receipts and in its answer to a status call.

The pages show their JSON in pieces only (https://www.openmarket.com/docs/Content/apis/v4http/receive-delivery-json.htm
and get-status-json.htm). The names are those of OpenMarket's schema of the same API in XML (sms-mt-v4.0.xsd): an
`mtStatus` with `ticketId`, `code`, `description`, `totalSegments`, `segmentNumber`, and in it `segments` of `segment`.
At which depth they stand is read with tolerance.
"""

from __future__ import annotations

from typing import Any

from connector.providers.fields import part_field, text_field
from connector.providers.openmarket.codes import explain, status_of
from connector.providers.values import DeliveryReceipt, Unreadable

# Of the whole message, when its parts differ; any other code holds for every part.
_SUMMARIES = frozenset({"830", "831"})
_MOST_PARTS = 255
_WRAPPERS = ("deliveryReceipt", "mtStatus", "status")


def is_receipt(content: dict[str, Any]) -> bool:
    return any(isinstance(content.get(name), dict) for name in _WRAPPERS)


def of_hook(content: dict[str, Any], message_id: str) -> list[DeliveryReceipt]:
    """The receipts in a hook, which came to the address with our `message_id`. Raises Unreadable."""
    status = _status(content)
    ref, code = _word(status, "ticketId"), _word(status, "code")
    if not (ref or message_id) or not (code or _segments(status)):
        raise Unreadable("not a receipt: ticketId or code is missing")
    part, parts = part_field(status, "segmentNumber") or 1, part_field(status, "totalSegments") or 1
    if part > parts:
        part = parts = 1
    return _by_part(status, ref, message_id) or [_receipt(status, ref, message_id, part, parts)]


def of_answer(content: dict[str, Any], ref: str) -> list[DeliveryReceipt]:
    """The receipts in the answer about the ticket `ref`, one for each part. Raises Unreadable."""
    status = _status(content)
    receipts = _by_part(status, ref, "")
    if receipts:
        return receipts
    code = _word(status, "code")
    if not code:
        raise Unreadable("not a status: there is no code")
    parts = part_field(status, "totalSegments") or 1
    known = 1 if code in _SUMMARIES else parts
    return [_receipt(status, ref, "", part, parts) for part in range(1, known + 1)]


def error_of(answer: dict[str, Any]) -> tuple[str | None, str]:
    """Code and description of a refused request."""
    inner = answer.get("error")
    error = inner if isinstance(inner, dict) else answer
    return _word(error, "code") or None, _word(error, "description") or _word(error, "message")


def _status(content: dict[str, Any]) -> dict[str, Any]:
    """The status object, inside those that wrap it."""
    for name in _WRAPPERS:
        inner = content.get(name)
        if isinstance(inner, dict):
            return _status(inner)
    return content


def _segments(status: dict[str, Any]) -> list[dict[str, Any]]:
    """The parts that have a code: a list, or an object around a list as in the schema."""
    listed = status.get("segments")
    if isinstance(listed, dict):
        listed = listed.get("segment")
    if isinstance(listed, dict):
        listed = [listed]
    if not isinstance(listed, list):
        return []
    return [one for one in listed if isinstance(one, dict) and _word(one, "code")][:_MOST_PARTS]


def _by_part(status: dict[str, Any], ref: str, message_id: str) -> list[DeliveryReceipt]:
    segments = _segments(status)
    numbers = [part_field(one, "segmentNumber") or place for place, one in enumerate(segments, start=1)]
    total = max([part_field(status, "totalSegments"), *numbers])
    return [_receipt(one, ref, message_id, number, total) for number, one in zip(numbers, segments, strict=True)]


def _receipt(status: dict[str, Any], ref: str, message_id: str, part: int, parts: int) -> DeliveryReceipt:
    code = _word(status, "code")
    return DeliveryReceipt(
        status=status_of(code),
        raw_status=code,
        ref=ref or None,
        message_id=message_id or None,
        code=code,
        words=explain(code, _word(status, "description")),
        part=part,
        parts=parts,
    )


def _word(fields: dict[str, Any], name: str) -> str:
    """`name` in `fields`, or in an object inside (`reason`, `response`); blank when it is nowhere."""
    places = (fields, *(value for value in fields.values() if isinstance(value, dict)))
    return next((word for place in places if (word := text_field(place, name))), "")
