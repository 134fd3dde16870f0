"""The sections of routing, hours and skills: who answers what, and when.

```toml
[routing]                         # for every skill without a value of its own
capacity = 4                      # of an agent without one of their own
response_s = 900
ring = "auto"                     # auto, ring, ring_all
away_reasons = ["break", "lunch", "meeting", "training"]

[hours]
zone = "Europe/Berlin"
week = { "mon-fri" = ["09:00-12:30", "13:30-18:00"], sat = ["10:00-14:00"] }
special = { "2026-12-25" = [] }

[skills.orders]                   # what differs for one skill
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
from connector.domain.skill_rules import Rules, SkillParameters, SkillRules

_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_SHIFT = re.compile(r"([01]\d|2[0-3]):([0-5]\d)-([01]\d|2[0-4]):([0-5]\d)")


class HoursSettings(Struct, frozen=True, forbid_unknown_fields=True):
    """`week` by day or range of days, `special` by date; both hold shifts like "09:00-17:30"."""

    zone: str
    week: dict[str, list[str]]
    special: dict[str, list[str]] = {}

    def hours(self) -> Hours:
        """Raises ValueError with one sentence."""
        try:
            zone = ZoneInfo(self.zone)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            raise ValueError(f'there is no time zone "{self.zone}"; expected one like Europe/Berlin') from None
        week: list[tuple[Shift, ...]] = [()] * 7
        given: dict[int, str] = {}
        for days, shifts in self.week.items():
            for number in _days(days):
                if number in given:
                    raise ValueError(f'"{days}" and "{given[number]}" both say when {_DAYS[number]} is worked')
                given[number] = days
                week[number] = _shifts(shifts)
        return Hours(zone, tuple(week), {_date(day): _shifts(shifts) for day, shifts in self.special.items()})

    def __post_init__(self) -> None:
        self.hours()


def _days(text: str) -> Iterable[int]:
    first, to, last = text.lower().partition("-")
    last = last if to else first
    if first not in _DAYS or last not in _DAYS:
        raise ValueError(
            f'"{text}" is not a day; expected mon, tue, wed, thu, fri, sat or sun, or a range like mon-fri'
        )
    start, end = _DAYS.index(first), _DAYS.index(last)
    return range(start, end + 1) if start <= end else [*range(start, 7), *range(end + 1)]


def _shifts(texts: list[str]) -> tuple[Shift, ...]:
    found = []
    for text in texts:
        read = _SHIFT.fullmatch(text.replace(" ", ""))
        start, end = (int(read[1]) * 60 + int(read[2]), int(read[3]) * 60 + int(read[4])) if read else (0, 0)
        if not start < end <= 24 * 60:
            raise ValueError(f'"{text}" is not a shift; expected one like 09:00-17:30, at most up to 24:00')
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


class SkillSettings(SkillParameters, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """`[skills.NAME]`: what differs for this skill."""

    hours: HoursSettings | None = None


class RoutingSettings(SkillParameters, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """`[routing]`: what holds for every skill without a value of its own, and for all agents."""

    capacity: int = 4  # of an agent without one of their own
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
    given: Mapping[str, Collection[str]],
    known: Iterable[str],
) -> Rules:
    """The rules of every skill: from `[skills.NAME]`, else from `[routing]`, else the default.

    `given` holds the keys in each skill's section. Raises ValueError, whose text begins with the key.
    """
    numbers = {field: getattr(routing, field) for field in SkillParameters.__struct_fields__}
    usual = SkillRules(**numbers, hours=hours.hours() if hours else None)
    own = {}
    for name, settings in skills.items():
        values = {field: getattr(settings, field) for field in given[name] if field != "hours"}
        if values.get("fallback") == name:
            raise ValueError(f"skills.{name}.fallback: a skill cannot fall back on itself")
        if settings.hours is not None:
            values["hours"] = settings.hours.hours()
        own[name] = replace(usual, **values)
    rules = Rules(usual, own, known)
    for key, one in {"routing": usual, **{f"skills.{name}": one for name, one in own.items()}}.items():
        if one.fallback is not None and not rules.knows(one.fallback):
            raise ValueError(f"{key}.fallback: there is no skill {one.fallback}; there are: {', '.join(rules.names)}")
    return rules
