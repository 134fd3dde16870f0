"""Rules of skills: ringing, load, due times and timers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import StrEnum

from msgspec import Struct
from msgspec.structs import replace

from connector.domain.hours import Hours

_LONGEST_S = 10 * 365 * 86400


class RingMode(StrEnum):
    """How routing assigns a conversation."""

    AUTO = "auto"  # assigned to the best agent at once
    RING = "ring"  # rings at one agent after the other
    RING_ALL = "ring_all"  # rings at all agents with room; the first to accept owns it


class SkillParameters(Struct, frozen=True, kw_only=True):
    """Parameters of a skill. Times are seconds; 0 switches a rule off where that makes sense."""

    ring: RingMode = RingMode.AUTO
    ring_s: int = 72
    fallback: str | None = None  # the skill used while no agent of this one is present
    away_is_absent: bool = True  # agents who are away or back soon do not count as present
    # A conversation weighs 1 while its consumer waits. Once answered, its weight falls evenly to `idle_weight` within
    # `idle_after_s`.
    idle_weight: float = 0.1
    idle_after_s: int = 240
    old_after_s: int = 7200  # the answer to an older text: its weight is `idle_weight` at once
    warm_up_s: int = 0  # an agent's capacity is 1 after signing in, and grows by 1 each time this has passed
    response_s: int = 900
    first_contact_s: int | None = None  # for a consumer's first conversation; None: as `response_s`
    soon_s: int = 300  # an answer is due soon this long before it is due
    silent_s: int = 0  # without an answer for this long, it goes to another agent
    away_s: int = 600  # the same, once its owner is away or back soon
    gone_s: int = 120  # the same, once its owner has no desk; then their holds end
    transfer_s: int = 300  # how long a conversation transferred to an agent rings at them
    wrap_up_s: int = 0  # how long wrap-up lasts
    auto_close_s: int = 90 * 86400  # after the last message, when no answer is due
    reopen_s: int = 3600  # a text this soon after closing reopens the conversation
    undo_s: int = 3  # how long a reply or a close can be undone

    def __post_init__(self) -> None:
        if not 0 <= self.idle_weight <= 1:
            raise ValueError("idle_weight is between 0 and 1")
        for field in ("ring_s", "response_s", "first_contact_s", "transfer_s", "auto_close_s"):
            value = getattr(self, field)
            if value is not None and value < 1:
                raise ValueError(f"{field} is at least 1")
        for field in self.__struct_fields__:
            value = getattr(self, field)
            if field.endswith("_s") and value is not None and not 0 <= value <= _LONGEST_S:
                raise ValueError(f"{field} is 0 or more, and at most ten years of seconds ({_LONGEST_S})")


class SkillRules(SkillParameters, frozen=True, kw_only=True):
    """Rules of one skill."""

    name: str = ""
    hours: Hours | None = None  # None: always open


class Rules:
    """Rules of all skills. A skill without any of its own has the default ones."""

    def __init__(
        self,
        default: SkillRules | None = None,
        skills: Mapping[str, SkillRules] | None = None,
        known: Iterable[str] = (),
    ) -> None:
        """`known`: skills of lines and agents, also without rules of their own."""
        self._default = default or SkillRules()
        self._skills = {name: replace(self._default, name=name) for name in known}
        self._skills.update({name: replace(rules, name=name) for name, rules in (skills or {}).items()})

    @property
    def names(self) -> tuple[str, ...]:
        """All skills, in alphabetical order."""
        return tuple(sorted(self._skills))

    def knows(self, skill: str) -> bool:
        return skill in self._skills

    def of(self, skill: str) -> SkillRules:
        return self._skills.get(skill) or replace(self._default, name=skill)

    def chain(self, skill: str) -> tuple[str, ...]:
        """The skill and its fallbacks in order, each once, so that a circle ends."""
        found = [skill]
        while (following := self.of(found[-1]).fallback) is not None and following not in found:
            found.append(following)
        return tuple(found)
