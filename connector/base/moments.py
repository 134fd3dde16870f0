"""Moments and durations as people write them, at the desk and in the shell.

Times are milliseconds since 1970-01-01 UTC; `zone` None is the machine's own. In an hour that occurs twice, the
first is meant (PEP 495, fold 0).
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta, tzinfo

_LENGTH = re.compile(r"(?:in )?(\d{1,5}) ?(m|min|h|d)")
_CLOCK = re.compile(r"(?:(today|tomorrow|mon|tue|wed|thu|fri|sat|sun)[a-z]* ?)?(\d{1,2})(?::(\d{2}))?")
_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_MS = {"m": 60_000, "min": 60_000, "h": 3_600_000, "d": 86_400_000}

HELP = "Write it like 30m, 2h, 17:30, tomorrow 9:00, fri 14:00 or 2026-11-27T09:00."


def parse_future(text: str, now: int, zone: tzinfo | None = None) -> int | None:
    """Moment of `2h`, `17:30` (the next one), `tomorrow 9:00`, `fri 14`, or a date and time in ISO 8601; else None."""
    text = " ".join(text.casefold().split())
    if (length := _length(text)) is not None:
        return now + length if length else None
    found = _CLOCK.fullmatch(text)
    if found is None or not (found[1] or found[3]):
        return _iso(text, zone)
    if int(found[2]) > 23 or int(found[3] or 0) > 59:
        return None
    today = datetime.fromtimestamp(now / 1000, zone)
    when = today.replace(hour=int(found[2]), minute=int(found[3] or 0), second=0, microsecond=0, fold=0)
    when += timedelta(days=_days_ahead(found[1], today.weekday()))
    if _ms(when) <= now:
        if found[1] == "today":
            return None
        when += timedelta(days=7 if found[1] in _DAYS else 1)
    return _ms(when)


def parse_past(text: str, now: int, zone: tzinfo | None = None) -> int | None:
    """Moment of `90m`, `6h`, `2d` ago, or of a date and time in ISO 8601; else None."""
    length = _length(text)
    return _iso(text, zone) if length is None else now - length


def _length(text: str) -> int | None:
    found = _LENGTH.fullmatch(text)
    return int(found[1]) * _MS[found[2]] if found else None


def _iso(text: str, zone: tzinfo | None) -> int | None:
    try:
        when = datetime.fromisoformat(text.upper())
        return _ms(when if when.tzinfo else when.replace(tzinfo=zone))
    except (ValueError, OverflowError):
        return None


def _days_ahead(word: str | None, today: int) -> int:
    if word in _DAYS:
        return (_DAYS.index(word) - today) % 7
    return 1 if word == "tomorrow" else 0


def _ms(when: datetime) -> int:
    return round(when.timestamp() * 1000)
