from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from connector.base.moments import parse_future, parse_past

BERLIN = ZoneInfo("Europe/Berlin")


def at(text: str, *, fold: int = 0) -> int:
    """`fold`: 1 for the second occurrence of an hour that occurs twice."""
    return round(datetime.fromisoformat(text).replace(tzinfo=BERLIN, fold=fold).timestamp() * 1000)


NOW = at("2026-11-26 16:00")  # a Thursday


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("30m", "2026-11-26 16:30"),
        ("2h", "2026-11-26 18:00"),
        ("in 2 h", "2026-11-26 18:00"),
        ("1d", "2026-11-27 16:00"),
        ("17:30", "2026-11-26 17:30"),
        ("15:59", "2026-11-27 15:59"),
        ("16:00", "2026-11-27 16:00"),
        ("today 18", "2026-11-26 18:00"),
        ("  Tomorrow   9:00 ", "2026-11-27 09:00"),
        ("tomorrow 9", "2026-11-27 09:00"),
        ("tomorrow at nine", "2026-11-27 09:00"),
        ("At Nine tomorrow", "2026-11-27 09:00"),
        ("8 tomorrow", "2026-11-27 08:00"),
        ("8:15 tomorrow", "2026-11-27 08:15"),
        ("fri 14:00", "2026-11-27 14:00"),
        ("friday 14:00", "2026-11-27 14:00"),
        ("thu 17:00", "2026-11-26 17:00"),
        ("thu 9:00", "2026-12-03 09:00"),
        ("mon 0:00", "2026-11-30 00:00"),
        ("Monday 9", "2026-11-30 09:00"),
        ("tues 9", "2026-12-01 09:00"),
        ("thurs 17:00", "2026-11-26 17:00"),
        ("2026-11-26T16:01", "2026-11-26 16:01"),
    ],
)
def test_moments_are_read_as_people_write_them(text: str, found: str) -> None:
    assert parse_future(text, NOW, BERLIN) == at(found)


@pytest.mark.parametrize(
    "text",
    [
        *("", "soon", "0m", "9", "24:00", "12:60", "today 9:00", "yesterday 9:00", "-1h", "2h 3m"),
        # A word that only begins like a day.
        *("month 9", "sunset 9", "money 9:00", "friends 14:00", "todays 18", "tomorrows 9:00", "wedding 9", "mo 9"),
        *("2026-11-26T15:59", "2026-11-25"),
    ],
)
def test_what_is_no_future_moment_is_none(text: str) -> None:
    assert parse_future(text, NOW, BERLIN) is None


def test_the_clock_is_the_one_on_the_wall_across_its_change() -> None:
    before = at("2026-10-24 20:00")  # the night in which clocks go back
    assert parse_future("tomorrow 9:00", before, BERLIN) == at("2026-10-25 09:00")


@pytest.mark.parametrize("text", ["2:50", "today 2:50", "sun 2:50", "2026-10-25T02:50"])
def test_in_an_hour_that_occurs_twice_the_next_occurrence_is_meant(text: str) -> None:
    first, second = at("2026-10-25 02:40"), at("2026-10-25 02:40", fold=1)
    assert parse_future(text, first, BERLIN) == at("2026-10-25 02:50")
    assert parse_future(text, second, BERLIN) == at("2026-10-25 02:50", fold=1)


def test_between_two_occurrences_the_second_is_meant() -> None:
    assert parse_future("2:50", at("2026-10-25 02:55"), BERLIN) == at("2026-10-25 02:50", fold=1)
    assert parse_future("2:50", at("2026-10-25 02:55", fold=1), BERLIN) == at("2026-10-26 02:50")


def test_a_time_that_the_clock_skips_is_as_long_after_midnight() -> None:
    assert parse_future("2:30", at("2026-03-29 01:00"), BERLIN) == at("2026-03-29 03:30")


def test_of_two_past_occurrences_the_first_is_meant() -> None:
    now = at("2026-10-25 12:00")
    assert parse_past("2026-10-25T02:50", now, BERLIN) == at("2026-10-25 02:50")
    assert parse_past("90m", now, BERLIN) == now - 90 * 60_000
    assert parse_past("month 9", now, BERLIN) is None
    assert parse_past("yesterday", now, BERLIN) == at("2026-10-24 00:00")
    assert parse_past("Today", now, BERLIN) == at("2026-10-25 00:00")
