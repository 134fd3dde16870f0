"""Tables from spreadsheets: CSV with a head, read line by line so that each fault has the number of its line."""

from __future__ import annotations

import csv
import io
import os
import sys
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from connector.base.alike import meant
from connector.console.failure import CommandFailed

STDIN = "-"
_MOST_BYTES = 32 << 20
_DELIMITERS = (",", ";", "\t")  # of spreadsheets in different countries
_CUT = 40  # characters of a name in a message


class CsvRow(NamedTuple):
    """`values` by column, without blanks at the ends; columns that the file does not have are empty. `others`: of
    columns that are none of ours, in the order of the file."""

    line: int
    values: dict[str, str]
    others: dict[str, str]


class CsvFile(NamedTuple):
    rows: list[CsvRow]
    wrong: dict[int, str]
    """Lines that cannot be read, and why."""
    columns: list[str]
    """Those that the file has, by our names where they are ours."""


def file_argument(text: str) -> Path | str:
    """Of a parser: a file, or `-` for what is on stdin."""
    return text if text == STDIN else Path(text)


def read_csv(
    source: Path | str,
    columns: Mapping[str, Collection[str]],
    required: Collection[str],
    most_rows: int,
    *,
    takes_others: bool = False,
) -> CsvFile:
    """Read a file, or stdin for `-`. `columns`: by name, with other names that each may have in the head.
    `takes_others`: it may have further columns, whatever their names.

    Raises CommandFailed where it is no such table: what is wrong with one line alone is in `wrong`.
    """
    name = "What came on stdin" if source == STDIN else str(source)
    text = _text(name, _bytes(name, source))
    reader = _Lines(text, _delimiter(text))
    head = next(iter(reader), None)
    if head is None:
        raise CommandFailed(f"{name} is empty.", os.EX_DATAERR)
    if reader.fault:
        raise CommandFailed(f"{name}, line 1: {reader.fault}", os.EX_DATAERR)
    names = _columns(name, head.values, columns, required, takes_others=takes_others)
    found = CsvFile([], {}, names)
    for line, values, fault in reader:
        if fault or len(values) > len(names):
            there = f"It has {len(values)} fields, and the head {len(names)}"
            found.wrong[line] = fault or f"{there}: put a text with a {reader.delimiter!r} in quotes."
        elif any(value.strip() for value in values):
            row = _row(line, names, values, columns)
            if row.others.pop("", ""):
                found.wrong[line] = "It has something in a column without a name: give it one in the first line."
            else:
                found.rows.append(row)
        if len(found.rows) > most_rows:
            raise CommandFailed(f"{name} has more than {most_rows:,} rows: split it.", os.EX_DATAERR)
    return found


def _row(line: int, names: list[str], values: list[str], columns: Collection[str]) -> CsvRow:
    row = CsvRow(line, dict.fromkeys(columns, ""), {one: "" for one in names if one not in columns})
    for column, value in zip(names, values, strict=False):
        where = row.values if column in columns else row.others
        where[column] = value.strip() or ("" if column else where[column])
    return row


class _Line(NamedTuple):
    line: int  # where it begins
    values: list[str]
    fault: str


class _Lines:
    """The lines of a table, also behind one that cannot be read."""

    def __init__(self, text: str, delimiter: str) -> None:
        self.delimiter = delimiter
        self.fault = ""
        self._reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)

    def __iter__(self) -> Iterator[_Line]:
        while True:
            line = self._reader.line_num + 1
            self.fault = ""
            values: list[str] = []
            try:
                values = next(self._reader)
            except StopIteration:
                return
            except csv.Error as error:
                self.fault = _fault(str(error))
            yield _Line(line, values, self.fault)


def _fault(words: str) -> str:
    if "unexpected end of data" in words:
        return "A quote is opened here and never closed."
    if "expected after" in words:
        return "Something stands behind a closing quote: within quotes, a quote is written twice."
    if "field limit" in words:
        most = csv.field_size_limit()
        return f"It has a field of more than {most:,} characters: perhaps a quote before it is never closed."
    return f"It cannot be read: {words}."


def _bytes(name: str, source: Path | str) -> bytes:
    try:
        if isinstance(source, Path):
            with source.open("rb") as file:
                data = file.read(_MOST_BYTES + 1)
        else:
            data = sys.stdin.buffer.read(_MOST_BYTES + 1)
    except OSError as error:
        raise CommandFailed(f"{name} cannot be read: {error.strerror}.", os.EX_NOINPUT) from None
    if len(data) > _MOST_BYTES:
        raise CommandFailed(f"{name} is larger than {_MOST_BYTES >> 20} MB: split it.", os.EX_DATAERR)
    return data


def _text(name: str, data: bytes) -> str:
    """As spreadsheets save it: UTF-8, or UTF-16 with its mark."""
    try:
        if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
            return data.decode("utf-16")
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        words = f"{name}, line {line}, is not UTF-8: save the table as “CSV UTF-8”. Nothing was read."
        raise CommandFailed(words, os.EX_DATAERR) from None


def _delimiter(text: str) -> str:
    head = text.partition("\n")[0]
    return max(_DELIMITERS, key=head.count)


def _columns(
    name: str,
    head: list[str],
    columns: Mapping[str, Collection[str]],
    required: Collection[str],
    *,
    takes_others: bool,
) -> list[str]:
    """The columns of the file, by our names where they are ours."""
    ours = {_key(other): column for column, others in columns.items() for other in (column, *others)}
    found: list[str] = []
    for written in head:
        column = ours.get(_key(written))
        if column is None and takes_others:
            column = " ".join(written.split())
        if column is None:
            alike = meant(_key(written), ours)
            hint = f": did you mean {alike}?" if alike else f". There are: {', '.join(columns)}."
            raise CommandFailed(
                f"{name}: there is no column {written.strip()[:_CUT] or '(without a name)'}{hint}", os.EX_DATAERR
            )
        if column and column.casefold() in map(str.casefold, found):
            raise CommandFailed(f"{name} has the column {column} twice.", os.EX_DATAERR)
        found.append(column)
    if missing := [column for column in required if column not in found]:
        lacks = f"{', '.join(missing)} {'is' if len(missing) == 1 else 'are'} missing"
        words = f"{name} needs a first line with the names of its columns: {lacks}."
        raise CommandFailed(words, os.EX_DATAERR)
    return found


def _key(written: str) -> str:
    return " ".join(written.replace("_", " ").split()).casefold()
