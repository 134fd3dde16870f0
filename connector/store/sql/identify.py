"""Telling an empty database and one of ours from all others, before anything in it is changed."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any

from connector.store.migrations.shapes import BUILT_AS, HEAD, SHAPES, Shape
from connector.store.ports import StoreUnavailable

VERSION_TABLE = "alembic_version"
_MOST_NAMED = 3
COLUMNS = {
    # To look at a virtual table, as the index for search is, SQLite opens it, and fails where it is damaged.
    "sqlite": """
        SELECT m.name, c.name FROM sqlite_master AS m JOIN pragma_table_info(m.name) AS c
        WHERE m.type = 'table' AND m.name NOT GLOB 'sqlite_*' AND m.sql NOT LIKE 'CREATE VIRTUAL TABLE %'
    """,
    # Tables of extensions are not those of a program.
    "postgresql": """
        SELECT t.relname, c.attname FROM pg_class AS t JOIN pg_attribute AS c ON c.attrelid = t.oid
        WHERE t.relnamespace = current_schema()::regnamespace AND t.relkind IN ('r', 'p')
        AND c.attnum > 0 AND NOT c.attisdropped
        AND NOT EXISTS (
            SELECT FROM pg_depend AS d WHERE d.classid = 'pg_class'::regclass AND d.objid = t.oid AND d.deptype = 'e'
        )
    """,
}
INDEXES = {
    "sqlite": "SELECT name FROM sqlite_master WHERE type = 'index'",
    "postgresql": "SELECT relname FROM pg_class WHERE relnamespace = current_schema()::regnamespace AND relkind = 'i'",
}


def revision(run: Callable[[str], Sequence[Any]], engine: str) -> str | None:
    """The revision that a database has by its tables, None when it is empty.

    `run` returns the rows of a statement of this engine.

    A newer revision than ours is returned as it is. Raises StoreUnavailable, with a sentence, when the tables are not
    those of the revision, or of no revision of ours.
    """
    columns: dict[str, set[str]] = {}
    for table, column in run(COLUMNS[engine]):
        columns.setdefault(table, set()).add(column)
    found: list[str] = []
    others = sorted(columns)
    if "version_num" in columns.get(VERSION_TABLE, ()):
        found = [str(row[0]) for row in run(f"SELECT version_num FROM {VERSION_TABLE}")]
        others.remove(VERSION_TABLE)
    if not found and not others:
        return None
    if not found:
        raise StoreUnavailable(
            f"The database has tables ({_some(others)}) but no revision of Textdesk, so it belongs to another program;"
            " name a database of its own for Textdesk."
        )
    (number, *more) = found
    if not more and re.fullmatch(r"\d{4}", number) and number > HEAD:
        return number
    if more or number not in SHAPES:
        raise StoreUnavailable(
            f"The database has revision {_some(found)}, which is none of Textdesk's (up to {HEAD}), so it belongs to"
            " another program; name a database of its own for Textdesk."
        )
    indexes = {row[0] for row in run(INDEXES[engine])}
    if number in BUILT_AS and not _differences(SHAPES[BUILT_AS[number]], columns, indexes):
        return BUILT_AS[number]
    if differences := _differences(SHAPES[number], columns, indexes):
        raise StoreUnavailable(
            f"The database says revision {number}, but was made by a build of Textdesk with other tables"
            f" ({_some(differences)}); name a new database, or go on with that build."
        )
    return number


def _differences(expected: Shape, columns: dict[str, set[str]], indexes: set[str]) -> list[str]:
    """How the tables and indexes differ from those of the revision. Further tables and indexes do no harm."""
    lost_tables = [f"no table {table}" for table in expected.columns if table not in columns]
    known = {table: names for table, names in expected.columns.items() if table in columns}
    lost = [f"no column {table}.{name}" for table, names in known.items() for name in sorted(names - columns[table])]
    more = [f"a column {table}.{name}" for table, names in known.items() for name in sorted(columns[table] - names)]
    return [*lost_tables, *lost, *more, *(f"no index {name}" for name in sorted(expected.indexes - indexes))]


def _some(names: Sequence[str]) -> str:
    """The first few, and how many more there are; names of others are data, so control characters are not passed on."""
    shown = ", ".join(name[:60] if name.isprintable() else ascii(name)[:60] for name in names[:_MOST_NAMED])
    return shown if len(names) <= _MOST_NAMED else f"{shown} and {len(names) - _MOST_NAMED} more"
