"""Emoji whose names match what was typed, and where in a text such a name is being typed."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple

_TYPED = re.compile(r"(?:^|[\s(])(:[a-z+][a-z0-9_+-]{1,30})$")  # :D and 10:30 are no names
_AFTER_COLON = re.compile(r":[a-z0-9_+-]{0,30}$")
_FUZZY, _LEAST_FUZZY = 4, 3  # its rank, and the letters it needs
_USUAL = ("thumbsup", "pray", "slightly_smiling_face", "smile", "heart", "tada", "wave", "white_check_mark")


class NamedEmoji(NamedTuple):
    name: str
    emoji: str


def typed_name(before: str, opened_at: int | None = None) -> int | None:
    """Where in a line the colon of the name stands that ends where `before` ends; None: no name is being typed.

    `opened_at`: a colon that the agent has asked for emoji at, so that anything may stand before it and nothing after.
    """
    if opened_at is not None and (found := _AFTER_COLON.search(before)) and found.start() == opened_at:
        return opened_at
    found = _TYPED.search(before)
    return found.start(1) if found else None


def matches(by_name: Mapping[str, str], typed: str, most: int) -> list[NamedEmoji]:
    """At most so many emoji, best first: by the whole name, its beginning, that of one of its words, a part of it;
    only where none of that is found the letters in their order. For nothing typed: usual ones. Each emoji once."""
    if not typed:
        return [NamedEmoji(name, by_name[name]) for name in _USUAL if name in by_name][:most]
    ranked = sorted((rank, len(name), name) for name in by_name if (rank := _rank(name, typed)) is not None)
    if ranked and ranked[0][0] < _FUZZY:
        ranked = [each for each in ranked if each[0] < _FUZZY]
    best: dict[str, NamedEmoji] = {}
    for _, _, name in ranked:
        best.setdefault(by_name[name], NamedEmoji(name, by_name[name]))
        if len(best) == most:
            break
    return list(best.values())


def _rank(name: str, typed: str) -> int | None:
    if name.startswith(typed):
        return 0 if name == typed else 1
    if f"_{typed}" in name or f"-{typed}" in name:
        return 2
    if typed in name:
        return 3
    if len(typed) < _LEAST_FUZZY:
        return None
    letters = iter(name)
    return _FUZZY if all(letter in letters for letter in typed) else None
