"""Amounts of money: whole billionths of a unit, so that sums are exact, and a currency."""

from __future__ import annotations

import re
from typing import NamedTuple

UNIT = 1_000_000_000
_AMOUNT = re.compile(r"(\d{1,6})(?:\.(\d{1,9}))? ([A-Z]{3})", re.ASCII)


class Money(NamedTuple):
    billionths: int
    currency: str  # ISO 4217


def parse(text: str) -> Money | None:
    """What `0.0079 USD` says; None for anything else."""
    found = _AMOUNT.fullmatch(text)
    if found is None:
        return None
    whole, rest, currency = found.groups()
    return Money(int(whole) * UNIT + int((rest or "").ljust(9, "0")), currency)


def exact(billionths: int) -> str:
    """`0.0158`, `11.20`: all decimals that are not zero, and two at least."""
    whole, rest = divmod(billionths, UNIT)
    decimals = f"{rest:09}".rstrip("0")
    return f"{whole}.{decimals:0<2}"


def in_words(billionths: int, currency: str) -> str:
    """`11.22 USD`: to the hundredth, below a unit to four decimals, so that little is not nothing."""
    decimals = 2 if billionths >= UNIT else 4
    step = UNIT // 10**decimals
    return f"{exact((billionths + step // 2) // step * step)} {currency}"
