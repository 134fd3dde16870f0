from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connector.console.output import age, json_line, table


@given(st.dictionaries(st.text(), st.text()))
def test_json_lines_are_ascii_and_decode_to_the_same_text(values: dict[str, str]) -> None:
    line = json_line(values)
    assert all(" " <= character <= "~" for character in line)
    assert json.loads(line) == values


@pytest.mark.parametrize(
    ("milliseconds", "words"),
    [
        (None, "-"),
        (-5, "0s"),
        (0, "0s"),
        (59_999, "59s"),
        (60_000, "1m"),
        (3_599_999, "59m"),
        (3_600_000, "1h"),
        (47 * 3_600_000, "47h"),
        (48 * 3_600_000, "2d"),
    ],
)
def test_ages(milliseconds: int | None, words: str) -> None:
    assert age(milliseconds) == words


def test_table_columns_are_aligned() -> None:
    lines = table(["ID", "WHO", "LAST"], [["1", "張三", "a\nb\x1b[31m"], ["1234", "Ann", "hello"]])
    assert lines == [
        "ID    WHO   LAST",
        "1     張三  a b␛[31m",
        "1234  Ann   hello",
    ]
