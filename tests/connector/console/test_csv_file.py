"""Tables as spreadsheets save them, and what is wrong with them, by line."""

from __future__ import annotations

import csv
import io
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connector.console.csv_file import CsvFile, read_csv
from connector.console.failure import CommandFailed

COLUMNS = {"title": ("name",), "text": (), "due": ("due in",)}


def read(path: Path, data: bytes, most: int = 100) -> CsvFile:
    (path / "table.csv").write_bytes(data)
    return read_csv(path / "table.csv", COLUMNS, ("title", "text"), most)


def values(file: CsvFile) -> list[tuple[int, str, str]]:
    return [(row.line, row.values["title"], row.values["text"]) for row in file.rows]


@pytest.mark.parametrize(
    "data",
    [
        b"title,text\nHours, We are open.\n",
        b"\xef\xbb\xbfTitle;TEXT\r\nHours;We are open.\r\n",
        "Name\tText\nHours\tWe are open.\n".encode("utf-16"),
        b'text,title\n"We are open.","Hours"',
        b"title,text\nHours,We are open.\n\n,\n",
    ],
)
def test_however_a_spreadsheet_saves_it(tmp_path: Path, data: bytes) -> None:
    found = read(tmp_path, data)
    assert values(found) == [(2, "Hours", "We are open.")] and not found.wrong
    assert found.rows[0].values["due"] == ""


def test_a_fault_has_its_line_and_the_others_are_read(tmp_path: Path) -> None:
    found = read(tmp_path, b'title,text\na,"two\nlines"\nb,c,d,e\nf,"g"h\ni,"j ""k"""\n')
    assert values(found) == [(2, "a", "two\nlines"), (6, "i", 'j "k"')]
    assert {line: words[:17] for line, words in found.wrong.items()} == {4: "It has 4 fields, ", 5: "Something stands "}


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "is empty"),
        (b"Hours,We are open.\n", "there is no column Hours"),
        (b"title,txet\n", "did you mean text?"),
        (b"title\nHours\n", "text is missing"),
        (b"title,text,name\n", "the column title twice"),
        (b"title,text\nHours,caf\xe9\n", "line 2, is not UTF-8"),
        (b"title,text\n" + b"a,b\n" * 101, "more than 100 rows"),
    ],
)
def test_what_is_no_such_table(tmp_path: Path, data: bytes, words: str) -> None:
    with pytest.raises(CommandFailed, match=words.replace("?", r"\?")) as failed:
        read(tmp_path, data)
    assert failed.value.exit_code == os.EX_DATAERR


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(CommandFailed, match="cannot be read: No such file") as failed:
        read_csv(tmp_path / "none.csv", COLUMNS, ("title",), 9)
    assert failed.value.exit_code == os.EX_NOINPUT


@given(st.binary(max_size=200))
def test_bytes_are_a_table_or_refused_in_a_sentence(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    folder = tmp_path_factory.getbasetemp()
    try:
        read(folder, b"title,text\n" + data)
    except CommandFailed as failed:
        assert str(failed).endswith(".")


@given(st.lists(st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=9), max_size=9))
def test_what_is_written_is_read(tmp_path_factory: pytest.TempPathFactory, texts: list[str]) -> None:
    wanted = [text.strip() for text in texts if text.strip()]
    out = io.StringIO()
    csv.writer(out).writerows([("title", "text"), *((text, "x") for text in wanted)])
    found = read(tmp_path_factory.getbasetemp(), out.getvalue().encode())
    assert [title for _, title, _ in values(found)] == wanted
