"""Names of people, as far as rules can read them."""

from __future__ import annotations


def first_name(name: str) -> str:
    """Maria of `Maria Lopez` and of `Lopez, Maria`; none of `Dr. Lopez`."""
    last, comma, first = name.partition(",")
    words = (first if comma and first.strip() else last).split()
    return words[0] if words and not words[0].endswith(".") else ""
