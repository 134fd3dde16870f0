"""JSON of OpenMarket's Global SMS API v4: inbound texts and receipts, responses and errors. Pure.

The public documentation shows no example of some parts (receipt fields beside `ticketId`, `segmentNumber` and
`totalSegments`; the status response; the fields of `error`; the charset of inbound hex): their form here is a guess.
"""

from __future__ import annotations

import base64
import json
import unicodedata
from datetime import UTC, datetime

from connector.lab.vendors.phonebook import VendorMessage
from connector.lab.vendors.sample_picture import picture
from connector.sms.segments import measure, split

_OPERATOR = 383

WITH_OPERATOR, DELIVERED, TOO_OLD, PART_FAILED, PARTS_OPEN = 3, 4, 711, 830, 831
_OPEN = (1, 2, WITH_OPERATOR)

_WORDS = {
    WITH_OPERATOR: "Message is with the operator",
    DELIVERED: "Message delivered",
    TOO_OLD: "The message is too old to ask about",
    PART_FAILED: "At least one segment failed",
    PARTS_OPEN: "Segments are still open",
    301: "The request is malformed",
    321: "The destination address is not valid",
    322: "The source address is not valid",
    401: "Account ID or password is not valid",
    404: "The ticket is not known",
    429: "Too many requests",
    500: "Internal error",
}


def error(code: int) -> dict[str, object]:
    return {"error": {"code": code, "description": _WORDS.get(code, "The message was rejected")}}


MULTIPART = "multipart/mixed; boundary=openmarket"


def originates(message: VendorMessage) -> list[dict[str, object] | bytes]:
    """The hook bodies of one inbound text, one per segment; `message.hooks` has their ticket ids.

    A text of one segment is plain, unless it has a control character (a line break is one). All else is hex; when
    there are several segments, each starts with the header of 3GPP TS 23.040, 9.2.3.24.1: reference, total, number.
    """
    if message.media:
        return [_with_pictures(message)]
    parts = split(message.body)
    return [
        _originate(message, ticket, _content(part, message.reference or 0, len(parts), number) | message.fields)
        for number, (ticket, part) in enumerate(zip(message.hooks, parts, strict=True), start=1)
    ]


def _content(part: str, reference: int, total: int, number: int) -> dict[str, object]:
    if total == 1 and not any(unicodedata.category(character) == "Cc" for character in part):
        return {"type": "text", "content": part}
    header = bytes((5, 0, 3, reference, total, number)) if total > 1 else b""
    return {"type": "hexEncodedText", "content": (header + part.encode()).hex().upper(), "udh": total > 1}


def _with_pictures(message: VendorMessage) -> bytes:
    """The hook body of an MMS: JSON, then files (mms-http/receive-mms.htm)."""
    about = {
        "type": "MO",
        "moId": message.id,
        "source": message.sender.removeprefix("+"),
        "destinations": [message.recipient],
        "date": iso(message.created_at),
        "mobileOperatorId": _OPERATOR,
        "subject": "",
    }
    parts = [("application/json", json.dumps(about).encode())]
    if message.body:
        parts.append(("text/plain; charset=utf-8", message.body.encode()))
    parts += [("image/png", picture(f"{message.id}-{number}")) for number in range(message.media)]
    return (
        b"".join(
            b"--openmarket\r\nContent-Type: %s\r\nContent-Transfer-Encoding: base64\r\n\r\n%s\r\n"
            % (kind.encode(), base64.encodebytes(data).replace(b"\n", b"\r\n").rstrip())
            for kind, data in parts
        )
        + b"--openmarket--\r\n"
    )


def forged(originate: dict[str, object]) -> dict[str, object]:
    """The same hook with another text."""
    inner = originate["mobileOriginate"]
    assert isinstance(inner, dict)
    text = {"type": "text", "content": "Forged: this text was written by nobody."}
    return {"mobileOriginate": {**inner, "message": text}}


def _originate(message: VendorMessage, ticket: str, content: dict[str, object]) -> dict[str, object]:
    return {
        "mobileOriginate": {
            "submittedDate": iso(message.created_at),
            "ticketId": ticket,
            "source": {"ton": 1, "address": message.sender.removeprefix("+"), "mobileOperatorId": _OPERATOR},
            "destination": {"ton": 3, "address": message.recipient},
            "message": content,
        }
    }


def receipt(message: VendorMessage, number: int, code: int, at: int) -> dict[str, object]:
    """The body of the delivery receipt of one segment."""
    return {
        "deliveryReceipt": {"ticketId": message.id, "deliveryDate": iso(at), **_segment(message, number, code)},
    }


def status(message: VendorMessage) -> dict[str, object]:
    """The response to a status poll: every segment, and a summary."""
    codes = message.codes
    if any(code not in (DELIVERED, *_OPEN) for code in codes):
        summary = PART_FAILED
    else:
        summary = DELIVERED if all(code == DELIVERED for code in codes) else PARTS_OPEN
    return {
        "status": {
            "ticketId": message.id,
            "code": summary,
            "description": _WORDS[summary],
            "segments": [_segment(message, number, code) for number, code in enumerate(codes, start=1)],
        }
    }


def _segment(message: VendorMessage, number: int, code: int) -> dict[str, object]:
    return {
        "segmentNumber": number,
        "totalSegments": message.segments,
        "code": code,
        "description": _WORDS.get(code, "Message not delivered"),
    }


def segments_of(body: str) -> int:
    return measure(body).segments


def iso(at: int) -> str:
    return datetime.fromtimestamp(at / 1000, UTC).isoformat(timespec="seconds")
