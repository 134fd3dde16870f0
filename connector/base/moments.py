"""Moments and durations as people write them, at the desk and in the shell.

Times are milliseconds since 1970-01-01 UTC; `zone` None is the machine's own. In an hour that occurs twice, the next
one is meant (PEP 495): the second once the first is past.
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta, tzinfo

# Compiled when they are first used, which is not at a start.
_LENGTH = r"(?:in )?(\d{1,5}) ?(m|min|h|d)"
_CLOCK = r"(?:([a-z]+) ?)?(\d{1,2})(?::(\d{2}))?"
_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_WEEK = 7
# The weekday, from 0 for Monday, of each way to write it: the name, and its first letters.
_WEEKDAYS = {day[:length]: number for number, day in enumerate(_DAYS) for length in (3, 4, 5, len(day))}
_WORDS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
_HOURS = {word: str(hour) for hour, word in enumerate(_WORDS, 1)}
_PAST_DAYS = ("today", "yesterday")
_MS = {"m": 60_000, "min": 60_000, "h": 3_600_000, "d": 86_400_000}


def parse_future(text: str, now: int, zone: tzinfo | None = None) -> int | None:
    """Moment of `2h`, `17:30` (the next one), `tomorrow 9:00`, `fri 14`, `8 tomorrow`, `tomorrow at nine`, or a date
    and time in ISO 8601; None for anything else, and for what is past."""
    text = _as_read(text)
    if (ms := length(text)) is not None:
        return now + ms if ms else None
    found = re.fullmatch(_CLOCK, text)
    if found is None or not (found[1] or found[3]):
        wall = _iso(text)
        return None if wall is None else _next([wall], now, zone)
    if int(found[2]) > 23 or int(found[3] or 0) > 59:
        return None
    today = datetime.fromtimestamp(now / 1000, zone)
    days = _days_ahead(found[1], today.weekday())
    wall = today.replace(hour=int(found[2]), minute=int(found[3] or 0), second=0, microsecond=0, tzinfo=None)
    return _next([wall + timedelta(days=ahead) for ahead in days], now, zone)


def why_no_future(text: str, now: int, zone: tzinfo | None = None) -> str:
    """Sentences for what `parse_future` does not take: what is wrong, and how to write it, with a date to come."""
    clean = " ".join(text.casefold().split())
    if clean and _days_ahead(clean, 0):
        return f"{clean} needs a time: {clean} 9:00."
    wall = _iso(clean)
    is_past = wall is not None and _occurrences(wall, zone) != ()
    tomorrow = (datetime.fromtimestamp(now / 1000, zone) + timedelta(days=1)).date()
    words = f"Write it like 30m, 2h, 17:30, tomorrow 9:00, fri 14:00 or {tomorrow}T09:00."
    return f"{clean.upper()} is past. {words}" if is_past else words


def parse_past(text: str, now: int, zone: tzinfo | None = None) -> int | None:
    """Moment of `90m`, `6h`, `2d` ago, of the beginning of `today` or `yesterday`, or of a date and time in ISO 8601;
    else None. Of an hour that occurs twice, the first, from which more is covered."""
    if (ago := days_ago(text)) is not None:
        began = datetime.fromtimestamp(now / 1000, zone) - timedelta(days=ago)
        midnight = began.replace(hour=0, minute=0, second=0, microsecond=0, tzinfo=None)
        return next(iter(_occurrences(midnight, zone)), None)
    if (ms := length(text)) is not None:
        return now - ms
    wall = _iso(text)
    return None if wall is None else next(iter(_occurrences(wall, zone)), None)


def length(text: str) -> int | None:
    """Milliseconds of `90m`, `2h`, `1d`; None for anything else."""
    found = re.fullmatch(_LENGTH, text)
    return int(found[1]) * _MS[found[2]] if found else None


def length_words(seconds: int) -> str:
    """As `length` reads it, in whole minutes: `90m`, `2h`, `1d`."""
    minutes = -(-seconds // 60)
    for unit, size in (("d", 1440), ("h", 60)):
        if minutes and minutes % size == 0:
            return f"{minutes // size}{unit}"
    return f"{minutes}m"


def days_ago(text: str) -> int | None:
    """0 for `today`, 1 for `yesterday`; else None."""
    day = text.casefold().strip()
    return _PAST_DAYS.index(day) if day in _PAST_DAYS else None


def _as_read(text: str) -> str:
    """In the order in which moments are read, with hours in digits: `tomorrow 9` for `at nine tomorrow`."""
    words = [_HOURS.get(word, word) for word in text.casefold().split() if word != "at"]
    if len(words) == 2 and words[0][:1].isdigit() and _days_ahead(words[1], 0):
        words.reverse()
    return " ".join(words)


def _iso(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text.upper())
    except ValueError:
        return None


def _days_ahead(word: str | None, today: int) -> tuple[int, ...]:
    """The days that are meant, counted from today, in order; none for an unknown word."""
    if word is None:
        return (0, 1)
    if word in ("today", "tomorrow"):
        return (int(word == "tomorrow"),)
    if word not in _WEEKDAYS:
        return ()
    ahead = (_WEEKDAYS[word] - today) % _WEEK
    return (ahead, ahead + _WEEK)


def _next(walls: list[datetime], now: int, zone: tzinfo | None) -> int | None:
    """The first moment after now at which the clock shows one of these."""
    return next((at for wall in walls for at in _occurrences(wall, zone) if at > now), None)


def _occurrences(wall: datetime, zone: tzinfo | None) -> tuple[int, ...]:
    """Both moments at which the clock shows this, the same twice on nearly all days; none beyond what a clock can show.

    With an offset of its own, it is one moment.
    """
    try:
        return tuple(_ms(wall.replace(fold=fold, tzinfo=wall.tzinfo or zone)) for fold in (0, 1))
    except (ValueError, OverflowError):
        return ()


def _ms(when: datetime) -> int:
    return round(when.timestamp() * 1000)
