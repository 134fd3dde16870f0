"""Working hours of a skill, in a time zone that may have summer time.

Shifts are wall-clock times and become moments day by day, so that a night in which clocks change has its real length.
A shift lasts from the first moment at which the clock shows its start or later to the last at which it shows less than
its end. An hour that occurs twice is worked twice when a shift covers it, but never by two shifts at once; an hour that
does not occur is skipped.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from msgspec import Struct

# Longer than any closure a brand would configure; a skill closed for so long counts as never open.
_LOOK_AHEAD_DAYS = 400
_MINUTE_MS = 60_000
_DAY_MS = 24 * 60 * _MINUTE_MS
_DAY_MINUTES = 24 * 60


class Shift(Struct, frozen=True):
    """From `start` up to `end`, in minutes after midnight of the day it begins on, by the wall clock; beyond 1440 `end`
    is on the next day."""

    start: int
    end: int


class Hours(Struct, frozen=True):
    """Shifts of Monday to Sunday in `week`, and of single days, which replace those, in `special`."""

    zone: tzinfo
    week: tuple[tuple[Shift, ...], ...]
    special: dict[date, tuple[Shift, ...]] = {}


def is_open(hours: Hours | None, at: int) -> bool:
    """Whether this moment is within working hours. No hours means always."""
    return hours is None or any(start <= at < end for start, end in _open_times(hours, at, days=2))


def after_working_time(hours: Hours | None, at: int, seconds: int) -> int | None:
    """Moment by which this much working time has passed since `at`; None when it never will have."""
    left = seconds * 1000
    if hours is None:
        return at + left
    for start, end in _open_times(hours, at, days=_LOOK_AHEAD_DAYS):
        if end - start >= left:
            return start + left
        left -= end - start
    return None


def opens_at(hours: Hours | None, at: int) -> int | None:
    """Start of the next working time, `at` itself while open; None when there is none."""
    if hours is None:
        return at
    return next((start for start, _ in _open_times(hours, at, days=_LOOK_AHEAD_DAYS)), None)


def open_spans(hours: Hours, at: int, until: int) -> Iterator[tuple[int, int]]:
    """Working time from `at` up to `until`: pairs of moments in order, without overlap or empty pairs."""
    for start, end in _open_times(hours, at, days=(until - at) // _DAY_MS + 3):
        if start >= until:
            return
        yield start, min(end, until)


def _open_times(hours: Hours, at: int, days: int) -> Iterator[tuple[int, int]]:
    """Working time from `at` on: pairs of moments in order, without overlap or empty pairs."""
    first = datetime.fromtimestamp(at / 1000, hours.zone).date() - timedelta(days=1)
    # Time before this is past or counted: where an hour occurs twice, a shift can begin before the one before it ends.
    until = at
    for number in range(days + 1):
        day = first + timedelta(days=number)
        for shift in hours.special.get(day, hours.week[day.weekday()]):
            start, end = _begins(hours.zone, day, shift.start), _ends(hours.zone, day, shift.end)
            if end > max(start, until):
                yield max(start, until), end
                until = end


def _begins(zone: tzinfo, day: date, minutes: int) -> int:
    """The first moment at which the clock shows this or later."""
    earlier, later = _occurrences(zone, day, minutes)
    return earlier if earlier <= later else _change(zone, later, earlier)


def _ends(zone: tzinfo, day: date, minutes: int) -> int:
    """Just after the last moment at which the clock shows less than this."""
    earlier, later = _occurrences(zone, day, minutes - 1)
    return later + _MINUTE_MS if earlier <= later else _change(zone, later, earlier)


def _occurrences(zone: tzinfo, day: date, minutes: int) -> tuple[int, int]:
    """First and last moment at which the clock shows this (PEP 495); the later one first when the clock skips it."""
    days, minutes = divmod(minutes, _DAY_MINUTES)
    day += timedelta(days=days)
    walls = (datetime.combine(day, time(minutes // 60, minutes % 60, fold=fold), zone) for fold in (0, 1))
    first, last = (round(wall.astimezone(UTC).timestamp() * 1000) for wall in walls)
    return first, last


def _change(zone: tzinfo, before: int, after: int) -> int:
    """The moment between these two at which the clock jumps forward, to the minute."""
    minutes = range(before, after + 1, _MINUTE_MS)
    offset = datetime.fromtimestamp(before / 1000, zone).utcoffset()

    def has_jumped(at: int) -> bool:
        return datetime.fromtimestamp(at / 1000, zone).utcoffset() != offset

    return minutes[bisect_left(minutes, True, key=has_jumped)]
