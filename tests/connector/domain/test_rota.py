"""The rota: who is asked in which order, over midnight and through the changes of the clock, and where it has gaps."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connector.domain.hours import Hours, Shift, is_open
from connector.domain.rota import AskedAs, Rota, RotaShift, changes_at, following, gaps, levels

BERLIN = ZoneInfo("Europe/Berlin")
HOUR_MS = 3_600_000
NAMES = ("ann", "ben", "cat", "dan", "eve", "fay")


def wall(text: str) -> int:
    return round(datetime.fromisoformat(text).replace(tzinfo=BERLIN).timestamp() * 1000)


def shift(start: int, end: int, *people: str, skills: tuple[str, ...] = (), days: range = range(7)) -> RotaShift:
    """In hours of the day it begins on; beyond 24 it ends on the next."""
    one = (Shift(start * 60, end * 60),)
    return RotaShift(Hours(BERLIN, tuple(one if day in days else () for day in range(7))), people, skills)


NIGHT = shift(20, 32, "ann", "ben")
WEEKDAYS = Rota((NIGHT, shift(8, 20, "cat", days=range(5))), ("lead",))


def asked(rota: Rota, at: str, *skills: str) -> list[tuple[tuple[str, ...], AskedAs]]:
    return [(level.people, level.asked_as) for level in levels(rota, skills or ("orders",), wall(at))]


@pytest.mark.parametrize(
    ("at", "first"),
    [
        ("2026-11-24T19:59", "cat"),
        ("2026-11-24T20:00", "ann"),
        ("2026-11-24T23:59", "ann"),
        ("2026-11-25T00:00", "ann"),
        ("2026-11-25T07:59", "ann"),
        ("2026-11-25T08:00", "cat"),
        ("2026-11-28T07:59", "ann"),  # the night of Friday ends on Saturday
        ("2026-11-28T08:00", "lead"),  # nobody by day
    ],
)
def test_a_shift_over_midnight_belongs_to_the_day_it_begins_on(at: str, first: str) -> None:
    assert asked(WEEKDAYS, at)[0][0] == (first,)


def test_everybody_of_a_shift_then_the_lead_and_in_a_gap_the_lead_at_once() -> None:
    on_call, after, lead, gap = AskedAs.ON_CALL, AskedAs.NEXT, AskedAs.LEAD, AskedAs.GAP
    assert asked(WEEKDAYS, "2026-11-25T03:00") == [(("ann",), on_call), (("ben",), after), (("lead",), lead)]
    assert asked(WEEKDAYS, "2026-11-28T12:00") == [(("lead",), gap)]
    on_purpose = Rota((shift(0, 24),), ("lead", "other"))
    assert asked(on_purpose, "2026-11-28T12:00") == [(("lead", "other"), lead)]


def test_of_several_skills_those_who_are_first_are_asked_together() -> None:
    rota = Rota(
        (shift(0, 24, "ann", "ben", skills=("orders",)), shift(0, 24, "cat", "ann", skills=("hotel",))), ("eve",)
    )
    found = asked(rota, "2026-11-25T03:00", "orders", "hotel", "refunds")
    assert [people for people, _ in found] == [("ann", "cat"), ("ben",), ("eve",)]


def test_a_shift_that_has_begun_meanwhile_counts() -> None:
    assert (
        following(WEEKDAYS, ("orders",), wall("2026-11-25T07:59"), ["ann"])
        == levels(WEEKDAYS, ("orders",), wall("2026-11-25T07:59"))[1]
    )
    after = following(WEEKDAYS, ("orders",), wall("2026-11-25T08:01"), ["ann"])
    assert after is not None and after.people == ("cat",)


def test_overlapping_shifts_are_asked_in_their_order_and_nobody_twice() -> None:
    rota = Rota((shift(0, 24, "ann", "ben"), shift(2, 4, "cat", "ann", "lead")), ("lead",))
    assert [people for people, _ in asked(rota, "2026-11-25T03:00")] == [("ann",), ("ben",), ("cat",), ("lead",)]


def test_a_lead_of_the_shift_is_asked_in_its_order_and_not_again_as_a_lead() -> None:
    on_call, after, lead, night = AskedAs.ON_CALL, AskedAs.NEXT, AskedAs.LEAD, "2026-11-25T03:00"
    first = Rota((shift(0, 24, "lea", "ann"),), ("lea", "max"))
    assert asked(first, night) == [(("lea",), on_call), (("ann",), after), (("max",), lead)]
    alone = Rota((shift(0, 24, "lea"),), ("lea",))
    assert asked(alone, night) == [(("lea",), on_call)]
    assert following(alone, ("orders",), wall(night), ["lea"]) is None, "a round ends without a lead left to ask"


@pytest.mark.parametrize(
    ("day", "hours"),
    [("2026-11-24", 12), ("2026-10-24", 13), ("2027-03-27", 11)],  # the clock goes back, and forward, at night
)
def test_a_night_has_its_real_length_when_clocks_change(day: str, hours: int) -> None:
    begins = wall(f"{day}T20:00")
    ends = changes_at(Rota((NIGHT,), ("lead",)), "orders", begins)
    assert ends is not None and ends - begins == hours * HOUR_MS


def test_gaps_are_named_to_the_minute_also_where_a_date_has_shifts_of_its_own() -> None:
    night = RotaShift(Hours(BERLIN, NIGHT.hours.week, {date(2026, 12, 25): ()}), ("ann",))
    rota = Rota((night, shift(8, 20, "cat")), ("lead",))
    found = gaps(rota, "orders", wall("2026-12-24T12:00"), wall("2026-12-28T12:00"))
    assert found == [(wall("2026-12-25T20:00"), wall("2026-12-26T08:00"))]
    assert gaps(Rota((), ("lead",)), "orders", 0, HOUR_MS) == [(0, HOUR_MS)]


spans = st.tuples(st.integers(0, 23), st.integers(1, 24)).map(lambda pair: (pair[0], pair[0] + pair[1]))
shifts = st.builds(
    lambda span, people, skills, days: shift(*span, *people, skills=tuple(skills), days=days),
    spans,
    st.lists(st.sampled_from(NAMES), max_size=3, unique=True),
    st.lists(st.sampled_from(("orders", "hotel")), max_size=2, unique=True),
    st.sampled_from([range(7), range(5), range(5, 7), range(2, 3)]),
)
rotas = st.builds(
    lambda found, leads: Rota(tuple(found), tuple(leads)),
    st.lists(shifts, max_size=4),
    st.lists(st.sampled_from(NAMES), min_size=1, max_size=2, unique=True),
)
# Two weeks around each change of the clock.
moments = st.one_of(
    st.integers(wall("2026-10-20T00:00"), wall("2026-11-01T00:00")),
    st.integers(wall("2027-03-24T00:00"), wall("2027-04-04T00:00")),
)


@given(rotas, moments, st.sets(st.sampled_from(("orders", "hotel", "refunds")), max_size=3))
def test_somebody_is_always_asked_the_lead_last_and_nobody_twice(rota: Rota, at: int, skills: set[str]) -> None:
    found = levels(rota, sorted(skills), at)
    named = [name for level in found for name in level.people]
    assert named and all(level.people for level in found)
    assert len(named) == len(set(named))
    assert set(rota.leads) <= set(named)
    assert not {level.asked_as for level in found[:-1]} & {AskedAs.LEAD, AskedAs.GAP}
    assert (found[-1].asked_as is AskedAs.GAP) <= (len(found) == 1)
    told: list[str] = []
    for level in found:  # one after another, as they do not acknowledge
        assert following(rota, sorted(skills), at, told) == level
        told += level.people
    assert following(rota, sorted(skills), at, told) is None


@given(rotas, moments, st.integers(1, 40))
def test_a_moment_is_in_a_gap_exactly_when_no_shift_covers_it(rota: Rota, at: int, hours: int) -> None:
    found = gaps(rota, "orders", at, at + 72 * HOUR_MS)
    probe = at + hours * HOUR_MS
    is_covered = any(one.is_of("orders") and is_open(one.hours, probe) for one in rota.shifts)
    assert any(start <= probe < end for start, end in found) is not is_covered
    assert found == sorted(found) and all(start < end for start, end in found)


@given(rotas, moments)
def test_until_they_change_the_same_people_are_asked(rota: Rota, at: int) -> None:
    until = changes_at(rota, "orders", at)
    now = levels(rota, ("orders",), at)
    if until is not None:
        assert until > at
        assert levels(rota, ("orders",), until - 1) == now
        assert levels(rota, ("orders",), until) != now
