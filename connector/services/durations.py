"""Lengths of time in words."""

from __future__ import annotations


def in_words(ms: int) -> str:
    """In the largest unit of which there are at least two: `90 s`, `2 m`, `47 h`."""
    seconds = max(0, ms) // 1000
    for unit, size in (("d", 86400), ("h", 3600), ("m", 60)):
        if seconds >= 2 * size:
            return f"{seconds // size} {unit}"
    return f"{seconds} s"
