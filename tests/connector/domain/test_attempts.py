"""Retries, look-ups and giving up."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connector.domain.attempts import (
    GiveUp,
    RetryAt,
    after_proof_unsent,
    after_unsent_attempt,
    first_look_up_at,
    is_left_to_agent,
    is_missing,
    next_look_up_at,
    retry_words,
)

HOUR = 3_600_000


def test_pauses_between_retries_grow() -> None:
    pauses = []
    for tries in range(1, 7):
        step = after_unsent_attempt(tries, 0, 0, None, False)
        assert isinstance(step, RetryAt)
        pauses.append(step.at)
    assert pauses == sorted(pauses)
    assert pauses[0] <= 5_000


def test_the_pause_a_provider_asks_for_is_respected() -> None:
    assert after_unsent_attempt(1, 0, 0, 45.0, False) == RetryAt(45_000)


@pytest.mark.parametrize(
    ("wait_ms", "within"),
    [(0, "1 s"), (1, "1 s"), (2_000, "2 s"), (90_000, "90 s"), (90_001, "2 min"), (600_000, "10 min")],
)
def test_words_between_two_attempts_give_a_limit(wait_ms: int, within: str) -> None:
    words = retry_words("The line was busy.", 5_000 + wait_ms, 5_000)
    assert words == f"The line was busy; it is tried again by itself within {within}. There is nothing to do."


def test_no_retry_after_the_consumer_wrote_again() -> None:
    step = after_unsent_attempt(1, 0, 0, None, True)
    assert isinstance(step, GiveUp)
    assert "written again" in step.words


def test_a_reply_is_not_sent_hours_late() -> None:
    assert isinstance(after_unsent_attempt(2, 0, 2 * HOUR, None, False), GiveUp)
    assert isinstance(after_unsent_attempt(1, 0, 0, 3.0 * 3600, False), GiveUp)


@given(st.integers(0, 10**12), st.one_of(st.none(), st.floats(0, 1e6)))
def test_retries_end(written_at: int, asked_s: float | None) -> None:
    now, tries = written_at, 1
    while isinstance(step := after_unsent_attempt(tries, written_at, now, asked_s, False), RetryAt):
        assert step.at > now
        now, tries = step.at, tries + 1
        assert tries < 20


def test_a_missing_message_counts_as_not_sent_only_after_a_while() -> None:
    assert not is_missing(3, 0, 59_999)
    assert is_missing(3, 0, 60_000)
    assert not is_missing(2, 0, HOUR)  # the clock was set forward, perhaps
    assert is_missing(3, HOUR, 0)  # the clock was set back


@given(st.integers(0, 10), st.integers(0, 3 * HOUR), st.booleans())
def test_what_was_proven_unsent_is_sent_again_a_few_times_while_it_still_makes_sense(
    requeues: int, later: int, is_overtaken: bool
) -> None:
    step = after_proof_unsent(requeues, 0, later, is_overtaken=is_overtaken)
    assert isinstance(step, RetryAt) == (requeues < 2 and later <= 2 * HOUR and not is_overtaken)
    assert isinstance(step, RetryAt) or step.words.startswith("not sent")


def test_look_ups_become_rare_and_end_after_the_time_a_receipt_may_take() -> None:
    now, tries, left_after = first_look_up_at(0, can_look_up=True), 1, None
    while (at := next_look_up_at(tries, 0, now)) is not None:
        left_after = left_after or (tries if is_left_to_agent(tries, 0, now) else None)
        assert now < at <= now + HOUR
        now, tries = at, tries + 1
        assert tries < 100
    assert left_after == 5
    assert 48 * HOUR <= now <= 49 * HOUR


@pytest.mark.parametrize("tries", range(5))
def test_a_clock_that_jumps_ends_no_look_ups(tries: int) -> None:
    assert next_look_up_at(tries, 0, 1000 * HOUR) is not None


def test_where_only_a_receipt_can_say_more_it_has_two_minutes() -> None:
    assert first_look_up_at(0, can_look_up=False) == 120_000
