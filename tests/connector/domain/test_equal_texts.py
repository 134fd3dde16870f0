from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connector.domain.equal_texts import EqualReply, SomeSent, Unexplained, match, may_be_of, rivals

NOW = 1_790_000_000_000
CALLING = None


def reply(name: str, written_s_ago: float, ended_s_ago: float | None) -> EqualReply:
    ended_at = None if ended_s_ago is None else round(NOW - ended_s_ago * 1000)
    return EqualReply(name, round(NOW - written_s_ago * 1000), ended_at)


A, B, C = reply("A", 300, 299), reply("B", 250, 240), reply("C", 200, CALLING)
TWICE = EqualReply("T", A.written_at, A.ended_at, calls=2)
JUST_NOW = reply("D", 300, 59)


@pytest.mark.parametrize(
    ("group", "records", "expected"),
    [
        ([A], 1, None),
        ([A, B], 2, None),
        ([A, C], 2, None),  # the one under way has arrived
        ([A, B], 1, SomeSent(1, 1, 2, is_settled=True)),
        ([A, C], 1, SomeSent(1, 1, 2, is_settled=False)),
        ([A, JUST_NOW], 1, SomeSent(1, 1, 2, is_settled=False)),
        ([A], 2, Unexplained()),
        ([A, B], 3, Unexplained()),
        # Called again, as the provider had no record of the first call: either may be there, or both.
        ([TWICE], 1, None),
        ([TWICE], 2, None),
        ([TWICE, B], 1, SomeSent(1, 1, 2, is_settled=True)),
        ([TWICE, B], 2, SomeSent(1, 2, 2, is_settled=True)),
        ([TWICE, B], 3, None),
    ],
)
def test_what_a_number_of_records_says(group: list[EqualReply], records: int, expected: object) -> None:
    for order in itertools.permutations(group):
        assert match(order, records, NOW) == expected


@pytest.mark.parametrize(
    ("least", "most", "of", "words"),
    [
        (1, 1, 2, "one of two equal replies was sent"),
        (2, 2, 3, "two of three equal replies were sent"),
        (9, 9, 12, "nine of 12 equal replies were sent"),
        (1, 2, 3, "at least one of three equal replies was sent"),
    ],
)
def test_words_give_the_number(least: int, most: int, of: int, words: str) -> None:
    assert SomeSent(least, most, of, is_settled=True).words == words


@pytest.mark.parametrize(
    ("equals", "group"),
    [
        ([A], "A"),
        ([A, B], "AB"),
        ([A, C], "AC"),
        ([A, reply("E", 100, 90)], "A"),  # its message is of another time, whatever the clocks say
        ([A, B, reply("E", 100, 90)], "ABE"),  # B's may be E's, and A's may be B's
        ([reply("E", 900, 890), A], "A"),
        ([reply("E", 900, CALLING), A], "EA"),
    ],
)
def test_rivals_are_those_of_its_time(equals: list[EqualReply], group: str) -> None:
    for order in itertools.permutations(equals):
        assert "".join(one.message_id for one in rivals("A", order, NOW)) == group


@pytest.mark.parametrize(
    ("taken_s_ago", "may_be"), [(None, True), (361, False), (360, True), (300, True), (179, True), (178, False)]
)
def test_a_record_is_of_the_time_from_writing_to_the_end_of_the_call(taken_s_ago: float | None, may_be: bool) -> None:
    taken_at = None if taken_s_ago is None else NOW - round(taken_s_ago * 1000)
    assert may_be_of([A], taken_at, NOW) is may_be


TIMES = st.tuples(st.integers(0, 900), st.one_of(st.none(), st.integers(0, 60)))


@given(st.lists(TIMES, min_size=1, max_size=6))
def test_rivals_are_the_same_for_each_of_them(times: list[tuple[int, int | None]]) -> None:
    equals = [
        reply(f"{number}", age, None if took is None else max(0, age - took))
        for number, (age, took) in enumerate(times)
    ]
    groups = {one.message_id: rivals(one.message_id, equals, NOW) for one in equals}
    for name, group in groups.items():
        assert name in {one.message_id for one in group}
        assert all(groups[one.message_id] == group for one in group)
