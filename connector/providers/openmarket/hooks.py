"""What OpenMarket's hooks say.

Inbound: https://www.openmarket.com/docs/Content/apis/v4http/receive-mo-json.htm, receipts: receive-delivery-json.htm
beside it.
"""

from __future__ import annotations

from typing import Annotated

import msgspec
from msgspec import Meta, Struct

from connector.domain.message import Part
from connector.providers.fields import json_object, timestamp
from connector.providers.octets import decode
from connector.providers.openmarket.receipts import of_hook
from connector.providers.udh import split_header
from connector.providers.values import DeliveryReceipt, Hook, InboundText, Unreadable
from connector.sms.addresses import SHORT_CODE_DIGITS

MESSAGE_ID = "m"  # query parameter of our receipt address

_NotBlank = Annotated[str, Meta(min_length=1)]


class _Address(Struct):
    address: _NotBlank


class _Content(Struct):
    type: str = "text"
    content: str = ""
    charset: str | None = None
    udh: bool = False


class _MobileOriginate(Struct, rename="camel"):
    ticket_id: _NotBlank
    source: _Address
    destination: _Address
    message: _Content
    submitted_date: object = None


class _InboundBody(Struct, rename="camel"):
    mobile_originate: _MobileOriginate


def read_inbound(hook: Hook) -> InboundText:
    """One segment, as it came: segments of a longer text are messages of their own. Raises Unreadable."""
    if hook.headers.get("content-type", "").lower().startswith("multipart/"):
        raise Unreadable("a message with pictures (MMS), which is not supported for OpenMarket; ask for a text instead")
    try:
        message = msgspec.json.decode(hook.body, type=_InboundBody, strict=False).mobile_originate
    except (ValueError, RecursionError) as error:
        raise Unreadable(f"not an inbound message: {error}") from None
    text, part = _text(message.message)
    return InboundText(
        ref=message.ticket_id,
        line=address_of(message.destination.address),
        consumer=address_of(message.source.address),
        text=text,
        part=part,
        at=timestamp(message.submitted_date),
    )


def read_receipts(hook: Hook) -> list[DeliveryReceipt]:
    """Raises Unreadable."""
    content = json_object(hook.body)
    if content is None:
        raise Unreadable("not a receipt: the body is not a JSON object")
    return of_hook(content, hook.parameter(MESSAGE_ID))


def address_of(number: str) -> str:
    """OpenMarket's digits as the field writes them: E.164 with a plus, short codes and names as they are."""
    is_number = number.isascii() and number.isdigit() and len(number) > SHORT_CODE_DIGITS
    return "+" + number if is_number else number


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
    return decode(octets, message.charset, part)
