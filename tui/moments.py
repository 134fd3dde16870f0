"""Moments and lengths of time as people write them. Pure; times are milliseconds since 1970-01-01 UTC."""

from __future__ import annotations

import re
from datetime import datetime, timedelta, tzinfo

_LENGTH = re.compile(r"(?:in )?(\d{1,4}) ?(m|min|h|d)")
_CLOCK = re.compile(r"(?:(today|tomorrow|mon|tue|wed|thu|fri|sat|sun)[a-z]* ?)?(\d{1,2})(?::(\d{2}))?")
_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_MINUTES = {"m": 1, "min": 1, "h": 60, "d": 24 * 60}

HELP = "Write it like 30m, 2h, 17:30, tomorrow 9:00 or fri 14:00."


def moment(text: str, now: int, zone: tzinfo | None = None) -> int | None:
    """`2h`, `17:30` (the next one), `tomorrow 9:00`, `fri 14`; None for what is none of these or past."""
    text = " ".join(text.casefold().split())
    if length := _LENGTH.fullmatch(text):
        minutes = int(length[1]) * _MINUTES[length[2]]
        return now + minutes * 60_000 if minutes else None
    found = _CLOCK.fullmatch(text)
    if found is None or int(found[2]) > 23 or int(found[3] or 0) > 59 or not (found[1] or found[3]):
        return None
    today = datetime.fromtimestamp(now / 1000, zone)
    when = today.replace(hour=int(found[2]), minute=int(found[3] or 0), second=0, microsecond=0)
    when += timedelta(days=_days_ahead(found[1], today.weekday()))
    if when <= today:
        if found[1] == "today":
            return None
        when += timedelta(days=7 if found[1] in _DAYS else 1)
    return round(when.timestamp() * 1000)


def _days_ahead(word: str | None, today: int) -> int:
    if word in _DAYS:
        return (_DAYS.index(word) - today) % 7
    return 1 if word == "tomorrow" else 0
