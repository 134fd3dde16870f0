from __future__ import annotations

from datetime import UTC, datetime, tzinfo
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connector.domain.days import DAY_MS, HOUR_MS, date_of, day_began_at, days, hour_began_at, hour_of, next_day

BERLIN, KOLKATA, NEPAL = ZoneInfo("Europe/Berlin"), ZoneInfo("Asia/Kolkata"), ZoneInfo("Asia/Kathmandu")
CAIRO = ZoneInfo("Africa/Cairo")  # whose clocks change at midnight


def at(text: str, zone: tzinfo = UTC) -> int:
    return round(datetime.fromisoformat(text).replace(tzinfo=zone).timestamp() * 1000)


@pytest.mark.parametrize(
    ("day", "hours"), [("2026-03-29", 23), ("2026-10-25", 25), ("2026-06-01", 24)], ids=["spring", "autumn", "usual"]
)
def test_a_day_is_as_long_as_its_clock_says(day: str, hours: int) -> None:
    noon = at(f"{day}T12:00", BERLIN)
    began = day_began_at(noon, BERLIN)
    assert began == at(f"{day}T00:00", BERLIN)
    assert next_day(began, BERLIN) - began == hours * HOUR_MS


@pytest.mark.parametrize("zone", [KOLKATA, NEPAL])
def test_an_hour_begins_when_the_clock_shows_a_full_one(zone: tzinfo) -> None:
    assert hour_began_at(at("2026-06-01T10:59:59", zone), zone) == at("2026-06-01T10:00", zone)
    assert hour_of(at("2026-06-01T10:59:59", zone), zone) == 10


def test_a_day_that_skips_midnight_begins_after_it() -> None:
    skipped = at("2026-04-24T12:00", CAIRO)
    began = day_began_at(skipped, CAIRO)
    assert began <= skipped and date_of(began, CAIRO).isoformat() == "2026-04-24"
    assert date_of(began - 1, CAIRO).isoformat() == "2026-04-23"


@given(st.integers(0, 2_000_000_000_000), st.sampled_from([BERLIN, KOLKATA, NEPAL, CAIRO, UTC, None]))
def test_each_moment_is_in_one_hour_of_one_day(moment: int, zone: tzinfo | None) -> None:
    hour, day = hour_began_at(moment, zone), day_began_at(moment, zone)
    assert hour <= moment < hour + HOUR_MS and day <= moment
    assert day <= hour or hour + HOUR_MS > day
    assert moment < next_day(day, zone) <= day + DAY_MS + 3 * HOUR_MS
    assert days(moment, moment + DAY_MS, zone)[0] == day
    quarter = moment - moment % (HOUR_MS // 4)  # what is counted together
    if moment > 500_000_000_000:  # zones have gone by quarters of an hour since
        assert (hour_began_at(quarter, zone), day_began_at(quarter, zone)) == (hour, day)
