"""A database that is not ours, or not as its revision made it, is refused in a sentence and left as it was."""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import text

from connector.store.migrations.shapes import HEAD
from connector.store.ports import StoreUnavailable
from connector.store.sql import identify
from connector.store.sql.engines import engines_for
from connector.store.sql.schema import upgrade
from connector.store.sql.store import open_store
from tests.kit.stores import Place, telling, told
from tests.kit.templates import copied

VERSION = "CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL)"


def prepare(place: Place, statements: Sequence[str], revision: str | None = None) -> None:
    """Migrate the database to this revision, if there is one, and run the statements there."""
    engines = engines_for(place.where, 1)
    with engines.writing.begin() as connection:
        if revision is not None:
            upgrade(connection, revision)
        for statement in statements:
            connection.execute(text(statement))
    engines.dispose()


def everything(place: Place) -> object:
    """The files with their bytes, modes and times, or the tables with their columns, indexes and revision."""
    if isinstance(place.where, Path):
        files = sorted(place.where.parent.iterdir())
        return [(file.name, file.read_bytes(), file.stat().st_mode, file.stat().st_mtime_ns) for file in files]
    engines = engines_for(place.where, 1)
    with engines.reading.begin() as connection:
        catalogue = [
            sorted(map(tuple, connection.execute(text(sql["postgresql"]))))
            for sql in (identify.COLUMNS, identify.INDEXES)
        ]
        has_revision = any(table == "alembic_version" for table, _ in catalogue[0])
        revisions = connection.execute(text("SELECT * FROM alembic_version")).all() if has_revision else []
    engines.dispose()
    return [*catalogue, revisions]


OTHERS: dict[str, tuple[list[str], str]] = {
    "tables of another program": (
        ["CREATE TABLE diary (day TEXT)", "CREATE TABLE notes (words TEXT)"],
        "The database has tables (diary, notes) but no revision of Textdesk, so it belongs to another program;"
        " name a database of its own for Textdesk.",
    ),
    "many tables, with names that a terminal would obey": (
        [f'CREATE TABLE "{letter}\x1b[2J" (day TEXT)' for letter in "abcde"],
        "The database has tables ('a\\x1b[2J', 'b\\x1b[2J', 'c\\x1b[2J' and 2 more) but no revision of Textdesk, so it"
        " belongs to another program; name a database of its own for Textdesk.",
    ),
    "another program that uses Alembic": (
        [VERSION, "INSERT INTO alembic_version VALUES ('4f2a9c0b17de')", "CREATE TABLE diary (day TEXT)"],
        f"The database has revision 4f2a9c0b17de, which is none of Textdesk's (up to {HEAD}), so it belongs to another"
        " program; name a database of its own for Textdesk.",
    ),
    "two revisions": (
        [VERSION, "INSERT INTO alembic_version VALUES ('0001'), ('0002')"],
        f"The database has revision 0001, 0002, which is none of Textdesk's (up to {HEAD}), so it belongs to another"
        " program; name a database of its own for Textdesk.",
    ),
    "a table that only has Alembic's name": (
        ["CREATE TABLE alembic_version (day TEXT)"],
        "The database has tables (alembic_version) but no revision of Textdesk, so it belongs to another program;"
        " name a database of its own for Textdesk.",
    ),
    "the revision without the tables": (
        [VERSION, "INSERT INTO alembic_version VALUES ('0004')", "CREATE TABLE diary (day TEXT)"],
        "The database says revision 0004, but was made by a build of Textdesk with other tables (no table stream,"
        " no table facts, no table hooks and 45 more); name a new database, or go on with that build.",
    ),
}
EDITED: dict[str, tuple[list[str], str]] = {
    "a column too few": (["ALTER TABLE conversations DROP COLUMN last_part"], "no column conversations.last_part"),
    "a column too many": (["ALTER TABLE work ADD COLUMN colour TEXT"], "a column work.colour"),
    "a table too few": (["DROP TABLE marks"], "no table marks"),
    "an index too few": (["DROP INDEX conversations_open"], "no index conversations_open"),
    "several": (
        ["DROP TABLE marks", "ALTER TABLE desks DROP COLUMN node", "ALTER TABLE desks ADD COLUMN core TEXT"],
        "no table marks, no column desks.node, a column desks.core",
    ),
}


async def refusal(place: Place) -> str:
    """What is said when the database is opened; nothing in it has changed afterwards."""
    before = everything(place)
    with pytest.raises(StoreUnavailable) as refused:
        await place.open()
    assert everything(place) == before
    return str(refused.value)


@pytest.mark.parametrize(("statements", "sentence"), OTHERS.values(), ids=OTHERS)
async def test_a_database_of_another_program(statements: list[str], sentence: str, empty_place: Place) -> None:
    prepare(empty_place, statements)
    assert await refusal(empty_place) == sentence


@pytest.mark.parametrize("revision", ["0001", "0002", "0003", "0004", "0005"])
@pytest.mark.parametrize(("statements", "difference"), EDITED.values(), ids=EDITED)
async def test_a_database_of_an_edited_migration(
    statements: list[str], difference: str, revision: str, empty_place: Place
) -> None:
    prepare(empty_place, statements, revision)
    assert await refusal(empty_place) == (
        f"The database says revision {revision}, but was made by a build of Textdesk with other tables ({difference});"
        " name a new database, or go on with that build."
    )


