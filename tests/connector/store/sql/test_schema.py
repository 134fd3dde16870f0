from __future__ import annotations

import asyncio
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import text

from connector.store.ports import StoreUnavailable
from connector.store.sql.engines import engines_for
from connector.store.sql.tables.base import metadata
from tests.connector.store.sql.test_outages import databases_of
from tests.kit.postgres import Postgres
from tests.kit.stores import Place, telling, told


async def test_a_database_is_the_same_when_opened_again(empty_place: Place) -> None:
    store = await empty_place.open()
    name = store.name
    await store.write(telling("a"))
    await store.close()
    again = await empty_place.open()
    assert again.name == name
    assert [row.fact.body for row in await told(again)] == [b"a"]


async def test_cores_that_start_together_make_the_tables_once(empty_place: Place) -> None:
    stores = await asyncio.gather(*(empty_place.open() for _ in range(4)))
    assert len({store.name for store in stores}) == 1
    await asyncio.gather(*(store.write(telling("a")) for store in stores))
    assert [row.position for row in await told(stores[0])] == [1, 2, 3, 4]


async def test_every_database_has_a_name_of_its_own(tmp_path: Path) -> None:
    places = [Place(tmp_path / name) for name in ("one", "two")]
    names = {(await each.open()).name for each in places}
    assert len(names) == 2
    assert "" not in names
    for each in places:
        await each.close()


_TABLES = {
    "sqlite": ["SELECT type, name, sql FROM sqlite_master WHERE tbl_name != 'alembic_version' AND type != 'trigger'"],
    "postgresql": [
        "SELECT table_name, column_name, ordinal_position, data_type, is_nullable, collation_name, column_default "
        "FROM information_schema.columns WHERE table_schema = 'public' AND table_name != 'alembic_version'",
        "SELECT indexdef FROM pg_indexes WHERE schemaname = 'public' AND tablename != 'alembic_version'",
    ],
}


def shape(where: str | Path, make: bool) -> set[tuple[object, ...]]:
    """The tables and indexes of a database, in the engine's own words; made from `tables` first if asked.

    SQLite appends an added column to its words without a new line.
    """
    engines = engines_for(where, 1)
    with engines.writing.begin() as connection:
        if make:
            for index in [each for table in metadata.tables.values() for each in table.indexes]:
                if "sqlite_where" in index.dialect_kwargs:
                    index.dialect_kwargs["postgresql_where"] = index.dialect_kwargs["sqlite_where"]
            metadata.create_all(connection)
        rows = [row for query in _TABLES[engines.writing.dialect.name] for row in connection.execute(text(query))]
    engines.dispose()
    return {tuple(" ".join(each.split()) if isinstance(each, str) else each for each in row) for row in rows}


async def test_the_migrations_make_the_tables_that_the_statements_expect(
    empty_place: Place, postgres_server: Postgres, tmp_path: Path
) -> None:
    await (await empty_place.open()).close()
    with postgres_server.database() as name:
        other = tmp_path / "other.db" if isinstance(empty_place.where, Path) else postgres_server.url(name)
        expected = shape(other, make=True)
    assert len(expected) > 30
    assert shape(empty_place.where, make=False) == expected


async def test_a_migration_that_breaks_off_leaves_nothing_behind(tmp_path: Path) -> None:
    place = Place(tmp_path / "textdesk.db")
    with databases_of(pages=20):
        for _ in range(2):
            with pytest.raises(StoreUnavailable, match="disk is full"):
                await place.open()
    with closing(sqlite3.connect(tmp_path / "textdesk.db")) as other:
        assert other.execute("SELECT name FROM sqlite_master").fetchall() == []
    await place.open()
    await place.close()


async def test_a_database_that_cannot_store_every_text_is_refused(postgres_server: Postgres) -> None:
    definition = "ENCODING 'SQL_ASCII' LOCALE 'C' TEMPLATE template0"
    with postgres_server.database(definition) as name, pytest.raises(StoreUnavailable, match="UTF8"):
        await Place(postgres_server.url(name)).open()
