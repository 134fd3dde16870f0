"""What is stored of consumers is listed: every column with text stands in docs/operating.md, with what erasing does."""

from __future__ import annotations

import re
from pathlib import Path

import connector.store.sql.transaction  # noqa: F401  (all tables)
from connector.store.sql.erasure import text_columns

PAGE = Path(__file__).parents[2] / "docs" / "operating.md"


def listed() -> list[str]:
    rows = re.findall(r"^\| `(\w+)` \| ([\w, ]+) \|", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    return [f"{table}.{column}" for table, columns in rows for column in columns.split(", ")]


def test_every_column_with_text_is_listed() -> None:
    columns = text_columns()
    assert len(columns) > 100
    assert set(columns) - set(listed()) == set()


def test_nothing_is_listed_that_is_gone() -> None:
    tables = {column.partition(".")[0] for column in text_columns()}
    assert {one for one in listed() if one.partition(".")[0] in tables} - set(text_columns()) == set()
