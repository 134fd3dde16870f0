"""The address that an agent means by a number as people write it."""

from __future__ import annotations

from connector.domain.address import Address, AddressKind, is_possible, parse, read_in, without_doubled_digit
from connector.domain.refusals import Refused
from connector.wire.refusals import RefusalCode

_CAN_RECEIVE = (AddressKind.NUMBER, AddressKind.SHORT_CODE, AddressKind.CHANNEL)
_LONGEST_SHOWN = 40


def require_number(text: str, region: str | None) -> Address:
    """The address to text, read in this country where it has no country code. Raises Refused for anything else."""
    address = parse(text, region)
    if address.has_extension:
        raise _refused(f"A text reaches whole numbers and no extension behind one: write only {address.text}.")
    if address.kind not in _CAN_RECEIVE:
        where = "" if region is None else f" Without one it is read as a number of {read_in(region)}."
        raise _refused(f"Write the number with its country code, like +14155550133.{where}")
    if address.kind is AddressKind.NUMBER and not is_possible(address.text):
        shown = address.text[:_LONGEST_SHOWN]
        meant = without_doubled_digit(address.text)
        ask = f" One digit stands twice in it: did you mean {meant[0]}?" if meant else ""
        raise _refused(f"{shown} is no phone number: no country has numbers that begin like this and are as long.{ask}")
    return address


def _refused(words: str) -> Refused:
    return Refused(RefusalCode.BAD_REQUEST, words)