async def test_a_database_of_a_newer_textdesk(empty_place: Place) -> None:
    prepare(empty_place, ["UPDATE alembic_version SET version_num = '9999'", "DROP TABLE marks"], HEAD)
    assert await refusal(empty_place) == (
        f"The database was made by a newer Textdesk (revision 9999, this one knows {HEAD}); update this one."
    )


async def test_tables_and_indexes_beside_ours_do_no_harm(empty_place: Place) -> None:
    statements = [
        "CREATE TABLE work_of_yesterday AS SELECT * FROM work",
        "CREATE INDEX attempts_by_outcome ON attempts (account, outcome, ended_at)",
        "ANALYZE",
    ]
    prepare(empty_place, statements, "0001")
    store = await empty_place.open()
    await store.write(telling("a"))


async def test_a_database_with_a_revision_table_and_nothing_else_is_new(empty_place: Place) -> None:
    prepare(empty_place, [VERSION])
    store = await empty_place.open()
    await store.write(telling("a"))


def snapshot(folder: Path) -> dict[str, tuple[bytes, int, int]]:
    stats = {path: path.stat() for path in folder.iterdir()}
    return {path.name: (path.read_bytes(), stat.st_mode, stat.st_mtime_ns) for path, stat in stats.items()}


@pytest.mark.parametrize("content", [b"x", b"Dear diary, ", b"Dear diary, " * 1000])
async def test_a_file_that_is_no_database(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "textdesk.db"
    path.write_bytes(content)
    path.chmod(0o644)
    before = snapshot(tmp_path)
    with pytest.raises(StoreUnavailable) as refused:
        await open_store(path)
    assert str(refused.value) == f"{path} is not a database; name another file, or move this one away."
    assert snapshot(tmp_path) == before


async def test_an_empty_file_is_a_new_database(tmp_path: Path) -> None:
    (tmp_path / "textdesk.db").touch()
    store = await open_store(tmp_path / "textdesk.db")
    await store.write(telling("a"))
    assert [row.fact.body for row in await told(store)] == [b"a"]
    await store.close()


async def test_what_is_no_file(tmp_path: Path) -> None:
    for name, make, kind in (("folder", os.mkdir, "a directory"), ("pipe", os.mkfifo, "no regular file")):
        path = tmp_path / name
        make(path)
        with pytest.raises(StoreUnavailable) as refused:
            await open_store(path)
        assert str(refused.value) == f"{path} is {kind}; move it away, or name another database file."


async def test_an_sqlite_file_of_another_program_with_a_log(tmp_path: Path) -> None:
    there, here = tmp_path / "there", tmp_path / "here"
    there.mkdir()
    here.mkdir()
    with closing(sqlite3.connect(there / "x.db", isolation_level=None)) as other:
        other.execute("PRAGMA journal_mode = WAL")
        other.execute("CREATE TABLE diary (day TEXT)")
        for ending in ("", "-wal"):  # what a program leaves that was killed
            shutil.copy(there / f"x.db{ending}", here / f"x.db{ending}")
    before = {folder: snapshot(folder) for folder in (there, here)}
    for folder in (there, here):
        with pytest.raises(StoreUnavailable, match=r"has tables \(diary\)"):
            await open_store(folder / "x.db")
    after = {folder: snapshot(folder) for folder in (there, here)}
    after[here].pop("x.db-shm")  # an index of the log, which every reader makes anew
    assert after == before


async def test_an_sqlite_file_of_another_program_in_the_middle_of_a_transaction(tmp_path: Path) -> None:
    there, here = tmp_path / "there", tmp_path / "here"
    there.mkdir()
    here.mkdir()
    with closing(sqlite3.connect(there / "x.db", isolation_level=None)) as other:
        other.execute("PRAGMA cache_size = 1")
        other.execute("CREATE TABLE diary (day TEXT)")
        before = snapshot(there)["x.db"][0]
        other.execute("BEGIN")
        other.executemany("INSERT INTO diary VALUES (?)", [("long " * 100,)] * 100)
        for name in ("x.db", "x.db-journal"):
            shutil.copy(there / name, here / name)
    assert (here / "x.db").read_bytes() != before
    with pytest.raises(StoreUnavailable, match=r"has tables \(diary\)"):
        await open_store(here / "x.db")
    assert {name: content for name, (content, *_) in snapshot(here).items()} == {"x.db": before}  # rolled back


async def test_our_own_file_is_opened_with_the_log_a_killed_core_left(tmp_path: Path) -> None:
    there, here = tmp_path / "there", tmp_path / "here"
    store = await open_store(copied(there / "textdesk.db"))
    await store.write(telling("a"))
    shutil.copytree(there, here)
    await store.close()
    (here / "textdesk.db-shm").unlink()
    again = await open_store(here / "textdesk.db")
    assert [row.fact.body for row in await told(again)] == [b"a"]
    await again.close()
