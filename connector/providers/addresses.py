"""What the form of an address decides: the kind of number, its pace, whether it can be answered."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Literal

from connector.domain.address import is_possible
from connector.providers.fields import quoted
from connector.providers.settings import NumberSettings
from connector.sms.addresses import can_receive, is_sender_name, is_short_code

# Of the North American plan: 800, 833, 844, 855, 866, 877, 888.
_TOLL_FREE = re.compile(r"\+18(?:00|33|44|55|66|77|88)[0-9]{7}")
_NUMBER = re.compile(r"\+?[0-9]+")
_OTHER_CHANNEL = re.compile(r"[a-z]+:.+")
_AMERICAN = re.compile(r"1?([2-9][0-9]{2}[2-9][0-9]{6})")

# Segments a second that US carriers take from each kind of number ("Understanding Twilio Rate Limits and Message
# Queues"). What US 10DLC may send belongs to brand and campaign, so such a number has its pace in the configuration.
_PACES = {"long_code": 1.0, "toll_free": 3.0, "short_code": 100.0}


def kind_of(address: str) -> Literal["long_code", "toll_free", "short_code"]:
    """The kind of one of our numbers. A sender name counts as a long code, the slowest."""
    if _TOLL_FREE.fullmatch(address):
        return "toll_free"
    return "short_code" if is_short_code(address) else "long_code"


def pace_of(numbers: Iterable[NumberSettings], line: str) -> float:
    """Segments a second that `line` may send: its own pace in `numbers`, or that of its kind."""
    number = next((number for number in numbers if number.address == line), NumberSettings(line))
    return number.segments_per_s or _PACES[number.kind or kind_of(line)]


def flaw(address: str) -> str | None:
    """Why no text can come in for this address of ours, with the one that may be meant; None when it can."""
    # By its form alone: a number that the plans of this version do not know may have been assigned to us all the same.
    if can_receive(address) or is_sender_name(address) or _OTHER_CHANNEL.fullmatch(address):
        return None
    digits = re.sub(r"[^0-9]", "", address)
    if (american := _AMERICAN.fullmatch(digits)) is not None:
        digits = f"1{american[1]}"
    meant = f"+{digits.removeprefix('00')}"
    hint = f"; did you mean {meant}?" if meant != address and is_possible(meant) else ""
    return (
        f"{quoted(address, 40) or 'a blank'} is not an address: expected a number like +14155550100, a short code of 3"
        f" to 8 digits, or a sender name of 11 letters at most{hint}"
    )


def name_cannot_answer(address: str) -> str | None:
    """Words for an alphanumeric sender: networks carry texts from a name, and none to it. None for all others.

    An address with a colon is of another channel (`whatsapp:+15550100`) and can be answered.
    """
    if _NUMBER.fullmatch(address) or ":" in address:
        return None
    return f"{quoted(address) or 'A blank address'} is the name of a sender and not a number, so it cannot be answered."
