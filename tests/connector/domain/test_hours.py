"""Working hours: moments on a wall clock that is moved twice a year."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connector.domain.hours import Hours, Shift, after_working_time, is_open, opens_at

BERLIN = ZoneInfo("Europe/Berlin")
LORD_HOWE = ZoneInfo("Australia/Lord_Howe")  # summer time is half an hour
HAVANA = ZoneInfo("America/Havana")  # the clock goes back from 01:00 to 00:00, and forward from 00:00 to 01:00
APIA = ZoneInfo("Pacific/Apia")  # 2011-12-30 did not take place
HOUR, MINUTE = 3600, 60


def utc(text: str) -> int:
    return round(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp() * 1000)


def wall(text: str, zone: ZoneInfo = BERLIN, fold: int = 0) -> int:
    return round(datetime.fromisoformat(text).replace(tzinfo=zone, fold=fold).timestamp() * 1000)


def shifts(*texts: str) -> tuple[Shift, ...]:
    def minutes(text: str) -> int:
        return int(text[:2]) * 60 + int(text[3:])

    return tuple(Shift(*map(minutes, text.split("-"))) for text in texts)


def daily(*texts: str, zone: ZoneInfo = BERLIN, special: dict[date, tuple[Shift, ...]] | None = None) -> Hours:
    return Hours(zone, (shifts(*texts),) * 7, special or {})


OFFICE = daily("09:00-12:30", "13:30-18:00")
NIGHT_CLOSED = daily("08:00-20:00")
ALL_DAY = daily("00:00-24:00")


@pytest.mark.parametrize(
    ("hours", "at", "expected"),
    [
        (OFFICE, wall("2026-11-26T08:59:59"), False),
        (OFFICE, wall("2026-11-26T09:00"), True),
        (OFFICE, wall("2026-11-26T12:30"), False),
        (OFFICE, wall("2026-11-26T13:30"), True),
        (OFFICE, wall("2026-11-26T18:00") - 1, True),
        (OFFICE, wall("2026-11-26T18:00"), False),
        (ALL_DAY, wall("2026-11-26T00:00"), True),
        (ALL_DAY, wall("2026-11-26T23:59:59"), True),
        (daily("20:00-24:00"), wall("2026-11-26T23:59:59"), True),
        (daily("20:00-24:00"), wall("2026-11-27T00:00"), False),
        (daily(), wall("2026-11-26T12:00"), False),
        (None, 0, True),
    ],
)
def test_open(hours: Hours | None, at: int, expected: bool) -> None:
    assert is_open(hours, at) is expected


CHRISTMAS = {date(2026, 12, 25): (), date(2026, 12, 26): shifts("10:00-11:00")}
WEEKDAYS = Hours(BERLIN, (shifts("09:00-17:00"),) * 5 + ((), ()), CHRISTMAS)


@pytest.mark.parametrize(
    ("hours", "at", "seconds", "expected"),
    [
        # Closed from 8 pm to 8 am, an answer within 15 minutes: at midnight that is in 8 h 15.
        (NIGHT_CLOSED, wall("2026-11-26T00:00"), 15 * MINUTE, wall("2026-11-26T00:00") + (8 * 60 + 15) * 60_000),
        (NIGHT_CLOSED, wall("2026-11-26T19:50"), 15 * MINUTE, wall("2026-11-27T08:05")),
        (NIGHT_CLOSED, wall("2026-11-26T19:45"), 15 * MINUTE, wall("2026-11-26T20:00")),
        (OFFICE, wall("2026-11-26T12:20"), 15 * MINUTE, wall("2026-11-26T13:35")),
        (OFFICE, wall("2026-11-26T09:00"), 8 * HOUR, wall("2026-11-26T18:00")),
        (OFFICE, wall("2026-11-26T09:00"), 20 * HOUR, wall("2026-11-28T13:30") + 30 * 60_000),
        (ALL_DAY, wall("2026-11-26T23:50"), 20 * MINUTE, wall("2026-11-27T00:10")),
        (daily("22:00-24:00", zone=BERLIN), wall("2026-11-26T23:50"), 20 * MINUTE, wall("2026-11-27T22:10")),
        # From Thursday over a holiday, one with hours of its own, and a Sunday.
        (WEEKDAYS, wall("2026-12-24T16:30"), HOUR, wall("2026-12-26T10:30")),
        (WEEKDAYS, wall("2026-12-24T16:30"), 2 * HOUR, wall("2026-12-28T09:30")),
        (None, 5, 1, 1005),
        (daily(), wall("2026-11-26T12:00"), 1, None),
        (Hours(BERLIN, ((),) * 7, {date(2026, 11, 30): shifts("10:00-10:10")}), wall("2026-11-26T12:00"), 601, None),
    ],
)
def test_after_working(hours: Hours | None, at: int, seconds: int, expected: int | None) -> None:
    assert after_working_time(hours, at, seconds) == expected


@pytest.mark.parametrize(
    ("hours", "at", "opens"),
    [
        (OFFICE, wall("2026-11-26T10:00"), wall("2026-11-26T10:00")),
        (OFFICE, wall("2026-11-26T12:30"), wall("2026-11-26T13:30")),
        (OFFICE, wall("2026-11-26T18:00"), wall("2026-11-27T09:00")),
        (WEEKDAYS, wall("2026-12-26T11:00"), wall("2026-12-28T09:00")),
        (daily(), 0, None),
        (None, 7, 7),
    ],
)
def test_opens(hours: Hours | None, at: int, opens: int | None) -> None:
    assert opens_at(hours, at) == opens


# A day's shifts, and what of it is worked in universal time when the clocks change.
CHANGES = {
    "a night shift is an hour longer": (
        daily("00:00-08:00"),
        date(2026, 10, 25),
        [("2026-10-24T22:00", "2026-10-25T07:00")],
    ),
    "from the first 2:30": (daily("02:30-04:00"), date(2026, 10, 25), [("2026-10-25T00:30", "2026-10-25T03:00")]),
    "up to the second 2:30": (daily("01:00-02:30"), date(2026, 10, 25), [("2026-10-24T23:00", "2026-10-25T01:30")]),
    "up to the first 2:00, which no shift before it covers": (
        daily("00:00-02:00"),
        date(2026, 10, 25),
        [("2026-10-24T22:00", "2026-10-25T00:00")],
    ),
    "two shifts that share the doubled hour work it once": (
        daily("02:00-02:30", "02:30-03:00"),
        date(2026, 10, 25),
        [("2026-10-25T00:00", "2026-10-25T02:00")],
    ),
    "the night in which an hour is missing": (
        daily("00:00-08:00"),
        date(2026, 3, 29),
        [("2026-03-28T23:00", "2026-03-29T06:00")],
    ),
    "up to a 2:30 that does not occur": (
        daily("01:00-02:30"),
        date(2026, 3, 29),
        [("2026-03-29T00:00", "2026-03-29T01:00")],
    ),
    "from a 2:30 that does not occur": (
        daily("02:30-04:00"),
        date(2026, 3, 29),
        [("2026-03-29T01:00", "2026-03-29T02:00")],
    ),
    "all of it in the missing hour": (daily("02:10-02:50"), date(2026, 3, 29), []),
    "half an hour twice": (
        daily("01:00-03:00", zone=LORD_HOWE),
        date(2026, 4, 5),
        [("2026-04-04T14:00", "2026-04-04T16:30")],
    ),
    "half an hour missing": (
        daily("01:00-02:15", zone=LORD_HOWE),
        date(2026, 10, 4),
        [("2026-10-03T14:30", "2026-10-03T15:30")],
    ),
    "up to a midnight that occurs twice": (
        daily("20:00-24:00", zone=HAVANA),
        date(2026, 10, 31),
        [("2026-11-01T00:00", "2026-11-01T04:00")],
    ),
    "up to a midnight that does not occur": (
        daily("20:00-24:00", zone=HAVANA),
        date(2026, 3, 7),
        [("2026-03-08T01:00", "2026-03-08T05:00")],
    ),
    "a day that did not take place": (daily("09:00-17:00", zone=APIA), date(2011, 12, 30), []),
}


@pytest.mark.parametrize("case", CHANGES.values(), ids=CHANGES.keys())
def test_when_the_clocks_change(case: tuple[Hours, date, list[tuple[str, str]]]) -> None:
    """Minute by minute, with working hours on that day alone."""
    hours, day, expected = case
    alone = Hours(hours.zone, ((),) * 7, {day: hours.week[0]})
    noon = datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
    minutes = [round((noon + timedelta(minutes=one)).timestamp() * 1000) for one in range(-36 * 60, 36 * 60)]
    worked = {minute for minute in minutes if is_open(alone, minute)}
    spans = [(utc(start), utc(end)) for start, end in expected]
    assert worked == {minute for minute in minutes if any(start <= minute < end for start, end in spans)}
    for start, end in spans:
        assert after_working_time(alone, start - HOUR * 1000, (end - start) // 1000) == end
        assert after_working_time(alone, start - HOUR * 1000, (end - start) // 1000 + 1) is None
        assert opens_at(alone, start - 1) == start
        assert opens_at(alone, end) is None


def test_both_half_past_twos() -> None:
    first, second = wall("2026-10-25T02:30", fold=0), wall("2026-10-25T02:30", fold=1)
    assert second - first == HOUR * 1000
    hours = daily("02:00-03:00")
    assert after_working_time(hours, first, HOUR) == second
    assert is_open(hours, first) and is_open(hours, second)


minutes_of_day = st.integers(0, 288).map(lambda fives: fives * 5)


@st.composite
def days(draw: st.DrawFn) -> tuple[Shift, ...]:
    edges = sorted(draw(st.lists(minutes_of_day, max_size=6, unique=True)))
    return tuple(Shift(start, end) for start, end in zip(edges[::2], edges[1::2], strict=False))


@st.composite
def moments(draw: st.DrawFn) -> int:
    around = draw(st.sampled_from(["2026-03-28T12:00", "2026-10-24T12:00", "2026-04-04T12:00", "2026-10-03T12:00"]))
    return utc(around) + draw(st.integers(-12 * 60, 60 * 60)) * 60_000 + draw(st.sampled_from([0, 1, 59_999]))


ZONES = st.sampled_from([BERLIN, LORD_HOWE, HAVANA, ZoneInfo("UTC"), ZoneInfo("America/New_York")])
HOURS = st.builds(Hours, ZONES, st.lists(days(), min_size=7, max_size=7).map(tuple))


@given(HOURS, moments(), st.integers(1, 20 * HOUR), st.integers(1, 4 * HOUR))
def test_more_work_ends_later_and_never_in_closed_time(hours: Hours, at: int, seconds: int, more: int) -> None:
    end, later = after_working_time(hours, at, seconds), after_working_time(hours, at, seconds + more)
    if end is None:
        assert later is None
        return
    assert end >= at + seconds * 1000
    assert is_open(hours, end - 1)
    assert later is None or later >= end + more * 1000


@given(HOURS, moments(), st.integers(1, 4 * HOUR), st.integers(1, 24 * HOUR))
def test_a_later_text_is_not_due_earlier(hours: Hours, at: int, seconds: int, later: int) -> None:
    first, second = after_working_time(hours, at, seconds), after_working_time(hours, at + later * 1000, seconds)
    assert first is None or second is None or first <= second


@given(HOURS, moments())
def test_it_opens_at_the_first_open_moment(hours: Hours, at: int) -> None:
    opens = opens_at(hours, at)
    assert is_open(hours, at) is (opens == at)
    if opens is not None and opens > at:
        assert is_open(hours, opens) and not is_open(hours, opens - 1)
