"""What is left in a SQLite file beside its rows is found, whatever was stored and deleted, and no row is taken
for it."""

from __future__ import annotations

import random
import re
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from connector.store.sql.row_bytes import RowBytes

NEEDLE = b"4155550133"


def hits(data: bytes) -> list[tuple[int, int]]:
    """With the number of the row, of five digits, where no end of a page cuts it off."""
    return [one.span() for one in re.finditer(NEEDLE + rb"[0-9]{5}", data)]


def looked_for(path: Path) -> tuple[list[bytes], list[bytes]]:
    """What was found in rows, and what outside of them."""
    data = path.read_bytes()
    with closing(sqlite3.connect(path)) as database:
        roots = [root for (root,) in database.execute("SELECT rootpage FROM sqlite_schema WHERE rootpage > 0")]
    found = hits(data)
    outside = set(RowBytes(lambda at, size: data[at : at + size], roots).outside(found))
    return [data[slice(*one)] for one in found if one not in outside], [data[slice(*one)] for one in outside]


def filled(path: Path, dice: random.Random, page_size: int) -> tuple[sqlite3.Connection, list[bytes]]:
    """Rows of all lengths, of which many were deleted without being overwritten; and what is in those that stay."""
    database = sqlite3.connect(path, isolation_level=None)
    database.execute(f"PRAGMA page_size = {page_size}")
    database.execute("PRAGMA secure_delete = OFF")
    database.execute("CREATE TABLE t (id INTEGER PRIMARY KEY, name TEXT, body BLOB)")
    database.execute("CREATE INDEX t_by_name ON t (name)")
    database.execute("CREATE TABLE u (a TEXT, b TEXT, PRIMARY KEY (a, b)) WITHOUT ROWID")
    for number in range(1, 301):
        name = f"{NEEDLE.decode()}{number:05}"
        text = "x" * dice.randrange(dice.choice([10, 200, 3000, 9000, 40_000])) + name + "y" * dice.randrange(9)
        database.execute("INSERT INTO t (id, name, body) VALUES (?, ?, ?)", (number, name, text.encode()))
        database.execute("INSERT INTO u VALUES (?, ?)", (str(number), text))
        if dice.random() < 0.5:
            gone = dice.randrange(1, number + 1)
            database.execute("DELETE FROM t WHERE id = ?", (gone,))
            database.execute("DELETE FROM u WHERE a = ?", (str(gone),))
    return database, [name.encode() for (name,) in database.execute("SELECT name FROM t")]


@pytest.mark.parametrize(("seed", "page_size"), [(1, 4096), (2, 4096), (3, 512), (4, 65536)])
def test_rows_and_what_is_left_of_others_are_told_apart(tmp_path: Path, seed: int, page_size: int) -> None:
    path = tmp_path / "one.db"
    database, stays = filled(path, random.Random(seed), page_size)
    with closing(database):
        inside, outside = looked_for(path)
        assert set(inside) == set(stays)  # of deleted rows nothing
        cut = 4 * len(stays) - len(inside)  # in table, index and both columns; the end of a page cuts some in two
        assert 0 <= cut <= 12
        assert len(set(outside) - set(stays)) > 5
        database.execute("VACUUM")
        assert set(looked_for(path)[1]) <= set(stays)  # moved while the new file was written
        database.execute("PRAGMA secure_delete = ON")
        database.execute("DELETE FROM t")
        database.execute("DELETE FROM u")
        assert looked_for(path)[0] == []


def test_with_secure_delete_nothing_is_left_by_rows_that_others_keep(tmp_path: Path) -> None:
    path = tmp_path / "one.db"
    with closing(sqlite3.connect(path, isolation_level=None)) as database:
        database.execute("PRAGMA secure_delete = ON")
        database.execute("CREATE TABLE t (id INTEGER PRIMARY KEY, body TEXT)")
        for number in range(50):
            database.execute("INSERT INTO t VALUES (?, ?)", (number, f"{NEEDLE.decode()}{number:05} " * 900))
        database.execute("DELETE FROM t WHERE id % 2")
        inside, outside = looked_for(path)
        assert outside == [] and len(inside) > 20_000
