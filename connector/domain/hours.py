"""Working hours: when somebody is there to answer, in a time zone that has summer time.

Wall-clock shifts are turned into moments day by day, so a night in which the clocks change is as long as it really is.
An hour that occurs twice (clocks going back) is worked twice when a shift covers it, and one that does not occur is
skipped, as PEP 495 resolves them: the beginning of a shift means its first occurrence, its end the last.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from msgspec import Struct

DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
# Longer than any closing a brand would configure; beyond it, nobody works there at all.
_LOOK_AHEAD_DAYS = 400


class Shift(Struct, frozen=True):
    """From `start` up to `end` of one day, in minutes after midnight on the wall clock; `end` may be 1440."""

    start: int
    end: int


class Hours(Struct, frozen=True):
    """`week` holds the shifts of Monday to Sunday; `special` those of single days, which then hold instead."""

    zone: tzinfo
    week: tuple[tuple[Shift, ...], ...]
    special: dict[date, tuple[Shift, ...]] = {}


def is_open(hours: Hours | None, at: int) -> bool:
    """Whether somebody works at this moment (milliseconds). No hours means always."""
    return hours is None or any(start <= at < end for start, end in _open_times(hours, at, days=2))


def after_working(hours: Hours | None, at: int, seconds: int) -> int | None:
    """The moment at which this many seconds have been worked since `at`; None when they never will be."""
    left = seconds * 1000
    if hours is None:
        return at + left
    for start, end in _open_times(hours, at, days=_LOOK_AHEAD_DAYS):
        start = max(start, at)
        if end - start >= left and end > start:
            return start + left
        left -= max(0, end - start)
    return None


def opens_at(hours: Hours | None, at: int) -> int | None:
    """The next moment somebody works, `at` itself while open; None when nobody ever will."""
    if hours is None:
        return at
    return next((max(start, at) for start, end in _open_times(hours, at, days=_LOOK_AHEAD_DAYS) if end > at), None)


def _open_times(hours: Hours, at: int, days: int) -> Iterator[tuple[int, int]]:
    """Shifts as pairs of moments, in order, from the day before the one `at` is in."""
    first = datetime.fromtimestamp(at / 1000, hours.zone).date() - timedelta(days=1)
    for number in range(days + 1):
        day = first + timedelta(days=number)
        for shift in hours.special.get(day, hours.week[day.weekday()]):
            start = _moment(hours.zone, day, shift.start, fold=0)
            end = _moment(hours.zone, day, shift.end, fold=1)
            if end > max(start, at - 1):
                yield start, end


def _moment(zone: tzinfo, day: date, minutes: int, *, fold: int) -> int:
    if minutes == 24 * 60:
        day, minutes = day + timedelta(days=1), 0
    wall = datetime.combine(day, time(minutes // 60, minutes % 60, fold=fold), zone)
    return round(wall.astimezone(UTC).timestamp() * 1000)
