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
    "r0003_counters.py": "53fec388602b1e1542d2008744f7ba77978775e78cd855bf5c1f4f2e087e9e41",
    "r0004_hook_budgets.py": "6874a8fcaf85bb3df56ad17774565d6bf8adc12d09c4a45b0ccfff08647154de",
    "r0005_people.py": "4d1a2e8a77e9f86538de0301d049253389ad8e5f9c2fb224d3e2c6c1c6159d54",
    "r0006_rights.py": "cc9f46758c16fa51c2f8e22ffe2af1ae89044c6a082a5119caab5c48b67e1fdb",
    "r0007_desks.py": "1c90be045e09bc08ee1ff7e0c20462253e2b3f8d19787f3d3d1c0ed5c788552c",
    "r0008_saved_replies.py": "ffadd3748a307c7ab67c19e7c92813614286511635ccd0417b6b9fbbeddd3309",
    "r0009_contacts.py": "bbabe077291ef928eb2a210dbaabecbf9183fbd4356acbd30c29975d0f66954f",
    "r0010_on_call.py": "28ba871882102f187d032bf8d6675c434b7adeb3ee8e69599981f1f79cd0c18f",
    "r0011_tallies.py": "6042ad0b2db9feac15e6b4c67146653e6c19990e0eeacdaaae6a23daa9a95693",
    "r0012_contact_imports.py": "9e74a3cf660854f9e112fee2c124eb003bfb94a775086f74670622bdee43dfda",
    "r0013_urgent.py": "6260753fe5e0d68a5f0085f7fafd8bce9ea4d759d7dbd226d2cf51aee3591d29",
    "r0014_snooze.py": "d796baf6fe6a285b2c5fbbf507f847778a5227c307722276c9635e6f2a561982",
    "r0015_search.py": "272e2d636b4e57bb6c315c9dc24a3790f2f27f49bc1ef23f8f424786a04e19b7",
    "r0016_scheduled.py": "bb8aebd9c9c2f769686a6963c45fe2f1e628c70073890c44b0270202e2c0d8d5",
    "r0017_mentions.py": "24e03d0eab52015c1db34a5fb2ba7f9c4283ff7b10b25b70be7578caa070e04f",
    "r0018_off_duty.py": "d29163d1dea20d4fa09a14f7877c796c7837cde2e31c8d180d7fea94886bae7b",
    "r0019_never_received.py": "08937d6c7917aa0c563822c9ce74a64318d62df6f315c96ae6d801f564c90502",
    "r0020_search_by_conversation.py": "085a4b9e5fe2e3beefce53072a9f0c12a8e9224a76640796c19d581ad5284564",
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


def test_each_revision_has_the_shape_recorded_for_it(empty_place: Place) -> None:
    """One after another, as they come to a database that is there from the first on."""
    engines = engines_for(empty_place.where, 1)
    for number, shape in SHAPES.items():
        with engines.writing.begin() as connection:
            upgrade(connection, number)
            engine = connection.dialect.name
            columns = {tuple(row) for row in connection.execute(text(identify.COLUMNS[engine]))}
            indexes = {row[0] for row in connection.execute(text(identify.INDEXES[engine]))}
            assert revision(connection) == number
        ours = {(table, column) for table, names in shape.columns.items() for column in names}
        assert columns - {("alembic_version", "version_num")} == ours, number
        # The rest belong to keys, and are named by the engine.
        own = {name for name in indexes if not name.endswith(("_pkey", "_pkc", "_key")) and "autoindex" not in name}
        assert own == shape.indexes, number
    engines.dispose()


@pytest.mark.parametrize("number", SHAPES)
async def test_a_database_of_every_revision_is_brought_up_to_date(number: str, empty_place: Place) -> None:
    engines = engines_for(empty_place.where, 1)
    with engines.writing.begin() as connection:
        upgrade(connection, number)
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


