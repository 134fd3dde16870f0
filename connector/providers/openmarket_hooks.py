"""OpenMarket's calls to us: who may make them, and what they say.

Inbound: https://www.openmarket.com/docs/Content/apis/v4http/receive-mo-json.htm, receipts: receive-delivery-json.htm
beside it. No signature is documented, so a call proves itself with Basic auth, with a key in its address, or with
both; whoever knows these can write as any consumer. Without either in the configuration every call is refused.
"""

from __future__ import annotations

import base64
import hmac
from typing import Annotated, Any
from urllib.parse import parse_qs, urlsplit

import msgspec
from msgspec import Meta, Struct

from connector.domain.values import Part
from connector.providers.base import DeliveryReport, Hook, InboundText, NotGenuine, Unreadable
from connector.providers.calls import json_object
from connector.providers.openmarket_codes import explain, status_of
from connector.providers.openmarket_text import decode
from connector.providers.openmarket_udh import split_header

MESSAGE_ID, KEY = "m", "key"  # query parameters of our receipt address

_Words = Annotated[str, Meta(min_length=1)]
_SHORT_CODE_LENGTH = 8  # digits at most; a longer number is E.164 without its plus


class _Address(Struct):
    address: _Words


class _Content(Struct):
    type: str = "text"
    content: str = ""
    charset: str | None = None
    udh: bool = False


class _MobileOriginate(Struct, rename="camel"):
    ticket_id: _Words
    source: _Address
    destination: _Address
    message: _Content


class _Inbound(Struct, rename="camel"):
    mobile_originate: _MobileOriginate


def authenticate(hook: Hook, login: bytes | None, key: bytes | None) -> None:
    """Raises NotGenuine unless `hook` has all that is configured: `login` as user:password, and `key`."""
    if login is None and key is None:
        raise NotGenuine("no hook_password and no hook_key is configured, so nobody can prove to be OpenMarket")
    if login is not None and not hmac.compare_digest(_basic(hook), login):
        raise NotGenuine("user or password is wrong or missing; OpenMarket must present hook_user and hook_password")
    if key is not None and not hmac.compare_digest(_parameter(hook, KEY).encode(errors="replace"), key):
        raise NotGenuine("the address has no key, or another one than hook_key")


def read_inbound(hook: Hook) -> InboundText:
    """One segment, as it was handed over: segments of a longer text are messages of their own."""
    try:
        called = msgspec.json.decode(hook.body, type=_Inbound, strict=False).mobile_originate
    except (ValueError, RecursionError) as error:
        raise Unreadable(f"not an inbound message: {error}") from None
    text, part = _text(called.message)
    return InboundText(
        ref=called.ticket_id,
        line=address_of(called.destination.address),
        consumer=address_of(called.source.address),
        text=text,
        part=part,
    )


def read_receipt(hook: Hook) -> DeliveryReport:
    """The page shows `segmentNumber` and `totalSegments` only; where the other fields are is not certain."""
    outer = json_object(hook.body)
    if outer is None:
        raise Unreadable("not a receipt: the body is not a JSON object")
    inner = outer.get("deliveryReceipt")
    receipt = inner if isinstance(inner, dict) else outer
    ref, code, message_id = _word(receipt, "ticketId"), _word(receipt, "code"), _parameter(hook, MESSAGE_ID)
    if not code or not (ref or message_id):
        raise Unreadable("not a receipt: ticketId or code is missing")
    part, parts = _count(receipt, "segmentNumber"), _count(receipt, "totalSegments")
    return DeliveryReport(
        status=status_of(code),
        raw_status=code,
        ref=ref or None,
        message_id=message_id or None,
        code=code,
        words=explain(code, _word(receipt, "description")),
        part=part if part <= parts else 1,
        parts=parts if part <= parts else 1,
    )


def address_of(number: str) -> str:
    """OpenMarket's digits as the field writes them: E.164 with a plus, short codes and names as they are."""
    is_number = number.isascii() and number.isdigit() and len(number) > _SHORT_CODE_LENGTH
    return "+" + number if is_number else number


def error_of(answer: dict[str, Any]) -> tuple[str | None, str]:
    """Code and description of a refused request; its `error` object is documented, the fields in it are not."""
    inner = answer.get("error")
    error = inner if isinstance(inner, dict) else answer
    return _word(error, "code") or None, _word(error, "description") or _word(error, "message")


def _text(message: _Content) -> tuple[str, Part | None]:
    if message.type == "text":
        return message.content, None
    if message.type not in ("hexEncodedText", "binary"):
        raise Unreadable("not a text: the message type is none of text, hexEncodedText and binary")
    try:
        octets = bytes.fromhex(message.content)
    except ValueError:
        raise Unreadable("the message's content is not hexadecimal") from None
    part = None
    if message.udh:
        part, octets = split_header(octets)
    return decode(octets, message.charset, part), part


def _basic(hook: Hook) -> bytes:
    """What the Authorization header says, decoded; empty when it is missing or not Basic auth."""
    scheme, _, given = hook.headers.get("authorization", "").partition(" ")
    try:
        return base64.b64decode(given.strip(), validate=True) if scheme.lower() == "basic" else b""
    except ValueError:
        return b""


def _parameter(hook: Hook, name: str) -> str:
    return parse_qs(urlsplit(hook.url).query).get(name, [""])[0]


def _word(fields: dict[str, Any], name: str) -> str:
    """`name` in `fields`, or in an object inside (`reason`, `response`); blank when it is nowhere."""
    for place in (fields, *(value for value in fields.values() if isinstance(value, dict))):
        value = place.get(name)
        if isinstance(value, int | str) and not isinstance(value, bool):
            return str(value)
    return ""


def _count(fields: dict[str, Any], name: str) -> int:
    word = _word(fields, name)
    return int(word) if word.isascii() and word.isdigit() and 0 < len(word) < 4 and int(word) > 0 else 1
