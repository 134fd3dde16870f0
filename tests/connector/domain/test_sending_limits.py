"""Limits of sends by hour and day, in any hour and day."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connector.domain.address import costly_range, country_of, without_doubled_digit
from connector.domain.sending_limits import (
    HOUR_MS,
    SLOT_MS,
    Counted,
    SendingLimits,
    SpanOfSends,
    counted_since,
    reached,
    slot_of,
    slots_since,
)

NOW = 1_790_000_000_000 - 1_790_000_000_000 % HOUR_MS + 20_000


def slots(counts: Mapping[int, int]) -> list[SpanOfSends]:
    """By how many slots ago they began."""
    return [
        SpanOfSends(begins, begins + SLOT_MS, count, count)
        for ago, count in counts.items()
        if (begins := slot_of(NOW) - ago * SLOT_MS)
    ]


def spans_of(sent: Iterable[int], now: int) -> list[SpanOfSends]:
    """What the store answers at this moment about sends of these."""
    grouped: dict[int, list[int]] = {}
    for at in sorted(map(slot_of, sent)):
        if at >= counted_since(now):
            grouped.setdefault(at if at >= slots_since(now) else at - at % HOUR_MS, []).append(at)
    return [SpanOfSends(of[0], of[-1] + SLOT_MS, len(of), 0) for of in grouped.values()]


def test_the_hour_and_the_day() -> None:
    limits = SendingLimits(sends_per_hour=3, sends_per_day=5, new_numbers_per_hour=2)
    assert reached(limits, slots({0: 1, 13: 2}), NOW, is_new=True) is None
    found = reached(limits, slots({0: 2, 13: 2}), NOW, is_new=True)
    assert found is not None and (found.what, found.limit, found.hours) == (Counted.NEW_NUMBERS, 2, 1)
    assert reached(limits, slots({0: 2, 13: 2}), NOW, is_new=False) is None
    found = reached(limits, slots({0: 2, 280: 3}), NOW, is_new=False)
    assert found is not None and (found.what, found.hours) == (Counted.SENDS, 24)
    assert found.free_at == slot_of(NOW) - 279 * SLOT_MS + 24 * HOUR_MS
    assert reached(limits, slots({0: 2, 289: 3}), NOW, is_new=False) is None
    assert reached(SendingLimits(), slots({0: 10**6}), NOW, is_new=True) is None


def test_no_second_hourful_goes_out_around_a_full_hour() -> None:
    limits = SendingLimits(sends_per_hour=3)
    sent = [NOW - 30_000] * 3  # of the clock's hour before
    found = reached(limits, spans_of(sent, NOW), NOW, is_new=False)
    assert found is not None and found.free_at == slot_of(NOW) + HOUR_MS


@pytest.mark.parametrize(("ahead", "is_reached"), [(5, True), (11, True), (13, False), (100_000, False)])
def test_what_was_counted_while_the_clock_was_ahead(ahead: int, is_reached: bool) -> None:
    """It counts as sent by now; of a clock that was far off it does not, or it would shut the agent out until then."""
    found = reached(SendingLimits(sends_per_hour=3), slots({-ahead: 3}), NOW, is_new=False)
    assert (found is not None) is is_reached
    if found is not None:
        assert found.free_at == slot_of(NOW) + SLOT_MS + HOUR_MS


@given(st.lists(st.integers(0, 2 * HOUR_MS), max_size=60), st.integers(1, 6), st.integers(1, 12))
def test_no_hour_and_no_day_has_more_than_its_limit(pauses: list[int], hour: int, day: int) -> None:
    limits = SendingLimits(sends_per_hour=hour, sends_per_day=day)
    sent: list[int] = []
    now = NOW
    for pause in pauses:
        now += pause
        found = reached(limits, spans_of(sent, now), now, is_new=False)
        within = {hours: sum(at > now - hours * HOUR_MS for at in sent) for hours in (1, 24)}
        if found is None:
            assert within[1] < hour and within[24] < day
            sent.append(now)
            continue
        # Not much longer than it has to be: by a slot, and an hour for a day.
        length, longer = found.hours * HOUR_MS, SLOT_MS if found.hours == 1 else HOUR_MS
        assert sum(at > now - length - longer for at in sent) >= found.limit
        assert now < found.free_at
        again = reached(limits, spans_of(sent, found.free_at), found.free_at, is_new=False)
        assert again is None or again.hours > found.hours  # free for the hour, and perhaps not for the day
        just_before = found.free_at - 1
        assert reached(limits, spans_of(sent, just_before), just_before, is_new=False) is not None


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