async def test_tables_of_0004_that_a_build_called_0003_are_brought_up_to_date(empty_place: Place) -> None:
    engines = engines_for(empty_place.where, 1)
    with engines.writing.begin() as connection:
        upgrade(connection, "0004")
        connection.execute(text("UPDATE alembic_version SET version_num = '0003'"))
        connection.execute(text("INSERT INTO hook_budgets (name, size) VALUES ('genuine main', 7)"))
    await empty_place.open()
    with engines.writing.begin() as connection:
        assert revision(connection) == HEAD
        assert connection.execute(text("SELECT size FROM hook_budgets")).scalar_one() == 7
    engines.dispose()


_ROWS = """
    INSERT INTO messages (id, conversation_id, account, line, consumer, seq, direction, text, at, status, status_at,
        overflow, code, words, encoding, segments, media, is_recovered)
    VALUES ('{0}', 'C1', 'main', '+15550100', '+15550123', 1, '{1}', 'Hello', {2}, '{3}', {2}, '', {4}, {5}, 'GSM-7',
        1, '[]', {6})
"""
_HOUR = 3_600_000


@pytest.mark.parametrize("number", ["0002", "0003"])  # 0003 has counters, and nothing counted yet
async def test_counters_are_filled_from_what_a_database_has(number: str, empty_place: Place) -> None:
    engines = engines_for(empty_place.where, 1)
    newest = 100 * 24 * _HOUR
    rows = [
        ("M1", "inbound", 7, "received", "NULL", "NULL", "true"),  # longer ago than minutes are kept
        ("M2", "inbound", newest, "received", "NULL", "NULL", "false"),
        ("M3", "inbound", newest + 59_999, "received", "NULL", "NULL", "false"),
        ("M4", "reply", newest + 1, "failed", "'21610'", "'opted out'", "false"),
        ("M5", "reply", newest + 2, "failed", "'21610'", "'stopped'", "false"),
        ("M6", "reply", newest + 3, "queued", "'20429'", "'tried again at 9'", "false"),
    ]
    with engines.writing.begin() as connection:
        upgrade(connection, number)
        connection.execute(text("UPDATE stream SET position = 5"))
        for row in rows:
            connection.execute(text(_ROWS.format(*row)))
        for name, account, reason in (("H1", "main", "no signature"), ("H2", "made-up", "there is no such account")):
            connection.execute(
                text(
                    "INSERT INTO hooks (id, at, account, path, url, headers, body, state, reason)"
                    f" VALUES ('{name}', {newest + 4}, '{account}', '', '', '{{}}', '', 'refused', '{reason}')"
                )
            )
        upgrade(connection)
        found = connection.execute(
            text("SELECT span, at, line, kind, status, code, words, count, last_at, position FROM counters")
        )
        counted = {tuple(row) for row in found}
    engines.dispose()
    line = "+15550100"
    minutes = {
        (newest, line, "inbound", "received", "", "", 2, newest + 59_999, 0),
        (newest, line, "reply", "failed", "21610", "opted out", 1, newest + 1, 0),
        (newest, line, "reply", "failed", "21610", "stopped", 1, newest + 2, 0),
        (newest, line, "reply", "queued", "20429", "", 1, newest + 3, 0),
        (newest, "", "hook", "refused", "", "", 1, newest + 4, 0),
    }
    hours = {
        (newest, line, "inbound", "received", "", "", 2, newest + 59_999, 0),
        (newest, line, "reply", "failed", "21610", "", 2, newest + 2, 0),
        (newest, line, "reply", "queued", "20429", "", 1, newest + 3, 0),
        (newest, "", "hook", "refused", "", "", 1, newest + 4, 0),
        (0, line, "inbound", "received", "", "", 1, 7, 0),
        (0, line, "recovered", "received", "", "", 1, 7, 0),
    }
    in_all = {
        (0, line, "inbound", "received", "", "", 3, newest + 59_999, 0),
        (0, line, "recovered", "received", "", "", 1, 7, 0),
        (0, line, "reply", "failed", "21610", "", 2, newest + 2, 0),
        (0, line, "reply", "queued", "20429", "", 1, newest + 3, 0),
        (0, "", "hook", "refused", "", "", 1, newest + 4, 0),
    }
    assert counted == {(span, *row) for span, rows in ((60_000, minutes), (_HOUR, hours), (0, in_all)) for row in rows}
