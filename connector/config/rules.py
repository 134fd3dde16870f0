"""The part of the configuration that says who answers what, and when.

```toml
[routing]                         # of every skill that says nothing else
capacity = 4                      # places of an agent who has none of their own
response_s = 900
ring = "auto"                     # auto, ring, ring_all
away_reasons = ["break", "lunch", "meeting", "training"]

[hours]
zone = "Europe/Berlin"
week = { "mon-fri" = ["09:00-12:30", "13:30-18:00"], sat = ["10:00-14:00"] }
special = { "2026-12-25" = [] }

[skills.orders]                   # what is different for one skill
fallback = "general"
response_s = 300
```
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from datetime import date
from itertools import pairwise
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from msgspec import Struct
from msgspec.structs import replace

from connector.domain.hours import Hours, Shift
from connector.domain.skills import Rules, SkillParameters, SkillRules

_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_SHIFT = re.compile(r"([01]\d|2[0-3]):([0-5]\d)-([01]\d|2[0-4]):([0-5]\d)")


class HoursSettings(Struct, frozen=True, forbid_unknown_fields=True):
    """`week` by day or range of days, `special` by date; both hold shifts like "09:00-17:30"."""

    zone: str
    week: dict[str, list[str]]
    special: dict[str, list[str]] = {}

    def hours(self) -> Hours:
        """Raises ValueError in words."""
        try:
            zone = ZoneInfo(self.zone)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            raise ValueError(f'there is no time zone "{self.zone}"; expected one like Europe/Berlin') from None
        week: list[tuple[Shift, ...]] = [()] * 7
        said: dict[int, str] = {}
        for days, shifts in self.week.items():
            for number in _days(days):
                if number in said:
                    raise ValueError(f'"{days}" and "{said[number]}" both say when {_DAYS[number]} is worked')
                said[number] = days
                week[number] = _shifts(shifts)
        return Hours(zone, tuple(week), {_date(day): _shifts(shifts) for day, shifts in self.special.items()})

    def __post_init__(self) -> None:
        self.hours()


def _days(text: str) -> Iterable[int]:
    first, to, last = text.lower().partition("-")
    last = last if to else first
    if first not in _DAYS or last not in _DAYS:
        raise ValueError(f'"{text}" is no day; expected mon, tue, wed, thu, fri, sat or sun, or a range like mon-fri')
    start, end = _DAYS.index(first), _DAYS.index(last)
    return range(start, end + 1) if start <= end else [*range(start, 7), *range(end + 1)]


def _shifts(texts: list[str]) -> tuple[Shift, ...]:
    found = []
    for text in texts:
        read = _SHIFT.fullmatch(text.replace(" ", ""))
        start, end = (int(read[1]) * 60 + int(read[2]), int(read[3]) * 60 + int(read[4])) if read else (0, 0)
        if not start < end <= 24 * 60:
            raise ValueError(f'"{text}" is no shift; expected one like 09:00-17:30, at most up to 24:00')
        found.append(Shift(start, end))
    found.sort(key=lambda shift: shift.start)
    if any(later.start < earlier.end for earlier, later in pairwise(found)):
        raise ValueError(f"{', '.join(texts)}: these shifts overlap")
    return tuple(found)


def _date(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ValueError(f'"{text}" is no date; expected one like 2026-12-25') from None


class SkillSettings(SkillParameters, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """`[skills.NAME]`: what is different for this skill."""

    hours: HoursSettings | None = None


class RoutingSettings(SkillParameters, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """`[routing]`: what holds for every skill that says nothing else, and for all agents."""

    capacity: int = 4  # places of an agent who has none of their own
    away_reasons: tuple[str, ...] = ("break", "lunch", "meeting", "training")
    outcomes: tuple[str, ...] = ()  # none: any words

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.capacity < 0:
            raise ValueError("capacity is 0 or more")


def rules_of(
    routing: RoutingSettings,
    hours: HoursSettings | None,
    skills: Mapping[str, SkillSettings],
    said: Mapping[str, Collection[str]],
    known: Iterable[str],
) -> Rules:
    """The rules of every skill: what `[skills.NAME]` says, else `[routing]`, else the usual.

    `said` holds the keys that stand in each skill's section. Raises ValueError, whose text begins with the key.
    """
    numbers = {field: getattr(routing, field) for field in SkillParameters.__struct_fields__}
    usual = SkillRules(**numbers, hours=hours.hours() if hours else None)
    own = {}
    for name, settings in skills.items():
        given = {field: getattr(settings, field) for field in said[name] if field != "hours"}
        if given.get("fallback") == name:
            raise ValueError(f"skills.{name}.fallback: a skill cannot fall back on itself")
        if settings.hours is not None:
            given["hours"] = settings.hours.hours()
        own[name] = replace(usual, **given)
    rules = Rules(usual, own, known)
    for key, one in {"routing": usual, **{f"skills.{name}": one for name, one in own.items()}}.items():
        if one.fallback is not None and not rules.knows(one.fallback):
            raise ValueError(f"{key}.fallback: there is no skill {one.fallback}; there are: {', '.join(rules.names)}")
    return rules
