"""Numbers of things, in words."""

from __future__ import annotations


def count(number: int, one: str, many: str | None = None) -> str:
    """`1 event`, `1,204 events`."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"
