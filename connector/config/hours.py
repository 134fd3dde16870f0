"""Working hours and shifts as they are written in the configuration: a zone, and shifts by day or date."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from itertools import pairwise
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from msgspec import Struct

from connector.domain.hours import Hours, Shift

_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_SHIFT = re.compile(r"([01]\d|2[0-3]):([0-5]\d)-([01]\d|2[0-4]):([0-5]\d)")
_DAY = 24 * 60  # minutes


class HoursSettings(Struct, frozen=True, forbid_unknown_fields=True):
    """`week` by day or range of days, `special` by date; both hold shifts like "09:00-17:30"."""

    zone: str
    week: dict[str, list[str]]
    special: dict[str, list[str]] = {}

    def hours(self) -> Hours:
        """Raises ValueError with one sentence."""
        return hours_of(self.zone, self.week, self.special)

    def __post_init__(self) -> None:
        self.hours()


def hours_of(
    zone: str, week: Mapping[str, Sequence[str]], special: Mapping[str, Sequence[str]], *, over_midnight: bool = False
) -> Hours:
    """`over_midnight`: a shift may end on the next day, as 20:00-08:00 does. Raises ValueError with one sentence."""
    shifts: list[tuple[Shift, ...]] = [()] * 7
    given: dict[int, str] = {}
    for days, texts in week.items():
        for number in _days(days):
            if number in given:
                raise ValueError(f'"{days}" and "{given[number]}" both say when {_DAYS[number]} is worked')
            given[number] = days
            shifts[number] = _shifts(texts, over_midnight=over_midnight)
    dates = {_date(day): _shifts(texts, over_midnight=over_midnight) for day, texts in special.items()}
    return Hours(zone_of(zone), tuple(shifts), dates)


def zone_of(name: str) -> ZoneInfo:
    """Raises ValueError with one sentence."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError(f'there is no time zone "{name}"; expected one like Europe/Berlin') from None


def _days(text: str) -> Iterable[int]:
    first, to, last = text.lower().partition("-")
    last = last if to else first
    if first not in _DAYS or last not in _DAYS:
        raise ValueError(
            f'"{text}" is not a day; expected mon, tue, wed, thu, fri, sat or sun, or a range like mon-fri'
        )
    start, end = _DAYS.index(first), _DAYS.index(last)
    return range(start, end + 1) if start <= end else [*range(start, 7), *range(end + 1)]


def _shifts(texts: Sequence[str], *, over_midnight: bool) -> tuple[Shift, ...]:
    found = []
    for text in texts:
        read = _SHIFT.fullmatch(text.replace(" ", ""))
        start, end = (int(read[1]) * 60 + int(read[2]), int(read[3]) * 60 + int(read[4])) if read else (0, 0)
        if start == end or end > _DAY or (end < start and not over_midnight):
            expected = "one like 20:00-08:00" if over_midnight else "one like 09:00-17:30, at most up to 24:00"
            raise ValueError(f'"{text}" is not a shift; expected {expected}')
        end += _DAY if end < start else 0
        found.append(Shift(start, end))
    found.sort(key=lambda shift: shift.start)
    if any(later.start < earlier.end for earlier, later in pairwise(found)):
        raise ValueError(f"{', '.join(texts)}: these shifts overlap")
    return tuple(found)


def _date(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ValueError(f'"{text}" is not a date; expected one like 2026-12-25') from None
