"""The shortest way of the cursor from one place to another (ECMA-48 8.3; the line end is a terminal driver's too)."""

from __future__ import annotations

Place = tuple[int, int]
"""Column and row, from 0."""


def move(before: Place | None, after: Place) -> str:
    """The bytes for it. None: the cursor is at an unknown place."""
    if before == after:
        return ""
    x, y = after
    absolute = f"\x1b[{y + 1};{x + 1}H" if x else (f"\x1b[{y + 1}H" if y else "\x1b[H")
    if before is None:
        return absolute
    return min([absolute, *_relative(before, after)], key=len)


def _relative(before: Place, after: Place) -> list[str]:
    (from_x, from_y), (x, y) = before, after
    down, right = y - from_y, x - from_x
    if not down:
        across = f"\x1b[{_number(abs(right))}{'C' if right > 0 else 'D'}"
        return [across, "\b" * -right] if right < 0 else [across]
    if not right:
        return [f"\x1b[{_number(abs(down))}{'B' if down > 0 else 'A'}"]
    return ["\r\n"] if down == 1 and not x else []


def _number(number: int) -> str:
    return "" if number == 1 else str(number)
