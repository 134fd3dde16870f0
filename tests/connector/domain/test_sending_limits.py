"""Limits of sends by hour and day, against what a simple count of all sends says."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connector.domain.address import costly_range, country_of, without_doubled_digit
from connector.domain.sending_limits import HOUR_MS, Counted, HourOfSends, SendingLimits, counted_since, reached

NOW = 1_790_000_000_000 - 1_790_000_000_000 % HOUR_MS + 600_000


def hours(**counts: int) -> list[HourOfSends]:
    """By how many hours ago they began: `h0`, `h1` …"""
    begun = NOW - NOW % HOUR_MS
    return [HourOfSends(begun - int(name[1:]) * HOUR_MS, count, count) for name, count in counts.items()]


def test_the_hour_and_the_day() -> None:
    limits = SendingLimits(sends_per_hour=3, sends_per_day=5, new_numbers_per_hour=2)
    assert reached(limits, hours(h0=1, h1=2), NOW, is_new=True) is None
    found = reached(limits, hours(h0=2, h1=2), NOW, is_new=True)
    assert found is not None and (found.what, found.limit, found.hours) == (Counted.NEW_NUMBERS, 2, 1)
    assert reached(limits, hours(h0=2, h1=2), NOW, is_new=False) is None
    found = reached(limits, hours(h0=2, h23=3), NOW, is_new=False)
    assert found is not None and (found.what, found.hours) == (Counted.SENDS, 24)
    assert found.free_at == NOW - NOW % HOUR_MS + HOUR_MS
    assert reached(limits, hours(h0=2, h24=3), NOW, is_new=False) is None
    assert reached(SendingLimits(), hours(h0=10**6), NOW, is_new=True) is None


def test_hours_to_come_count_as_the_one_that_runs() -> None:
    found = reached(SendingLimits(sends_per_hour=3), hours(**{"h-5": 3}), NOW, is_new=False)
    assert found is not None and found.free_at == NOW - NOW % HOUR_MS + HOUR_MS


@given(
    st.lists(st.integers(0, 30 * HOUR_MS), max_size=40),
    st.integers(1, 6),
    st.integers(1, 12),
)
def test_a_send_is_refused_exactly_while_the_limit_is_reached(ago: list[int], hour: int, day: int) -> None:
    limits = SendingLimits(sends_per_hour=hour, sends_per_day=day)
    begun = Counter((NOW - each) // HOUR_MS * HOUR_MS for each in ago)
    stored = [HourOfSends(at, count, 0) for at, count in begun.items()]

    def is_refused(at: int) -> bool:
        within_hour = sum(count for begins, count in begun.items() if begins >= at // HOUR_MS * HOUR_MS)
        within_day = sum(count for begins, count in begun.items() if begins >= counted_since(at))
        return within_hour >= hour or within_day >= day

    found = reached(limits, stored, NOW, is_new=False)
    assert (found is not None) == is_refused(NOW)
    if found is not None:
        assert found.free_at > NOW
        again = reached(limits, stored, found.free_at, is_new=False)
        assert again is None or again.hours > found.hours  # free for the hour, and perhaps not for the day
        assert reached(limits, stored, found.free_at - 1, is_new=False) is not None


@pytest.mark.parametrize(
    ("number", "country"),
    [
        ("+14155550133", "US"),
        ("+14165550133", "CA"),
        ("+18765550123", "JM"),
        ("+15550123", "US"),  # of no country that is known to use it
        ("+447400123456", "GB"),
        ("+447797712345", "JE"),
        ("whatsapp:+447400123456", "GB"),
        ("+881612345678", "+881"),
        ("55501", ""),
        ("AMAZON", ""),
    ],
)
def test_the_country_of_a_number(number: str, country: str) -> None:
    assert country_of(number) == country


@pytest.mark.parametrize(
    "number",
    ["+19005550123", "+33899123456", "+447012345678", "+881612345678", "+870773123456", "+979123456789", "+808123456"],
)
def test_numbers_that_cost_more(number: str) -> None:
    assert costly_range(number)


@pytest.mark.parametrize("number", ["+14155550133", "+447400123456", "+15550123", "+18005550123", "55501", "AMAZON"])
def test_numbers_that_do_not(number: str) -> None:
    assert costly_range(number) == ""


@pytest.mark.parametrize(
    ("number", "meant"),
    [
        ("+144155550133", "+14155550133"),
        ("+141555501333", "+14155550133"),
        ("+4477400123456", "+447400123456"),
        ("+49151123345678", "+4915112345678"),
    ],
)
def test_a_key_pressed_twice(number: str, meant: str) -> None:
    assert meant in without_doubled_digit(number)


@pytest.mark.parametrize("number", ["+14155550133", "+447400123456", "+15550123", "55501", "AMAZON", "+1"])
def test_no_key_pressed_twice(number: str) -> None:
    assert without_doubled_digit(number) == ()
