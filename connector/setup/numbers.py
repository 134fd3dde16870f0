"""Parsing lists of numbers. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from connector.domain import address


def select(text: str, addresses: Sequence[str]) -> list[str]:
    """Numbers of a list, in its order: `all`, or places (from 1) and numbers. Raises ValueError with a sentence."""
    if text.strip().lower() == "all":
        return list(addresses)
    wanted = set()
    for word in _words(text):
        if word.isdigit() and 1 <= int(word) <= len(addresses):
            wanted.add(addresses[int(word) - 1])
        elif (number := _number(word)) in addresses:
            wanted.add(number)
        else:
            raise ValueError(f"{word} is not among them; give all, or for example 1,2.")
    if not wanted:
        raise ValueError("choose at least one, or give all.")
    return [address for address in addresses if address in wanted]


def named(text: str, addresses: Sequence[str]) -> list[str]:
    """Those of `addresses` that a list names, in its order. Raises ValueError with a sentence."""
    found = [word if word in addresses else _number(word) for word in _words(text)]
    for one in found:
        if one not in addresses:
            raise ValueError(f"{one} is not in the configuration; it has {', '.join(addresses) or 'none'}.")
    return list(dict.fromkeys(found))


def parse(text: str) -> list[str]:
    """Numbers and short codes in their canonical form, each once. Raises ValueError with a sentence."""
    found = [_number(word) for word in _words(text)]
    for number in found:
        if not address.is_possible(number):
            raise ValueError(f"{number} is neither a number like +14155550100 nor a short code like 55501.")
    if not found:
        raise ValueError("at least one number is needed, such as 55501 or +14155550100.")
    return list(dict.fromkeys(found))


def _number(word: str) -> str:
    return address.parse(word).text


def _words(text: str) -> list[str]:
    return [word.strip() for word in text.split(",") if word.strip()]
