"""Masking of one text by rules: the same text with some characters replaced, and the rules that did it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from hashlib import sha256

from msgspec import Struct

from connector.domain.masking import cut_digits
from connector.domain.masking.card_codes import codes
from connector.domain.masking.cards import cards
from connector.domain.masking.digits import MARKS, folded
from connector.domain.masking.ibans import ibans
from connector.domain.masking.own_patterns import OwnPattern
from connector.domain.masking.social_security import social_security_numbers
from connector.wire.masks import MASK

CARD, CARD_CODE, IBAN, US_SSN, CUT = "card", "card_code", "iban", "us_ssn", "cut"
BUILT_IN = (CARD, CARD_CODE, IBAN, US_SSN, CUT)
NOTICED = frozenset(BUILT_IN) - {CUT}
"""Rules that cause the notice. `cut` causes none, as its digits may be of anything."""

# Every built-in rule is about nine digits at least, not far from one another; few texts have them.
_NINE_DIGITS = re.compile(r"\d(?:\D{0,8}\d){8}")
_NINE_ASCII_DIGITS = re.compile(r"[0-9](?:[^0-9]{0,8}[0-9]){8}")  # finds the same in ASCII, in half the time


class MaskingRules(Struct, frozen=True):
    """The rules in force. `built_in`: names of `BUILT_IN`."""

    built_in: frozenset[str] = frozenset(BUILT_IN)
    patterns: tuple[OwnPattern, ...] = ()

    @property
    def digest(self) -> str:
        """Another one for other rules; empty for those that hold unless configured."""
        if self == MaskingRules():
            return ""
        own = [(one.name, one.expression.pattern, one.keep_last) for one in self.patterns]
        return sha256(repr((sorted(self.built_in), own)).encode()).hexdigest()[:16]


NO_MASKING = MaskingRules(frozenset())


def mask(
    text: str, rules: MaskingRules, *, is_begun: bool = False, is_cut: bool = False
) -> tuple[str, tuple[str, ...]]:
    """The text as people are shown it, equal in length in code points, and the names of the rules that masked some.

    `is_begun`: another text goes before it; `is_cut`: another follows. Neither is known here.
    """
    is_part = (is_begun or is_cut) and CUT in rules.built_in
    has_digits = len(text) >= 9 and _has_nine_digits(text)
    if not (has_digits or is_part or rules.patterns):
        return text, ()
    plain = folded(text)
    masked: dict[int, str] = {}
    names: set[str] = set()

    def add(name: str, positions: Iterable[int]) -> None:
        before = len(masked)
        masked.update(dict.fromkeys(positions, MASK))
        if len(masked) > before:
            names.add(name)

    if is_part:
        if is_begun:
            add(CUT, cut_digits.at_start(plain))
        if is_cut:
            add(CUT, cut_digits.at_end(plain))
    if has_digits:
        _add_built_in(plain, rules.built_in, add)
    for pattern in rules.patterns:
        add(pattern.name, pattern.positions(text))
    if not masked:
        return text, ()
    characters = list(text)
    for at in masked:
        characters[at] = MASK
    return "".join(characters), tuple(sorted(names))


def _has_nine_digits(text: str) -> bool:
    if text.isascii():
        # Counted first, which takes a fifth of the time: most texts have fewer.
        octets = text.encode()
        has_nine = len(octets) - len(octets.translate(None, b"0123456789")) >= 9
        return has_nine and _NINE_ASCII_DIGITS.search(text) is not None
    if MARKS.search(text) is not None:
        return _NINE_ASCII_DIGITS.search(folded(text)) is not None
    return _NINE_DIGITS.search(text) is not None


def _add_built_in(text: str, names: frozenset[str], add: Callable[[str, Iterable[int]], None]) -> None:
    if CARD in names:
        for positions, end in cards(text):
            add(CARD, positions)
            if CARD_CODE in names:
                for first, last in codes(text, positions[0], end):
                    add(CARD_CODE, range(first, last))
    if IBAN in names:
        for positions in ibans(text):
            add(IBAN, positions)
    if US_SSN in names:
        for positions in social_security_numbers(text):
            add(US_SSN, positions)
