"""Working hours: when somebody is there to answer, in a time zone that has summer time.

Wall-clock shifts are turned into moments day by day, so a night in which the clocks change is as long as it really is.
A shift lasts from the first moment at which the clock shows its beginning or later to just after the last at which it
shows less than its end. So an hour that occurs twice (clocks going back) is worked twice when a shift covers it, once
by one shift and not by two when they share it, and one that does not occur is skipped.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from msgspec import Struct

# Longer than any closing a brand would configure; beyond it, nobody works there at all.
_LOOK_AHEAD_DAYS = 400
_MINUTE_MS = 60_000


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


def after_working_time(hours: Hours | None, at: int, seconds: int) -> int | None:
    """The moment at which this many seconds have been worked since `at`; None when they never will be."""
    left = seconds * 1000
    if hours is None:
        return at + left
    for start, end in _open_times(hours, at, days=_LOOK_AHEAD_DAYS):
        if end - start >= left:
            return start + left
        left -= end - start
    return None


def opens_at(hours: Hours | None, at: int) -> int | None:
    """The next moment somebody works, `at` itself while open; None when nobody ever will."""
    if hours is None:
        return at
    return next((start for start, _ in _open_times(hours, at, days=_LOOK_AHEAD_DAYS)), None)


def _open_times(hours: Hours, at: int, days: int) -> Iterator[tuple[int, int]]:
    """What is worked from `at` on, as pairs of moments in order that do not overlap; each of some length."""
    first = datetime.fromtimestamp(at / 1000, hours.zone).date() - timedelta(days=1)
    # Up to here is past or worked: where an hour occurs twice, the second of two shifts begins before the first ends.
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
    """The moments a wall clock may mean (PEP 495): the first and the last; turned round when it skips this time."""
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
