from __future__ import annotations

import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path

import pytest

from connector.doctor.checks.search import judge as judge_index
from connector.doctor.store_evidence import DAY_MS, StoreEvidence, read
from connector.store.migrations.shapes import HEAD
from connector.store.ports import Store
from connector.store.search import IndexTrouble
from connector.store.sql.store import open_store
from connector.store.values import HookState, RawHook
from tests.kit.searching import index
from tests.kit.stores import conversation, message
from tests.kit.templates import copied

NOW = 1_790_000_000_000


@pytest.fixture(params=["sqlite", "postgresql"])
async def where(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[tuple[str | None, Path]]:
    """The configured database and the data directory, with some hooks stored."""
    url = None if request.param == "sqlite" else request.getfixturevalue("postgres_url")
    store = await open_store(url or copied(tmp_path / "textdesk.db"))
    await keep(store)
    yield url, tmp_path
    await store.close()


async def keep(store: Store) -> None:
    def add(id_: str, at: int, state: HookState) -> None:
        hooks.append(RawHook(id_, at, "main", "/hooks/twilio/main/inbound", "https://x", {}, b"a=1", state, "why"))

    hooks: list[RawHook] = []
    add("old", NOW - DAY_MS - 1, HookState.REFUSED)
    add("refused", NOW - 2000, HookState.REFUSED)
    add("unroutable", NOW - 1000, HookState.UNROUTABLE)
    add("taken", NOW - 500, HookState.TAKEN)
    for hook in hooks:
        await store.write(lambda tx, hook=hook: tx.hooks.add(hook))  # type: ignore[misc]


async def test_one_day_of_an_open_database(where: tuple[str | None, Path]) -> None:
    found = read(*where, NOW)
    assert (found.trouble, found.revision, found.damage, found.is_current) == ("", HEAD, "", True)
    assert [hook.id for hook in found.set_aside] == ["unroutable", "refused"]
    assert [hook.id for hook in found.taken] == ["taken"]
    assert found.last_hook_at.keys() == {"main"}


async def test_a_damaged_index_for_search_is_no_damage_of_the_database(tmp_path: Path) -> None:
    store = await open_store(copied(tmp_path / "textdesk.db"))
    await store.write(lambda tx: tx.conversations.insert(conversation()))
    await store.write(lambda tx: tx.messages.add_once(message()))
    await index(store)
    await store.close()
    found = read(None, tmp_path, NOW)
    assert found.index is not None
    assert (found.damage, found.index.trouble, found.index.number) == ("", IndexTrouble.NONE, 1)
    with closing(sqlite3.connect(tmp_path / "textdesk.db")) as connection:
        ((size,),) = connection.execute("PRAGMA page_size").fetchall()
        (root,) = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = 'search_terms_data'").fetchone()
    with (tmp_path / "textdesk.db").open("r+b") as file:
        file.seek((root - 1) * size)
        file.write(b"\xee" * size)
    found = read(None, tmp_path, NOW)
    assert found.index is not None
    assert (found.damage, found.trouble, found.index.trouble) == ("", "", IndexTrouble.DAMAGED)
    assert "textdesk search --rebuild" in judge_index(found.index).advice


async def test_it_writes_nothing(tmp_path: Path) -> None:
    assert read(None, tmp_path / "data", NOW) == StoreEvidence("SQLite")
    assert read(str(tmp_path / "named.db"), tmp_path, NOW) == StoreEvidence("SQLite")
    assert list(tmp_path.iterdir()) == []

    data = tmp_path / "an odd?name#%41"
    store = await open_store(copied(data / "textdesk.db"))
    await keep(store)
    await store.close()
    before = {path.name: (path.read_bytes(), path.stat().st_mode) for path in data.iterdir()}
    assert read(None, data, NOW).is_current
    assert {path.name: (path.read_bytes(), path.stat().st_mode) for path in data.iterdir()} == before


def test_a_database_of_an_unknown_revision_is_not_read_further(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "textdesk.db") as connection:
        connection.execute("CREATE TABLE alembic_version (version_num TEXT)")
        connection.execute("INSERT INTO alembic_version VALUES ('0000')")
    connection.close()
    found = read(None, tmp_path, NOW)
    assert (found.revision, found.is_current) == (None, False)
    assert "revision 0000, which is none of Textdesk's" in found.trouble


@pytest.mark.parametrize("url", ["mysql://x/y", "postgresql://nobody@127.0.0.1:1/none", "postgresql://["])
def test_a_database_that_cannot_be_opened(url: str, tmp_path: Path) -> None:
    found = read(url, tmp_path, NOW)
    assert found.trouble
    assert not found.is_current
