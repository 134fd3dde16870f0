"""How people in a simulated day behave. Chances are 0 to 1, times are seconds. The defaults are plausible guesses; a
scenario file can set others."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta, Struct

_Chance = Annotated[float, Meta(ge=0, le=1)]
_Above0 = Annotated[float, Meta(gt=0)]


class ConsumerHabits(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Habits of consumers."""

    questions: Annotated[tuple[_Above0, ...], Meta(min_length=1)] = (
        35,
        35,
        20,
        10,
    )  # shares with 1, 2, 3, …
    goes_on: _Chance = 0.2  # writes a second text before the answer
    answers_s: _Above0 = 75  # median, from an answer to the next question
    slow: _Chance = 0.15  # those who take much longer
    slow_s: tuple[_Above0, _Above0] = (2400, 9000)
    thanks: _Chance = 0.25  # says thanks after the close
    other_line: _Chance = 0.04  # has texted another of our lines just before
    again: _Chance = 0.05  # had another inquiry earlier in the day
    stops: _Chance = 0.01  # texts STOP after the first answer


class AgentHabits(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Habits of agents, who answer one text after another."""

    notices_s: tuple[_Above0, _Above0] = (1, 5)  # from a change on the desk to looking at it
    reads_per_s: _Above0 = 25  # letters
    types_per_s: _Above0 = 6
    thinks_s: tuple[_Above0, _Above0] = (20, 110)
    wrong_skill: _Chance = 0.06  # inquiries that came in on the line of another skill, and are transferred
    by_name: _Chance = 0.2  # of those transferred to a colleague rather than to the skill
    gives_back: _Chance = 0.02
    closes: _Chance = 0.8  # closes what is answered; the rest closes by its timer
    outcome: _Chance = 0.5  # of those set the outcome at once; the others in the wrap-up, if there is one
    misses_ring: _Chance = 0.05
