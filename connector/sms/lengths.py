"""How long a text is, in the units that providers limit it by."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

LengthUnit = Literal["code_points", "utf16_units"]

_WORDS: dict[LengthUnit, str] = {"code_points": "characters", "utf16_units": "UTF-16 units"}


class LengthLimit(Struct, frozen=True):
    """The most of a unit that one text may have."""

    most: int
    unit: LengthUnit = "code_points"

    def count(self, text: str) -> int:
        return length(text, self.unit)

    def excess(self, text: str) -> int:
        """By how much a text is too long; negative: what is left."""
        return self.count(text) - self.most

    @property
    def words(self) -> str:
        """The unit, as people read it."""
        return _WORDS[self.unit]


def length(text: str, unit: LengthUnit) -> int:
    """Length of `text`. An emoji is one code point or several, each of two UTF-16 units."""
    if unit == "code_points" or text.isascii():
        return len(text)
    return len(text) + sum(char > "\uffff" for char in text)


def strictest(text: str, *limits: LengthLimit) -> LengthLimit:
    """The limit that leaves this text the least room; of equal ones the first."""
    return max(limits, key=lambda limit: limit.excess(text))
