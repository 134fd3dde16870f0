"""Moments as people write them; local time."""

from __future__ import annotations

import os
import re
from datetime import datetime, time, timedelta

from connector.verbs.failure import Failure

_UNITS_S = {"m": 60, "h": 3600, "d": 86400}


def past(text: str, now: int) -> int:
    """`90m`, `6h`, `2d` before now, or a date or time as ISO 8601 has it; milliseconds. Raises Failure."""
    at = _at(text, now, -1)
    if at is None:
        words = f"{text} is neither a span like 6h or 2d nor a moment like 2026-11-22T08:00."
        raise Failure(words, os.EX_USAGE)
    return at


def coming(text: str, now: int) -> int:
    """`90m`, `2h`, `1d` from now, the next `17:30`, or a date or time as ISO 8601 has it; milliseconds. Raises
    Failure."""
    if found := re.fullmatch(r"([01]?\d|2[0-3]):([0-5]\d)", text):
        today = datetime.fromtimestamp(now / 1000)
        at = datetime.combine(today.date(), time(int(found[1]), int(found[2])))
        return _ms(at if _ms(at) > now else at + timedelta(days=1))
    moment = _at(text, now, 1)
    if moment is None:
        words = f"{text} is neither a time like 17:30, a span like 2h, nor a moment like 2026-11-27T09:00."
        raise Failure(words, os.EX_USAGE)
    return moment


def _at(text: str, now: int, sign: int) -> int | None:
    if found := re.fullmatch(r"(\d{1,5})([mhd])", text):
        return now + sign * int(found[1]) * _UNITS_S[found[2]] * 1000
    try:
        return _ms(datetime.fromisoformat(text))
    except (ValueError, OverflowError):
        return None


def _ms(moment: datetime) -> int:
    return round(moment.timestamp() * 1000)
