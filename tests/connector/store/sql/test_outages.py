"""A full disk or an unreachable database is reported in a sentence, nothing is half done, and later writes succeed."""

from __future__ import annotations

import asyncio
import resource
import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, event

from connector.store.ports import StoreUnavailable, Transaction
from connector.store.sql.store import SqlStore, open_store
from connector.store.values import Cutoffs, Fact, HookState
from tests.kit.postgres import Postgres
from tests.kit.stores import NOW, Place, fact, hook, telling, told

PATIENCE_S = 60.0
LARGE = bytes(64 * 1024)


def names(facts: list[Any]) -> list[str]:
    return [row.fact.body.decode() for row in facts]


@contextmanager
def databases_of(pages: int) -> Iterator[None]:
    """Limit files opened by SQLite in this block to so many pages of 4 KiB; beyond, SQLite reports a full disk."""

    def limit(connection: sqlite3.Connection, _: object) -> None:
        connection.execute(f"PRAGMA max_page_count = {pages}")

    event.listen(Engine, "connect", limit)
    try:
        yield
    finally:
        event.remove(Engine, "connect", limit)


@contextmanager
def files_of(size: int) -> Iterator[None]:
    """Let the operating system limit every file of this process to `size` bytes."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


async def fill(store: SqlStore) -> tuple[int, str]:
    """Write large hooks, each with a fact, until a write fails: how many were stored, and the error."""
    for number in range(1000):
        try:
            await store.write(adding_a_large_hook(number))
        except StoreUnavailable as error:
            return number, str(error)
    raise AssertionError("it was never full")


def adding_a_large_hook(number: int) -> Callable[[Transaction], None]:
    def keep(tx: Transaction) -> None:
        tx.hooks.add(hook(id=f"H{number:03}", body=LARGE))
        tx.facts.append([fact(body=str(number).encode())])

    return keep


@pytest.mark.disk
async def test_a_full_disk_is_reported_and_a_purge_makes_room(tmp_path: Path) -> None:
    store = await open_store(tmp_path / "textdesk.db")
    await store.close()
    with databases_of(pages=200):
        store = await open_store(tmp_path / "textdesk.db")
        taken, words = await fill(store)
        assert 0 < taken < 20
        assert "disk is full" in words
        assert names(await told(store)) == [str(number) for number in range(taken)]
        kept = await store.read(lambda reading: reading.hooks(list(HookState), 1000))
        assert len(kept) == taken
        await store.write(lambda tx: tx.purge(Cutoffs(hooks_before=NOW + 1), 1000))
        await store.write(adding_a_large_hook(taken))
        assert names(await told(store)) == [str(number) for number in range(taken + 1)]
        await store.close()


@pytest.mark.disk
async def test_all_use_cases_that_share_a_commit_fail_on_a_full_disk(tmp_path: Path) -> None:
    await (await open_store(tmp_path / "textdesk.db")).close()
    with databases_of(pages=200):
        store = await open_store(tmp_path / "textdesk.db")
        writes = [store.write(adding_a_large_hook(number)) for number in range(60)]
        ends = await asyncio.gather(*writes, return_exceptions=True)
        assert {type(end) for end in ends} <= {type(None), StoreUnavailable}
        taken = [str(number) for number, end in enumerate(ends) if end is None]
        assert len(taken) < 20
        assert names(await told(store)) == taken
        await store.close()


@pytest.mark.disk
async def test_a_failing_disk_is_reported_and_writes_succeed_once_it_works(tmp_path: Path) -> None:
    store = await open_store(tmp_path / "textdesk.db")
    await store.write(telling("before"))
    with files_of(size=1024 * 1024):
        taken, words = await fill(store)
    assert taken > 0
    assert "disk" in words
    expected = ["before", *(str(number) for number in range(taken))]
    assert names(await told(store)) == expected
    await store.write(adding_a_large_hook(taken))
    assert names(await told(store)) == [*expected, str(taken)]
    await store.close()
    again = await open_store(tmp_path / "textdesk.db")
    assert names(await told(again)) == [*expected, str(taken)]
    await again.close()


@pytest.mark.disk
async def test_each_write_to_a_full_disk_fails_at_once(tmp_path: Path) -> None:
    store = await open_store(tmp_path / "textdesk.db")
    with files_of(size=4096):
        async with asyncio.timeout(60):  # another connection would be waited for 5 s each time
            for number in range(20):
                with pytest.raises(StoreUnavailable, match="disk"):
                    await store.write(adding_a_large_hook(number))
    await store.write(telling("after"))
    assert names(await told(store)) == ["after"]
    await store.close()


async def test_a_write_waits_for_another_program_that_holds_the_file(tmp_path: Path) -> None:
    store = await open_store(tmp_path / "textdesk.db")
    begun = threading.Event()

    def use_case(tx: Transaction) -> None:
        begun.set()
        telling("a")(tx)

    other = sqlite3.connect(tmp_path / "textdesk.db", isolation_level=None, check_same_thread=False)
    other.execute("BEGIN IMMEDIATE")
    async with asyncio.TaskGroup() as tasks:
        write = tasks.create_task(store.write(use_case))
        await asyncio.sleep(0)
        assert await told(store) == []
        assert not begun.is_set()
        other.execute("ROLLBACK")
        await write
    other.close()
    await store.close()


class Server:
    """The server's administrator, for one database."""

    def __init__(self, server: Postgres, name: str) -> None:
        self._server = server
        self.name = name
        self.url = server.url(name)

    def run(self, statement: str) -> None:
        with self._server.admin() as admin:
            admin.execute(statement.encode())

    def hang_up(self) -> None:
        """Break every connection to the database."""
        self.run(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{self.name}'")

    def admit(self, whether: bool) -> None:
        self.run(f"ALTER DATABASE {self.name} ALLOW_CONNECTIONS {whether}")


@pytest.fixture
def server(postgres_server: Postgres) -> Iterator[Server]:
    with postgres_server.migrated() as name:
        yield Server(postgres_server, name)


async def test_an_unreachable_database_is_reported_and_used_again_once_it_is_back(server: Server) -> None:
    place = Place(server.url)
    store = await place.open()
    await store.write(telling("before"))
    server.admit(False)
    server.hang_up()
    for _ in range(2):
        with pytest.raises(StoreUnavailable, match="PostgreSQL server cannot be used"):
            await store.write(telling("never"))
        with pytest.raises(StoreUnavailable, match="PostgreSQL server cannot be used"):
            await told(store)
    with pytest.raises(StoreUnavailable, match="PostgreSQL server cannot be used"):
        await place.open()
    server.admit(True)
    await store.write(telling("after"))
    assert names(await told(store)) == ["before", "after"]
    await place.close()


async def test_connections_that_broke_while_idle_are_replaced(server: Server) -> None:
    place = Place(server.url)
    store = await place.open()
    await store.write(telling("before"))
    await told(store)
    server.hang_up()
    assert names(await told(store)) == ["before"]
    await store.write(telling("after"))
    assert names(await told(store)) == ["before", "after"]
    await place.close()


async def test_a_use_case_whose_connection_breaks_is_run_again(server: Server) -> None:
    place = Place(server.url)
    store = await place.open()
    runs: list[Fact] = []

    def unlucky(tx: Transaction) -> None:
        telling("a")(tx)
        tx.agents.all()
        if not runs:
            server.hang_up()
        runs.append(fact())
        tx.agents.all()

    await store.write(unlucky)
    assert len(runs) == 2
    assert names(await told(store)) == ["a"]
    await place.close()


async def test_a_commit_with_an_unknown_outcome_is_reported_and_not_run_again(server: Server) -> None:
    place = Place(server.url)
    store = await place.open()
    await store.write(telling("before"))
    runs: list[str] = []

    def use_case(tx: Transaction) -> None:
        runs.append("once")
        telling("perhaps")(tx)

    def hang_up(_: Connection) -> None:
        server.hang_up()

    event.listen(Engine, "commit", hang_up)
    try:
        with pytest.raises(StoreUnavailable, match="unknown whether it did"):
            await store.write(use_case)
    finally:
        event.remove(Engine, "commit", hang_up)
    assert runs == ["once"]
    await store.write(telling("after"))
    assert names(await told(store))[-1] == "after"
    await place.close()


@pytest.mark.slow
async def test_a_core_that_hangs_in_a_transaction_is_disconnected_by_the_server(server: Server) -> None:
    place = Place(server.url)
    hanging, other = await place.open(), await place.open()
    entered, go_on = threading.Event(), threading.Event()

    def hang(tx: Transaction) -> None:
        telling("late")(tx)
        if not entered.is_set():
            entered.set()
            assert go_on.wait(PATIENCE_S)
        tx.agents.all()

    async with asyncio.TaskGroup() as tasks, asyncio.timeout(PATIENCE_S):
        tasks.create_task(hanging.write(hang))
        await asyncio.to_thread(entered.wait)
        await other.write(telling("first"))
        go_on.set()
    assert names(await told(other)) == ["first", "late"]
    await place.close()
