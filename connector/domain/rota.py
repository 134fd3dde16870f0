"""The rota: who is on call for a skill at a moment, in which order they are asked, and where nobody is.

A shift belongs to the day it begins on and may end on the next one. The people of all shifts that cover a moment are
asked in the order of the shifts, then those leads who are not among them. Where no shift covers it there is a gap, and
the leads are asked at once: an alert is never for nobody.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from enum import StrEnum

from msgspec import Struct

from connector.domain.hours import Hours, is_open, open_spans

_LOOK_AHEAD_MS = 15 * 86_400_000


class AskedAs(StrEnum):
    """Why somebody is asked."""

    ON_CALL = "on_call"  # the first of the shift
    NEXT = "next"  # those before have not acknowledged
    LEAD = "lead"  # nor has anyone else of the shift
    GAP = "gap"  # the rota has nobody for this time, so the leads are asked


class RotaShift(Struct, frozen=True):
    """Who is on call when. No skills: all of them. No people: the leads, on purpose."""

    hours: Hours
    people: tuple[str, ...]
    skills: tuple[str, ...] = ()

    def covers(self, skill: str, at: int) -> bool:
        return self.is_of(skill) and is_open(self.hours, at)

    def is_of(self, skill: str) -> bool:
        return not self.skills or skill in self.skills


class Rota(Struct, frozen=True):
    shifts: tuple[RotaShift, ...]
    leads: tuple[str, ...]

    @property
    def people(self) -> tuple[str, ...]:
        """Everybody it names, each once."""
        return _each_once(name for one in (*(shift.people for shift in self.shifts), self.leads) for name in one)


class Level(Struct, frozen=True):
    """Those who are asked together, and why them."""

    people: tuple[str, ...]
    asked_as: AskedAs


def levels(rota: Rota, skills: Iterable[str], at: int) -> tuple[Level, ...]:
    """Who is asked one after another about an alert of these skills. Nobody is in it twice; it is never empty.

    A lead of the shift is asked in the order of the shift, and not again as a lead: where all of them are, nobody is.
    Of several skills, those who are first for any of them are asked together, then those who are second.
    """
    chains = [_on_call(rota, skill, at) for skill in skills] or [None]
    found: list[Level] = []
    named: set[str] = set()
    for number in range(max(len(chain or ()) for chain in chains)):
        here = _each_once(chain[number] for chain in chains if chain is not None and number < len(chain))
        if people := tuple(name for name in here if name not in named):
            named.update(people)
            found.append(Level(people, AskedAs.NEXT if found else AskedAs.ON_CALL))
    if leads := tuple(name for name in rota.leads if name not in named):
        is_gap = not found and any(chain is None for chain in chains)
        found.append(Level(leads, AskedAs.GAP if is_gap else AskedAs.LEAD))
    return tuple(found)


def following(rota: Rota, skills: Iterable[str], at: int, asked: Sequence[str]) -> Level | None:
    """The next to be asked after those who were; None when everybody was. A shift that has begun meanwhile counts."""
    for level in levels(rota, skills, at):
        if people := tuple(name for name in level.people if name not in asked):
            return Level(people, level.asked_as)
    return None


def gaps(rota: Rota, skill: str, at: int, until: int) -> list[tuple[int, int]]:
    """The times from `at` up to `until` for which no shift of this skill is there, in order."""
    spans = sorted(span for one in rota.shifts if one.is_of(skill) for span in open_spans(one.hours, at, until))
    found, covered = [], at
    for start, end in spans:
        if start > covered:
            found.append((covered, start))
        covered = max(covered, end)
    return found if covered >= until else [*found, (covered, until)]


def changes_at(rota: Rota, skill: str, at: int) -> int | None:
    """When others are asked about this skill; None when that is not within two weeks."""
    until = at + _LOOK_AHEAD_MS
    spans = (span for one in rota.shifts if one.is_of(skill) for span in open_spans(one.hours, at, until))
    edges = sorted({edge for span in spans for edge in span if at < edge < until})
    now = levels(rota, (skill,), at)
    return next((edge for edge in edges if levels(rota, (skill,), edge) != now), None)


def _on_call(rota: Rota, skill: str, at: int) -> tuple[str, ...] | None:
    """The people of the shifts that cover the moment; None in a gap."""
    covering = [shift for shift in rota.shifts if shift.covers(skill, at)]
    return _each_once(name for shift in covering for name in shift.people) if covering else None


def _each_once(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(names))
