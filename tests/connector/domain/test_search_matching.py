"""Where the words of a search are in a text, and where they are not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connector.domain.search.lookups import of_pieces
from connector.domain.search.matching import Matcher
from connector.domain.search.query import parse
from connector.domain.search.terms import terms_of


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


_PARTS = (
    "ab",
    "abc",
    "order",
    "orders",
    "12",
    "1234",
    "返金",
    "👍",
    "é",
    "e\u0301",
    " ",
    " ",
    "-",
    ", ",
    "'",
    "_",
    "(415) 555-0199",
)


@given(st.lists(st.sampled_from(_PARTS), min_size=1, max_size=12), st.data())
def test_a_text_has_the_terms_by_which_what_it_matches_is_looked_up(parts: list[str], data: st.DataObject) -> None:
    first = data.draw(st.integers(0, len(parts) - 1))
    end = data.draw(st.integers(first + 1, len(parts)))
    sought, text = "".join(parts[first:end]), "".join(parts)
    terms = terms_of(text)
    for query in (sought, f'"{sought}"', sought[:-1]):
        pieces = parse(query).pieces
        if Matcher(pieces).ranges(text) is not None:
            for alternatives in of_pieces(pieces, with_consumers=False):
                assert any(terms.issuperset(one) for one in alternatives), query
        assert Matcher(pieces).may_match(text) or Matcher(pieces).ranges(text) is None
