from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from connector.base.moments import parse_future

BERLIN = ZoneInfo("Europe/Berlin")


def at(text: str) -> int:
    return round(datetime.fromisoformat(text).replace(tzinfo=BERLIN).timestamp() * 1000)


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
        ("fri 14:00", "2026-11-27 14:00"),
        ("friday 14:00", "2026-11-27 14:00"),
        ("thu 17:00", "2026-11-26 17:00"),
        ("thu 9:00", "2026-12-03 09:00"),
        ("mon 0:00", "2026-11-30 00:00"),
    ],
)
def test_moments_are_read_as_people_write_them(text: str, found: str) -> None:
    assert parse_future(text, NOW, BERLIN) == at(found)


@pytest.mark.parametrize(
    "text", ["", "soon", "0m", "9", "24:00", "12:60", "today 9:00", "yesterday 9:00", "-1h", "2h 3m"]
)
def test_what_is_no_future_moment_is_none(text: str) -> None:
    assert parse_future(text, NOW, BERLIN) is None


def test_the_clock_is_the_one_on_the_wall_across_its_change() -> None:
    before = at("2026-10-24 20:00")  # the night in which clocks go back
    assert parse_future("tomorrow 9:00", before, BERLIN) == at("2026-10-25 09:00")
