"""Contacts as spreadsheets save them."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from connector.cli.contact_csv import ContactTable, pages, read_table, written_table
from connector.console.failure import CommandFailed
from connector.wire import limits
from connector.wire.contacts import ContactRow, ContactView

_words = st.text(st.characters(exclude_categories=["Cs", "Cc", "Zs", "Zl", "Zp"]), min_size=1, max_size=9)


def read(folder: Path, data: str | bytes) -> ContactTable:
    path = folder / "contacts.csv"
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    return read_table(path)


def test_our_columns_by_other_names_and_each_other_one_is_an_attribute(tmp_path: Path) -> None:
    found = read(tmp_path, 'Phone;NAME;Order  no;Note;VIP\r\n0151 1;"Renée; Dubois";A-17;"two\nlines";\r\n')
    assert found.attributes == ["Order no", "VIP"] and found.wrong == {}
    assert found.rows == [
        ContactRow(
            line=2,
            number="0151 1",
            name="Renée; Dubois",
            notes="two\nlines",
            attributes={"Order no": "A-17", "VIP": ""},
        )
    ]


def test_what_a_file_has_no_column_for_stays(tmp_path: Path) -> None:
    [row] = read(tmp_path, "number,language\n+1,\n").rows
    assert (row.name, row.language, row.notes, row.attributes) == (None, "", None, None)


def test_columns_without_a_name_hold_nothing(tmp_path: Path) -> None:
    found = read(tmp_path, "number;name;;\n+1;Ana;;\n+2;Ben;;what\n+3;Cleo\n")
    assert [row.name for row in found.rows] == ["Ana", "Cleo"] and found.attributes == []
    assert found.wrong == {3: "It has something in a column without a name: give it one in the first line."}


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ("name,order\nAna,7\n", "number is missing"),
        ("+4915112345678,Ana\n", "number is missing"),
        ("number,VIP,vip\n", "the column vip twice"),
        ("number,phone\n", "the column number twice"),
        (b"PK\x03\x04\xff\xfe\xfa", "is not UTF-8"),
    ],
)
def test_what_is_no_table_of_contacts(tmp_path: Path, data: str | bytes, words: str) -> None:
    with pytest.raises(CommandFailed, match=words):
        read(tmp_path, data)


@given(
    st.lists(
        st.builds(
            ContactView,
            consumer=st.from_regex(r"\+1[0-9]{9}", fullmatch=True),
            name=_words,
            language=st.sampled_from(["", "de"]),
            attributes=st.dictionaries(st.sampled_from(["order", "VIP", "a;b", '"c"']), _words),
            notes=st.sampled_from(["", "one", "two\nlines", 'a "b", c; d']),
        ),
        max_size=5,
    )
)
def test_what_is_exported_is_imported_as_it_was(
    tmp_path_factory: pytest.TempPathFactory, contacts: list[ContactView]
) -> None:
    found = read(tmp_path_factory.getbasetemp(), written_table(contacts))
    assert not found.wrong
    for row, one in zip(found.rows, contacts, strict=True):
        assert (row.number, row.name, row.language, row.notes) == (one.consumer, one.name, one.language, one.notes)
        assert {name: value for name, value in (row.attributes or {}).items() if value} == one.attributes


def test_each_request_has_as_much_as_it_takes() -> None:
    rows = [ContactRow(line=number, number="+1", notes="x" * 5000 * (number % 2)) for number in range(450)]
    found = [*pages(rows)]
    assert [row for page in found for row in page] == rows
    assert all(len(page) <= limits.CONTACTS_AT_ONCE for page in found)
    assert all(len(msgspec.json.encode(page)) < limits.REQUEST_BYTES for page in found)
    assert [*pages([])] == []


def test_a_field_beyond_all_bounds_is_said_to_be_one(tmp_path: Path) -> None:
    found = read(tmp_path, f"number,name\n+14155550133,{'x' * 200_000}\n+14155550144,Ben\n")
    assert found.wrong[2].startswith("It has a field of more than 131,072 characters")
