from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connector.console.output import age, json_line, table, write_words
from connector.sms.text import cells


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


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> Callable[[int], None]:
    """Make stdout a terminal with so many columns."""

    def widen(columns: int) -> None:
        monkeypatch.setattr("sys.stdout.isatty", lambda: True)
        monkeypatch.setenv("COLUMNS", str(columns))

    return widen


@given(
    rows=st.lists(st.lists(st.text(max_size=40), min_size=4, max_size=4), max_size=5),
    columns=st.integers(min_value=40, max_value=200),
)
def test_no_row_of_a_table_is_longer_than_a_terminal(rows: list[list[str]], columns: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("sys.stdout.isatty", lambda: True)
        patch.setenv("COLUMNS", str(columns))
        lines = table(["ID", "WHO", "SIGNED IN", "LAST"], [[f"{number}", *row[1:]] for number, row in enumerate(rows)])
    assert len(lines) == 1 + len(rows)
    assert all(cells(line) <= columns for line in lines)


def test_the_widest_column_is_cut_and_never_the_first(terminal: Callable[[int], None]) -> None:
    terminal(48)
    head, row = table(
        ["ID", "TOKENS", "LAST"], [["c-0123456789abcdef", "3f2a9c01b7de (configuration), 8de0", "hello there"]]
    )
    assert head == "ID                  TOKENS           LAST"
    assert row == "c-0123456789abcdef  3f2a9c01b7de (…  hello there"


def test_words_are_broken_at_blanks_on_a_terminal_only(
    terminal: Callable[[int], None], capsys: pytest.CaptureFixture[str]
) -> None:
    text = "conversations and the receipts of 12 counts"
    write_words(text, indent="  ")
    terminal(20)
    write_words(text, indent="  ")
    lines = [f"  {text}", "  conversations and", "  the receipts of 12", "  counts"]
    assert capsys.readouterr().out.splitlines() == lines
