"""Masks in texts: the core puts one in the place of each code point that people are not shown."""

from __future__ import annotations

MASK = "\u2588"  # a full block: no letter, digit or separator, and hardly ever in a text


def is_shown_as(text: str, masked: str) -> bool:
    """Whether `masked` can be what the core shows of this text."""
    return len(text) == len(masked) and all(new in (old, MASK) for old, new in zip(text, masked, strict=True))
