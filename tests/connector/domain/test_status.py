"""Delivery status only moves forward, whatever the order of receipts."""

from __future__ import annotations

from functools import reduce

from hypothesis import given
from hypothesis import strategies as st

from connector.domain.delivery import Receipt, summary
from connector.domain.status import FINAL, Status, earliest, furthest

REPORTED = [Status.ACCEPTED, Status.SENT, Status.DELIVERED, Status.UNDELIVERED, Status.FAILED, Status.EXPIRED]


@given(st.lists(st.sampled_from(list(Status)), min_size=1), st.randoms())
def test_every_order_of_the_same_statuses_ends_the_same(statuses: list[Status], chance: object) -> None:
    shuffled = list(statuses)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    assert reduce(furthest, statuses) is reduce(furthest, shuffled + statuses)


def test_a_late_sent_does_not_undo_delivered() -> None:
    assert furthest(Status.DELIVERED, Status.SENT) is Status.DELIVERED


def test_a_final_status_never_goes_back_to_an_open_one() -> None:
    for final in FINAL - {Status.RECEIVED}:
        for status in set(Status) - FINAL:
            assert furthest(final, status) is final


def test_earliest_is_the_one_that_has_come_least_far() -> None:
    assert earliest([Status.DELIVERED, Status.SENT, Status.ACCEPTED]) is Status.ACCEPTED


def receipt(status: Status, part: int = 1, parts: int = 1, code: str | None = None) -> Receipt:
    return Receipt(account="a", at=0, status=status, raw_status=status, part=part, parts=parts, code=code)


def test_no_receipts_give_no_status() -> None:
    assert summary([]) is None


def test_two_of_three_parts_delivered_is_not_delivered() -> None:
    found = summary([receipt(Status.DELIVERED, 1, 3), receipt(Status.DELIVERED, 3, 3)])
    assert found is not None
    assert (found.status, found.words) == (Status.ACCEPTED, "2 of 3 parts delivered")


def test_one_failed_part_decides() -> None:
    receipts = [receipt(Status.DELIVERED, 1, 2), receipt(Status.UNDELIVERED, 2, 2, code="345")]
    found = summary(receipts)
    assert found is not None
    assert (found.status, found.code) == (Status.UNDELIVERED, "345")


receipts = st.builds(
    receipt, st.sampled_from(REPORTED), st.integers(1, 3), st.just(3), st.sampled_from([None, "1", "2"])
)


@given(st.lists(receipts, min_size=1, max_size=12), st.randoms())
def test_order_and_repetition_of_receipts_do_not_matter(receipts: list[Receipt], chance: object) -> None:
    shuffled = receipts + receipts[: len(receipts) // 2]
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    assert summary(shuffled) == summary(receipts)
