"""How people in a simulated day behave. Chances are 0 to 1, times are seconds; those given are made up to be plausible
and stand in the scenario file where another day is wanted."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta, Struct

_Chance = Annotated[float, Meta(ge=0, le=1)]
_Above0 = Annotated[float, Meta(gt=0)]


class ConsumerHabits(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Those who text in."""

    questions: Annotated[tuple[_Above0, ...], Meta(min_length=1)] = (35, 35, 20, 10)  # how many have 1, 2, 3, … of them
    goes_on: _Chance = 0.2  # writes a second text before an answer has come
    answers_s: _Above0 = 75  # half of them write their next question this soon after an answer
    slow: _Chance = 0.15  # takes much longer
    slow_s: tuple[_Above0, _Above0] = (2400, 9000)
    thanks: _Chance = 0.25  # says thanks once it is closed
    other_line: _Chance = 0.04  # has texted another of our lines just before
    again: _Chance = 0.05  # had another matter earlier in the day
    stops: _Chance = 0.01  # texts STOP after the first answer


class AgentHabits(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Those who answer, one text after another."""

    notices_s: tuple[_Above0, _Above0] = (1, 5)  # from being told to looking
    reads_per_s: _Above0 = 25  # letters
    types_per_s: _Above0 = 6
    thinks_s: tuple[_Above0, _Above0] = (20, 110)
    wrong_skill: _Chance = 0.06  # matters that came in on the line of another skill, and are handed over
    by_name: _Chance = 0.2  # of those handed to a colleague rather than to the skill
    gives_back: _Chance = 0.02
    closes: _Chance = 0.8  # closes what is answered; the rest is left to close by itself
    outcome: _Chance = 0.5  # of those say at once how it went; the others in the wrap-up, where there is one
    misses_ring: _Chance = 0.05
