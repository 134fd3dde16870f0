"""Order of the queue, and its reasons."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connector.domain.conversation import Conversation
from connector.domain.queueing import rank, score
from tests.kit.stores import NOW, conversation

MINUTE = 60_000

# The first is next.
ORDERS = {
    "what is due soonest": [
        conversation(due_at=NOW - MINUTE),
        conversation(due_at=NOW),
        conversation(due_at=NOW + MINUTE),
    ],
    "consumers who wait before those who do not": [
        conversation(due_at=NOW + 10**10),
        conversation(waiting_since=None, last_at=0),
    ],
    "even in a skill that never opens": [
        conversation(due_at=253_402_300_799_000),
        conversation(waiting_since=None, last_at=0, moves=3),
    ],
    "a reminder shortly before it is due, before silent consumers": [
        conversation(waiting_since=None, due_at=NOW),
        conversation(waiting_since=None, due_at=NOW + MINUTE),
        conversation(waiting_since=None, last_at=NOW),
    ],
    "what was given back or transferred goes ahead by five minutes each time, three times at most": [
        conversation(due_at=NOW, moves=3),
        conversation(due_at=NOW - 10 * MINUTE, moves=0),
        conversation(due_at=NOW, moves=1),
        conversation(due_at=NOW, moves=0),
    ],
    "transferred, it waits for an agent although its consumer waits for no answer": [
        conversation(waiting_since=None, handed_by="ann", queued_at=NOW),
        conversation(waiting_since=None, returned_by="ann", queued_at=NOW + 1),
        conversation(waiting_since=None, last_at=NOW - 10**9),
    ],
    "the longest silent, of consumers who do not wait": [
        conversation(waiting_since=None, last_at=NOW - 2),
        conversation(waiting_since=None, last_at=NOW - 1),
    ],
}


@pytest.mark.parametrize("order", ORDERS.values(), ids=ORDERS.keys())
def test_order(order: list[Conversation]) -> None:
    assert all(rank(first) < rank(second) for first, second in pairwise(order))


def test_the_limit_of_moves() -> None:
    assert rank(conversation(due_at=NOW, moves=3)) == rank(conversation(due_at=NOW, moves=30))


moments = st.one_of(st.none(), st.integers(0, 2 * NOW))


@given(
    st.builds(
        conversation,
        waiting_since=moments,
        due_at=moments,
        queued_at=moments,
        handed_by=st.sampled_from([None, "ann"]),
        returned_by=st.sampled_from([None, "ann"]),
        moves=st.integers(0, 9),
    )
)
def test_parts_have_words_and_add_up(one: Conversation) -> None:
    found = score(one)
    assert all(part.words for part in found)
    assert sum(part.ms for part in found) == rank(one)
    assert -(2**63) < rank(one) < 2**63
