"""Where the words of a search are in a text, and where they are not."""

from __future__ import annotations

import pytest

from connector.domain.search.matching import Matcher
from connector.domain.search.query import parse


@pytest.mark.parametrize(
    ("query", "text", "ranges"),
    [
        ("order", "reorder, orders", [(9, 14)]),
        ('"order"', "orders order", [(7, 12)]),
        ('"a a"', "ba a a", [(3, 6)]),  # a place that is none hides no other that begins within it
        ('"one two"', "onetwo one, two one twos", [(7, 15)]),
        ('"room 12"', "room12 room 123", [(0, 6)]),
        ('"1 2"', "12 1 2 1 23", [(3, 6)]),
        ('"12 rooms"', "12rooms", [(0, 7)]),
        ('"返金 12"', "返金12", [(0, 4)]),
        ("é", "cafe é", [(5, 6)]),
    ],
)
def test_words_are_found_where_they_begin_and_end(query: str, text: str, ranges: list[tuple[int, int]]) -> None:
    assert Matcher(parse(query).pieces).ranges(text) == ranges
