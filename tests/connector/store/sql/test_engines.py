from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Connection, Engine, event

from connector.store.ports import StoreUnavailable
from connector.store.sql.store import open_store
from tests.kit.postgres import Postgres
from tests.kit.stores import Place, telling, told


@pytest.fixture
def open_mask() -> Iterator[None]:
    """A umask that lets all users read new files."""
    before = os.umask(0o000)
    yield
    os.umask(before)


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@pytest.mark.usefixtures("open_mask")
async def test_only_the_owner_can_read_the_files_of_the_store(tmp_path: Path) -> None:
    folder = tmp_path / "data" / "textdesk"
    store = await open_store(folder / "textdesk.db")
    await store.write(telling("a"))
    await told(store)
    files = sorted(folder.iterdir())
    assert [file.name for file in files] == ["textdesk.db", "textdesk.db-shm", "textdesk.db-wal"]
    assert {mode(file) for file in files} == {0o600}
    assert mode(folder) == 0o700
    await store.close()


@pytest.mark.usefixtures("open_mask")
async def test_a_file_readable_by_others_gets_mode_0600(tmp_path: Path) -> None:
    path = tmp_path / "textdesk.db"
    await (await open_store(path)).close()
    path.chmod(0o644)
    await (await open_store(path)).close()
    assert mode(path) == 0o600


async def test_a_file_can_be_named_by_path_or_url(tmp_path: Path) -> None:
    path = tmp_path / "text desk%20.db"
    place = Place(path)
    name = (await place.open()).name
    await place.close()
    for where in (str(path), f"sqlite:///{path}".replace("%", "%25")):
        other = Place(where)
        assert (await other.open()).name == name
        await other.close()


async def test_every_scheme_for_postgresql_is_accepted(postgres_url: str) -> None:
    names = set()
    for scheme in ("postgresql://", "postgres://", "postgresql+psycopg://"):
        place = Place(postgres_url.replace("postgresql://", scheme))
        names.add((await place.open()).name)
        await place.close()
    assert len(names) == 1


CANNOT: dict[str, str] = {
    "mysql://localhost/textdesk": "mysql",
    "postgresql+asyncpg://localhost/textdesk": "asyncpg",
    "sqlite://": "sqlite",
    "://": "cannot be read",
    "postgresql://ann:hunter2@localhost:port/textdesk": "cannot be read",
    "postgresql://ann:hunter2@127.0.0.1:9/textdesk": "cannot be used",
}


@pytest.mark.parametrize("where", CANNOT)
async def test_a_refusal_does_not_contain_the_password(where: str) -> None:
    with pytest.raises(StoreUnavailable, match=CANNOT[where]) as refused:
        await open_store(where)
    assert "hunter2" not in str(refused.value)


async def test_a_missing_database_is_named(postgres_server: Postgres) -> None:
    with pytest.raises(StoreUnavailable, match="nowhere"):
        await open_store(postgres_server.url("nowhere"))


async def test_a_file_that_is_no_database_is_not_changed(tmp_path: Path) -> None:
    path = tmp_path / "textdesk.db"
    path.write_text("Dear diary, " * 1000)
    with pytest.raises(StoreUnavailable, match="not a database"):
        await open_store(path)
    assert path.read_text() == "Dear diary, " * 1000


async def test_a_path_where_no_file_can_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(StoreUnavailable, match="another data directory"):
        await open_store(tmp_path / "file" / "textdesk.db")
    with pytest.raises(StoreUnavailable, match="is a directory; move it away"):
        await open_store(tmp_path)


async def test_sqlite_syncs_every_commit(tmp_path: Path) -> None:
    found: list[tuple[object, object]] = []

    def look(connection: Connection) -> None:
        found.append(
            (
                connection.exec_driver_sql("PRAGMA synchronous").scalar(),
                connection.exec_driver_sql("PRAGMA journal_mode").scalar(),
            )
        )

    place = Place(tmp_path / "textdesk.db")
    store = await place.open()
    event.listen(Engine, "commit", look)
    try:
        await store.write(telling("a"))
    finally:
        event.remove(Engine, "commit", look)
    assert found == [(2, "wal")]  # 2 is FULL: https://www.sqlite.org/pragma.html#pragma_synchronous
    await place.close()


async def test_commits_are_synced_even_where_the_server_is_configured_not_to_sync(
    postgres_server: Postgres,
) -> None:
    with postgres_server.database() as name, postgres_server.admin() as admin:
        admin.execute(f"ALTER DATABASE {name} SET synchronous_commit = off".encode())
        admin.execute("ALTER SYSTEM SET wal_writer_delay = '10s'")  # or it would sync by itself, a moment later
        admin.execute("SELECT pg_reload_conf()")
        place = Place(postgres_server.url(name))
        store = await place.open()
        before = admin.execute("SELECT pg_current_wal_insert_lsn()").fetchone()
        await store.write(telling("a"))
        assert before is not None
        assert admin.execute("SELECT pg_current_wal_flush_lsn() > %s", before).fetchone() == (True,)
        await place.close()
        admin.execute("ALTER SYSTEM RESET wal_writer_delay")
        admin.execute("SELECT pg_reload_conf()")
