"""Emoji by name: the names that the Unicode standard and chat programs use, from the table that Rich comes with."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from functools import cache

_EMOJI_STYLE = "\ufe0f"


@cache
def emoji_by_name() -> Mapping[str, str]:
    """`tada` and `party_popper` to 🎉; names are in small letters with underscores."""
    # Loaded when the first name is typed: a start does without it.
    from rich._emoji_codes import EMOJI

    return {name: _coloured(emoji) for name, emoji in EMOJI.items()}


def _coloured(emoji: str) -> str:
    """A sign that phones would show as a letter, ❤ or ☎, with the selector that asks for the picture."""
    is_letter = len(emoji) == 1 and unicodedata.east_asian_width(emoji) not in ("W", "F")
    return emoji + _EMOJI_STYLE if is_letter else emoji
