"""Migrations that have landed: they never change, and make the shape that is recorded for their revision."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path

import pytest
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import text

import connector.store.migrations.versions
from connector.store.migrations.shapes import HEAD, SHAPES
from connector.store.sql import identify
from connector.store.sql.engines import engines_for
from connector.store.sql.schema import revision, upgrade
from tests.kit.stores import Place

# A new migration adds a line; the others stay as they are. What a landed one should have made differently is the next.
LANDED = {
    "r0001_first.py": "609f19af2de403dc9aaf1296bcbbf0440832c0059ede5b177017460eff8bd827",
    "r0002_pictures.py": "ecfe118a600d3ee51fe5b3389c61952b37999484a83862dc17ad755f391cdf05",
}


def test_landed_migrations_never_change() -> None:
    (folder,) = connector.store.migrations.versions.__path__
    found = {path.name: sha256(path.read_bytes()).hexdigest() for path in Path(folder).glob("r*.py")}
    assert found == LANDED


def test_every_migration_has_a_shape_and_the_newest_is_known_without_loading_them() -> None:
    config = Config()
    config.set_main_option("script_location", next(iter(connector.store.migrations.__path__)))
    scripts = ScriptDirectory.from_config(config)
    assert {script.revision for script in scripts.walk_revisions()} == SHAPES.keys()
    assert scripts.get_current_head() == HEAD


@pytest.mark.parametrize("number", SHAPES)
def test_each_revision_has_the_shape_recorded_for_it(number: str, empty_place: Place) -> None:
    engines = engines_for(empty_place.where, 1)
    with engines.writing.begin() as connection:
        upgrade(connection, number)
        engine = connection.dialect.name
        columns = {tuple(row) for row in connection.execute(text(identify.COLUMNS[engine]))}
        indexes = {row[0] for row in connection.execute(text(identify.INDEXES[engine]))}
        assert revision(connection) == number
    engines.dispose()
    shape = SHAPES[number]
    ours = {(table, column) for table, names in shape.columns.items() for column in names}
    assert columns - {("alembic_version", "version_num")} == ours
    # The rest belong to keys, and are named by the engine.
    assert {name for name in indexes if not name.endswith(("_pkey", "_pkc", "_key")) and "autoindex" not in name} == (
        shape.indexes
    )


async def test_a_database_of_every_earlier_revision_is_brought_up_to_date(empty_place: Place) -> None:
    engines = engines_for(empty_place.where, 1)
    with engines.writing.begin() as connection:
        upgrade(connection, "0001")
        connection.execute(text("INSERT INTO marks (name, at) VALUES ('pause main', 7)"))
        name = connection.execute(text("SELECT name FROM stream")).scalar_one()
    engines.dispose()
    store = await empty_place.open()
    assert store.name == name
    engines = engines_for(empty_place.where, 1)
    with engines.writing.begin() as connection:
        assert revision(connection) == HEAD
        assert connection.execute(text("SELECT at FROM marks")).scalar_one() == 7
    engines.dispose()
