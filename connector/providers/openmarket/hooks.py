"""What OpenMarket's hooks say.

Inbound: https://www.openmarket.com/docs/Content/apis/v4http/receive-mo-json.htm, receipts: receive-delivery-json.htm
beside it.
"""

from __future__ import annotations

import re
from hashlib import sha256
from typing import Any

from connector.domain.message import Part
from connector.providers.fields import field, json_object, object_field, quoted, text_field, timestamp
from connector.providers.octets import decode
from connector.providers.openmarket.receipts import is_receipt, of_hook
from connector.providers.udh import header_flaw, split_header
from connector.providers.values import Arrival, Hook, InboundText, Unreadable, Untaken
from connector.providers.wordless import worded
from connector.sms.addresses import SHORT_CODE_DIGITS

MESSAGE_ID = "m"  # query parameter of our receipt address
_HEX = ("hexencodedtext", "binary")
_DIGITS = re.compile(r"[0-9A-Fa-f]*")


def read(hook: Hook) -> list[Arrival]:
    """What the JSON says by its outer object, at either address. Raises Unreadable."""
    content = json_object(hook.body, hook.headers.get("content-type", ""))
    if content is None:
        raise Unreadable("the body is not a JSON object")
    is_text = hook.kind == "inbound" and not is_receipt(content)
    if is_text or object_field(content, "mobileOriginate") is not None:
        return _inbound(content, hook.body)
    return [*of_hook(content, hook.parameter(MESSAGE_ID))]


def _inbound(content: dict[str, Any], body: bytes) -> list[Arrival]:
    """One segment, as it came: segments of a longer text are messages of their own. Raises Unreadable.

    Only the two addresses are needed. What is malformed besides is shown as far as it can be read, and said.
    """
    message = object_field(content, "mobileOriginate") or content
    consumer, line = (_address(message, name) for name in ("source", "destination"))
    if not (consumer and line):
        raise Unreadable("not an inbound message: the address of source or destination is missing")
    text, part, flaw = _text(message)
    arrival = InboundText(
        ref=text_field(message, "ticketId") or made_up_ref(body),
        line=address_of(line),
        consumer=address_of(consumer),
        text=worded(text) if part is None else text,
        part=part,
        at=timestamp(field(message, "submittedDate")),
    )
    return [arrival, Untaken(f"{flaw}; its text is shown as far as it can be read", True)] if flaw else [arrival]


def address_of(number: str) -> str:
    """OpenMarket's digits as the field writes them: E.164 with a plus, short codes and names as they are."""
    is_number = number.isascii() and number.isdigit() and len(number) > SHORT_CODE_DIGITS
    return "+" + number if is_number else number


def _address(message: dict[str, Any], name: str) -> str:
    """The address of `source` or `destination`: of an object, or by itself."""
    return text_field(object_field(message, name) or {}, "address") or text_field(message, name)


def made_up_ref(body: bytes) -> str:
    """The id of a message without one: the same when it is offered again."""
    return f"sha256:{sha256(body).hexdigest()}"


def _text(message: dict[str, Any]) -> tuple[str, Part | None, str | None]:
    """The text, its place in a longer one, and what is malformed about it."""
    inner = object_field(message, "message") or {}
    content = text_field(inner, "content") or text_field(message, "message")
    kind = text_field(inner, "type") or "text"
    if kind.lower() == "text":
        return content, None, None
    if kind.lower() not in _HEX:
        return content, None, f"its type, {quoted(kind, 40)}, is none of text, hexEncodedText and binary"
    digits = "".join(content.split())
    if not _DIGITS.fullmatch(digits):
        return content, None, "its content is not hexadecimal, as its type says"
    flaw = "its hexadecimal content ends within an octet" if len(digits) % 2 else None
    octets = bytes.fromhex(digits[: len(digits) // 2 * 2])
    part = None
    if field(inner, "udh") in (True, "true", "True", 1, "1"):
        flaw = header_flaw(octets) or flaw
        part, octets = split_header(octets)
    text, part = decode(octets, text_field(inner, "charset") or None, part)
    return text, part, flaw
