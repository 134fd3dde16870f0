"""Health of accounts and lines, by their traffic."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from connector.domain.health import (
    AccountObservations,
    BillingDrift,
    HealthStatus,
    ReplyCounts,
    account_health,
    line_health,
)

FINE = AccountObservations(
    signs_in=True,
    sign_in_words="signed in",
    refused_hooks=0,
    unread_hooks=0,
    failed_code=None,
    failed_words=None,
    oldest_queued_at=None,
)


def replies(taken: int, failed: int, count: int | None = None) -> ReplyCounts:
    """`count` of the failures, else all, have the same reason."""
    count = failed if count is None else count
    return ReplyCounts(taken, failed, "30034", "Our number is not registered.", count) if failed else ReplyCounts(taken)


@pytest.mark.parametrize(
    ("signs", "state", "word"),
    [
        (FINE, "ok", "signed in"),
        (replace(FINE, signs_in=None), "unknown", "signing in"),
        (replace(FINE, signs_in=False, sign_in_words="wrong token"), "down", "wrong token"),
        (replace(FINE, failed_code="30007", failed_words="filtered"), "warning", "filtered (30007)"),
        (
            replace(FINE, failed_code="20003", failed_words="Twilio refused the sign-in.", held=4),
            "down",
            "replies are held: Twilio refused the sign-in (20003); 4 waiting",
        ),
        (replace(FINE, refused_hooks=3), "warning", "3 calls"),
        (replace(FINE, unread_hooks=1), "warning", "could not be used"),
        (replace(FINE, oldest_queued_at=1_000), "warning", "has waited 99 s"),
        (replace(FINE, oldest_queued_at=99_000), "ok", "signed in"),
        (
            replace(FINE, oldest_queued_at=89_000, unreached_since=90_000, failed_words="The gateway is not there."),
            "down",
            "no reply leaves: The gateway is not there",
        ),
        (replace(FINE, oldest_queued_at=89_000, unreached_since=90_001, failed_words="No."), "warning", "last send"),
        (replace(FINE, unreached_since=1_000, failed_words="No."), "warning", "the last send was not taken: No"),
        (replace(FINE, signs_in=False, sign_in_words="gone", refused_hooks=9), "down", "gone"),
        (
            replace(FINE, replies=replies(90, 0), drift=BillingDrift(14, 2, 3)),
            "warning",
            "billed 3 segments where 2 were predicted, 14 of the last hour's 90 replies",
        ),
        (
            replace(FINE, replies=replies(4, 0), drift=BillingDrift(3, 1, 2, is_mixed=True)),
            "warning",
            "billed 2 segments where 1 was predicted most often, 3 of the last hour's 4 replies",
        ),
        (replace(FINE, replies=replies(90, 0), drift=BillingDrift(4, 2, 3)), "ok", "signed in"),
        (replace(FINE, replies=replies(2, 0), drift=BillingDrift(2, 2, 3)), "ok", "signed in"),
        (replace(FINE, replies=replies(10, 5)), "warning", "5 of the last hour's 15 replies failed"),
        (replace(FINE, signs_in=None, replies=replies(0, 5)), "down", "Our number is not registered (30034)"),
    ],
)
def test_account_health(signs: AccountObservations, state: str, word: str) -> None:
    shown = account_health(signs, now=100_000)
    assert shown.state == state
    assert word in shown.words


@pytest.mark.parametrize(
    ("signs", "words"),
    [
        (FINE, []),
        (
            replace(FINE, unread_hooks=1, refused_hooks=61, failed_code="21610", failed_words="opted out"),
            ["the last send was not taken: opted out (21610)", "61 calls without", "1 call could not be used"],
        ),
        (
            replace(FINE, signs_in=False, sign_in_words="wrong token", oldest_queued_at=0, replies=replies(1, 1)),
            ["wrong token", "1 of the last hour's 2", "the oldest reply"],
        ),
        (
            replace(FINE, oldest_queued_at=0, refused_hooks=1, replies=replies(0, 9)),
            ["9 of the last hour's 9", "the oldest reply", "1 call without"],
        ),
        (  # one reason is given once
            replace(
                FINE, failed_code="30034", failed_words="Our number is not registered.", replies=replies(0, 6, count=4)
            ),
            ["6 of the last hour's 6 replies failed: 4 of them: Our number is not registered (30034)"],
        ),
    ],
)
def test_all_reasons_are_given_the_worst_first(signs: AccountObservations, words: list[str]) -> None:
    shown = account_health(signs, now=100_000)
    assert len(shown.reasons) == len(words)
    assert all(reason.startswith(start) for reason, start in zip(shown.reasons, words, strict=True))
    assert shown.words == (shown.reasons[0] if words else "signed in")


WAITS = "the oldest reply has waited 99 s to be sent"


@pytest.mark.parametrize(
    ("counts", "inbound", "oldest_at", "expected"),
    [
        (replies(0, 0), 0, None, ("unknown", 0)),
        (replies(0, 0), 1, None, ("ok", 0)),
        (replies(1, 0), 0, None, ("ok", 0)),
        (replies(0, 1), 0, None, ("warning", 1)),
        (replies(0, 4), 0, None, ("warning", 1)),  # too few to be sure
        (replies(0, 5), 0, None, ("down", 1)),
        (replies(1, 9), 0, None, ("down", 1)),
        (replies(2, 9), 0, None, ("warning", 1)),
        (replies(18, 2), 9, None, ("warning", 1)),
        (replies(19, 2), 9, None, ("ok", 0)),  # some phones are off on any day
        (replies(0, 0), 0, 1_000, ("warning", 1)),
        (replies(0, 5), 0, 1_000, ("down", 2)),
        (replies(9, 9), 0, 40_000, ("warning", 1)),  # 60 s are not too long
    ],
)
def test_line_health(counts: ReplyCounts, inbound: int, oldest_at: int | None, expected: tuple[str, int]) -> None:
    shown = line_health(counts, inbound, oldest_at, now=100_000)
    assert (shown.state, len(shown.reasons)) == expected
    if shown.reasons:
        assert shown.words == shown.reasons[0]


def test_the_reason_of_a_line_has_its_figures_and_its_code() -> None:
    assert line_health(replies(1, 4, count=3), 0, None, 0).words == (
        "4 of the last hour's 5 replies failed: 3 of them: Our number is not registered (30034)"
    )
    assert line_health(replies(0, 1), 0, None, 0).words == (
        "the only reply of the last hour failed: Our number is not registered (30034)"
    )
    assert line_health(ReplyCounts(0, 2, None, None, 2), 0, None, 0).words.endswith("failed: no reason was given")
    assert line_health(replies(1, 0), 0, 1_000, 100_000) == HealthStatus("warning", WAITS, (WAITS,))


def test_a_code_that_the_words_name_is_not_named_twice() -> None:
    signs = replace(FINE, failed_code="30003", failed_words="The phone is off (code 30003).")
    assert account_health(signs, 0).words == "the last send was not taken: The phone is off (code 30003)"
