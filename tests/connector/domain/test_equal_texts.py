from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connector.domain.equal_texts import EqualReply, match_equal_replies

NOW = 1_790_000_000_000


def equals(*ages_s: float, calling: str = "") -> list[EqualReply]:
    """Equal replies A, B, C, …, with attempts so many seconds ago."""
    return [
        EqualReply(name, round(NOW - age_s * 1000), name in calling)
        for name, age_s in zip("ABCD", ages_s, strict=False)
    ]


@pytest.mark.parametrize(
    ("known", "free", "expected"),
    [
        # One for each: in the order of attempts.
        (equals(3), 1, [0]),
        (equals(3), 4, [0]),  # another program's among them
        (equals(9, 3), 2, [0, 1]),
        (equals(3, 9), 2, [1, 0]),
        (equals(9, 3, calling="B"), 2, [0, 1]),
        # One too few: a receipt may still name its reply.
        (equals(59, 58), 1, [None, None]),
        (equals(300, 59), 1, [None, None]),
        (equals(300, 60), 1, [0, None]),
        (equals(300, 200, 100), 2, [0, 1, None]),
        # It may be that of an attempt still running, however long that takes.
        (equals(300, 200, calling="B"), 1, [None, None]),
    ],
)
def test_matches(known: list[EqualReply], free: int, expected: list[int | None]) -> None:
    for order in itertools.permutations(known):
        assert [match_equal_replies(one.message_id, order, free, NOW) for one in known] == expected


@given(
    ages=st.lists(st.integers(0, 500), min_size=1, max_size=4),
    calling=st.sets(st.sampled_from("ABCD")),
    free=st.integers(1, 6),
)
def test_no_two_replies_match_one_message(ages: list[int], calling: set[str], free: int) -> None:
    known = equals(*ages, calling="".join(calling))
    places = [at for one in known if (at := match_equal_replies(one.message_id, known, free, NOW)) is not None]
    assert len(set(places)) == len(places)
    assert all(0 <= at < free for at in places)
