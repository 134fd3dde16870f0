"""Contacts as a table: `textdesk contact import` reads it, `export` writes it."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import msgspec

from connector.console.csv_file import CsvRow, read_csv
from connector.wire import limits
from connector.wire.contacts import ContactRow, ContactView

COLUMNS: dict[str, tuple[str, ...]] = {
    "number": ("phone", "phone number", "mobile", "telephone", "tel", "msisdn", "address"),
    "name": ("full name", "contact"),
    "language": ("locale", "lang"),
    "notes": ("note", "comment", "comments", "remarks"),
}
_PAGE_BYTES = limits.REQUEST_BYTES // 2
_FIELDS = ("name", "language", "notes")


class ContactTable(NamedTuple):
    """What of a file can be read; why other lines cannot; and the columns that are attributes."""

    rows: list[ContactRow]
    wrong: dict[int, str]
    attributes: list[str]


def read_table(source: Path | str) -> ContactTable:
    """Raises CommandFailed where it is no table of contacts."""
    file = read_csv(source, COLUMNS, ("number",), limits.CONTACTS_IMPORTED, takes_others=True)
    has = [field for field in _FIELDS if field in file.columns]
    attributes = [column for column in file.columns if column and column not in COLUMNS]
    return ContactTable([_contact(row, has, attributes) for row in file.rows], dict(file.wrong), attributes)


def _contact(row: CsvRow, has: Sequence[str], attributes: Sequence[str]) -> ContactRow:
    fields = {field: row.values[field] for field in has}
    return ContactRow(
        line=row.line, number=row.values["number"], attributes=row.others if attributes else None, **fields
    )


def pages(rows: Sequence[ContactRow]) -> Iterator[list[ContactRow]]:
    """The rows in parts that fit one request each."""
    page: list[ContactRow] = []
    size = 0
    for row in rows:
        length = len(msgspec.json.encode(row))
        if page and (size + length > _PAGE_BYTES or len(page) >= limits.CONTACTS_AT_ONCE):
            yield page
            page, size = [], 0
        page.append(row)
        size += length
    if page:
        yield page


def written_table(contacts: Sequence[ContactView]) -> str:
    """As `read_table` reads it, without the line end of the last row."""
    attributes = _attribute_columns(contacts)
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([*COLUMNS, *attributes])
    for one in contacts:
        values = {name.casefold(): value for name, value in one.attributes.items()}
        of = (one.consumer, one.name, one.language, one.notes)
        writer.writerow([*of, *(values.get(name.casefold(), "") for name in attributes)])
    return out.getvalue().rstrip("\n")


def _attribute_columns(contacts: Iterable[ContactView]) -> list[str]:
    """Every name of an attribute, once however it is written."""
    found: dict[str, str] = {}
    for one in contacts:
        for name in one.attributes:
            found.setdefault(name.casefold(), name)
    return list(found.values())
