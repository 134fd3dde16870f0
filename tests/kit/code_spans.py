"""Numbers in short: lists of error codes as ranges."""

from __future__ import annotations


def numbers(spans: str) -> list[int]:
    """Of `30001 30003-30005`."""
    found: list[int] = []
    for span in spans.split():
        first, _, last = span.partition("-")
        found += range(int(first), int(last or first) + 1)
    return found
