"""What the form of an address decides: the kind of number, its pace, whether it can be answered."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import cached_property
from typing import Literal

from msgspec.structs import replace

from connector.domain.address import AddressKind, home_of, parse, person_of, region_of
from connector.providers.fields import quoted
from connector.providers.settings import NumberSettings
from connector.providers.values import InboundText
from connector.sms.addresses import can_receive, is_sender_name, is_short_code

# Of the North American plan: 800, 833, 844, 855, 866, 877, 888.
_TOLL_FREE = re.compile(r"\+18(?:00|33|44|55|66|77|88)[0-9]{7}")
_NUMBER = re.compile(r"\+?[0-9]+")
_OTHER_CHANNEL = re.compile(r"[a-z]+:.+")

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


class OurAddresses:
    """The addresses of one account's lines. Reads those of both parties of a text, in any spelling."""

    def __init__(self, lines: Sequence[str]) -> None:
        self._lines = frozenset(lines)
        self._homes = {line: home_of(line, lines) for line in lines}

    @cached_property
    def _by_key(self) -> dict[tuple[str, str], str]:
        return {_key(line): line for line in self._lines}

    def canonical(self, text: InboundText, *, has_country_codes: bool = True) -> InboundText:
        """The same text with both its addresses in their canonical form.

        `has_country_codes`: this provider writes numbers with their country code always, so that what is shorter is a
        short code. Otherwise a number without one is read in the country of our line.
        """
        line = self._line(text.line, has_country_codes=has_country_codes)
        region = None if has_country_codes else region_of(self._homes.get(line, ""))
        consumer = parse(text.consumer, region).text
        if line == text.line and consumer == text.consumer:
            return text
        return replace(text, line=line, consumer=consumer)

    def _line(self, text: str, *, has_country_codes: bool) -> str:
        """The line of ours that is meant, as the configuration writes it."""
        if text in self._lines:
            return text
        homes = frozenset() if has_country_codes else frozenset(self._homes.values())
        readings = [parse(text).text, *(parse(text, region_of(home)).text for home in homes)]
        keys = [*map(_key, readings), _key(f"+{text}")]
        return next((self._by_key[key] for key in keys if key in self._by_key), readings[0])


def _key(address: str) -> tuple[str, str]:
    """Of an address of ours: lines of two channels may have one number."""
    return address.rpartition(":")[0], person_of(address)


def flaw(address: str) -> str | None:
    """Why no text can come in for this address of ours, with the one that may be meant; None when it can."""
    # By its form alone: a number that the plans of this version do not know may have been assigned to us all the same.
    # Only what our own rules rewrite, such as +44 (0)7400 …, is looked at more closely.
    has_form = can_receive(address) or is_sender_name(address) or _OTHER_CHANNEL.fullmatch(address)
    if has_form and (person_of(address) == address or parse(address).text == address):
        return None
    meant = parse(address, "US")
    if has_form:
        return f"{quoted(address, 40)} is an old or longer spelling of {meant.text}: write {meant.text}"
    hint = f"; did you mean {meant.text}?" if meant.kind is AddressKind.NUMBER and meant.text != address else ""
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
