"""Phones of agents, to which alerts are texted."""

from __future__ import annotations

from collections.abc import Collection

from connector.domain.address import AddressKind, costly_range, is_possible, parse

_LONGEST_SHOWN = 40


def read_phone(text: str, region: str | None, our_persons: Collection[str]) -> str:
    """The number that is meant, in its canonical form; empty for none. `our_persons`: who our lines would be.

    Raises ValueError with one sentence for what is no whole phone number, costs much, or is a line of ours.
    """
    if not text:
        return ""
    address = parse(text, region)
    shown = address.text[:_LONGEST_SHOWN]
    if address.kind is not AddressKind.NUMBER or address.has_extension or not is_possible(address.text):
        raise ValueError(f"{shown} is no whole phone number; expected one like +14155550133")
    if kind := costly_range(address.text):
        raise ValueError(f"{shown} is {kind}: texts to it may cost much, or not arrive")
    if address.person in our_persons:
        raise ValueError(f"{shown} is one of our own lines")
    return address.text
