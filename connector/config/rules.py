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

from collections.abc import Collection, Iterable, Mapping

from msgspec.structs import replace

from connector.config.hours import HoursSettings
from connector.domain.skill_rules import Rules, SkillParameters, SkillRules


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
