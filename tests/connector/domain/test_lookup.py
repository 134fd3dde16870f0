from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connector.domain.lookup import EqualReply, match

NOW = 1_790_000_000_000


def twins(*ages_s: float, calling: str = "") -> list[EqualReply]:
    """Twins A, B, C, …, called so many seconds ago."""
    return [
        EqualReply(name, round(NOW - age_s * 1000), name in calling)
        for name, age_s in zip("ABCD", ages_s, strict=False)
    ]


@pytest.mark.parametrize(
    ("known", "free", "expected"),
    [
        # One for each: the order they were called in.
        (twins(3), 1, [0]),
        (twins(3), 4, [0]),  # another program's among them
        (twins(9, 3), 2, [0, 1]),
        (twins(3, 9), 2, [1, 0]),
        (twins(9, 3, calling="B"), 2, [0, 1]),
        # One too few: a report may still name its owner.
        (twins(59, 58), 1, [None, None]),
        (twins(300, 59), 1, [None, None]),
        (twins(300, 60), 1, [0, None]),
        (twins(300, 200, 100), 2, [0, 1, None]),
        # It may be that of a call whose answer is on its way, however long that takes.
        (twins(300, 200, calling="B"), 1, [None, None]),
    ],
)
def test_whose_it_is(known: list[EqualReply], free: int, expected: list[int | None]) -> None:
    for order in itertools.permutations(known):
        assert [match(one.message_id, order, free, NOW) for one in known] == expected


@given(
    ages=st.lists(st.integers(0, 500), min_size=1, max_size=4),
    calling=st.sets(st.sampled_from("ABCD")),
    free=st.integers(1, 6),
)
def test_no_two_get_the_same(ages: list[int], calling: set[str], free: int) -> None:
    known = twins(*ages, calling="".join(calling))
    places = [at for one in known if (at := match(one.message_id, known, free, NOW)) is not None]
    assert len(set(places)) == len(places)
    assert all(0 <= at < free for at in places)
