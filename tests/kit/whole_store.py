"""Everything that a database holds, for tests that compare it before and after."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection
from contextlib import closing
from pathlib import Path
from typing import Any

Rows = dict[str, list[tuple[Any, ...]]]


def whole_store(path: Path, without: Collection[str] = ()) -> Rows:
    """The rows of every table of an SQLite database, but for those tables `without`."""
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as database:
        found = database.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name").fetchall()
        # The terms for search are no rows of their own: they are made of the messages.
        names = [name for (name,) in found if not name.startswith(("sqlite_", "search_terms")) and name not in without]
        return {name: sorted(database.execute(f'SELECT * FROM "{name}"').fetchall(), key=repr) for name in names}
