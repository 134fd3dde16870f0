from __future__ import annotations

import asyncio
import gc
import os
import signal
import sys
import threading
import weakref
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from functools import partial
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, event

from connector.store.ports import Raced, StoreUnavailable, Transaction
from connector.store.sql.store import SqlStore
from tests.kit.stores import Place, fact, hook, message, telling, told

PATIENCE_S = 60.0
WRITES_UNTIL_KILLED = """
import asyncio, sys
from connector.store.sql.store import open_store
from tests.kit.stores import telling

async def main():
    store = await open_store(sys.argv[1])

    async def write(writer):
        for number in range(1_000_000):
            await store.write(telling(f"{writer} {number}"))
            print(writer, number, flush=True)

    await asyncio.gather(*map(write, range(8)))

asyncio.run(main())
"""


@contextmanager
def counting_commits() -> Iterator[list[Connection]]:
    """Every commit of every engine in this process, as SQLAlchemy reports them."""
    commits: list[Connection] = []

    def count(connection: Connection) -> None:
        commits.append(connection)

    event.listen(Engine, "commit", count)
    try:
        yield commits
    finally:
        event.remove(Engine, "commit", count)


@asynccontextmanager
async def held_up(store: SqlStore) -> AsyncIterator[None]:
    """Keep the writer busy inside one use case, so that all writes begun in this block wait together."""
    entered, go_on = asyncio.Event(), threading.Event()
    loop = asyncio.get_running_loop()

    def hold(_: Transaction) -> None:
        loop.call_soon_threadsafe(entered.set)
        assert go_on.wait(PATIENCE_S)

    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(store.write(hold))
        async with asyncio.timeout(PATIENCE_S):
            await entered.wait()
        yield
        await asyncio.sleep(0)  # let what was begun reach the writer
        go_on.set()


async def test_the_value_of_a_use_case_is_returned(store: SqlStore) -> None:
    assert await store.write(lambda tx: ("any", tx.messages.add_once(message()))) == ("any", True)


async def test_use_cases_that_wait_together_share_a_commit(store: SqlStore) -> None:
    with counting_commits() as commits:
        async with asyncio.TaskGroup() as tasks, held_up(store):
            writes = [tasks.create_task(store.write(telling(str(number)))) for number in range(50)]
    assert len(commits) == 2
    assert all(write.done() for write in writes)
    assert [row.fact.body.decode() for row in await told(store)] == [str(number) for number in range(50)]


async def test_a_use_case_that_has_ended_is_freed_without_the_garbage_collector(store: SqlStore) -> None:
    """A reference cycle for each hook is a twentieth of its processor time."""
    use_case = telling("a")
    freed = weakref.ref(use_case)
    gc.disable()
    try:
        await store.write(use_case)
        del use_case
        await store.write(telling("b"))  # the writer has let go of the one before
        assert freed() is None
    finally:
        gc.enable()


class Refusal(BaseException):
    """No subclass of Exception."""


async def test_a_failing_use_case_does_not_affect_those_that_share_its_commit(store: SqlStore) -> None:
    def fail(tx: Transaction, kind: type[BaseException]) -> None:
        tx.messages.add_once(message())
        tx.hooks.add(hook())
        telling("never")(tx)
        raise kind("no")

    async def outcome(use_case: Any) -> BaseException | None:
        try:
            await store.write(use_case)
        except BaseException as error:
            return error
        return None

    kinds = [LookupError, StopIteration, Refusal, asyncio.CancelledError]
    expected = [LookupError, RuntimeError, Refusal, asyncio.CancelledError]  # no coroutine can raise StopIteration
    async with asyncio.TaskGroup() as tasks, held_up(store):
        good = [tasks.create_task(outcome(telling(name))) for name in "ab"]
        bad = [tasks.create_task(outcome(partial(fail, kind=kind))) for kind in kinds]
        good += [tasks.create_task(outcome(telling(name))) for name in "cd"]
    assert [each.result() for each in good] == [None] * 4
    assert [type(each.result()) for each in bad] == expected
    assert [type(await outcome(partial(fail, kind=kind))) for kind in kinds] == expected  # alone, too
    assert [row.fact.body for row in await told(store)] == [b"a", b"b", b"c", b"d"]
    assert await store.write(lambda tx: tx.messages.get("M1")) is None


async def test_a_use_case_whose_facts_cannot_be_written_fails_alone(store: SqlStore) -> None:
    async with asyncio.TaskGroup() as tasks, held_up(store):
        good = [tasks.create_task(store.write(telling(str(number)))) for number in range(5)]
        bad = tasks.create_task(outcome_of(store, fact(at=1 << 70)))
        more = [tasks.create_task(store.write(telling(str(number)))) for number in range(5, 9)]
    assert bad.result() is not None
    assert all(each.done() for each in good + more)
    assert [row.fact.body.decode() for row in await told(store)] == [str(number) for number in range(9)]


async def outcome_of(store: SqlStore, *facts: Any) -> Exception | None:
    try:
        await store.write(lambda tx: tx.facts.append(facts))
    except Exception as error:
        return error
    return None


async def test_a_use_case_that_raced_is_rolled_back_and_run_again(store: SqlStore) -> None:
    runs: list[str] = []

    def race(tx: Transaction, name: str) -> None:
        runs.append(name)
        assert tx.messages.add_once(message(id=name, ref=name))
        telling(name)(tx)
        if runs.count(name) < 3:
            raise Raced

    await store.write(partial(race, name="alone"))
    async with asyncio.TaskGroup() as tasks, held_up(store):
        for name in ("a", "b", "c"):
            tasks.create_task(store.write(telling(f"beside {name}")))
            tasks.create_task(store.write(partial(race, name=name)))
    assert all(runs.count(name) == 3 for name in ("alone", "a", "b", "c"))
    names = [row.fact.body.decode() for row in await told(store)]
    assert sorted(names) == sorted(["alone", "a", "b", "c", "beside a", "beside b", "beside c"])


async def test_a_use_case_that_always_races_fails(store: SqlStore) -> None:
    runs = 0

    def race(tx: Transaction) -> None:
        nonlocal runs
        runs += 1
        telling("never")(tx)
        raise Raced

    with pytest.raises(StoreUnavailable):
        await store.write(race)
    assert 1 < runs < 100
    assert await told(store) == []


async def test_cancelling_a_wait_undoes_nothing(store: SqlStore) -> None:
    async with asyncio.TaskGroup() as tasks, held_up(store):
        impatient = tasks.create_task(store.write(telling("a")))
        tasks.create_task(store.write(telling("b")))
        await asyncio.sleep(0)
        impatient.cancel()
    assert impatient.cancelled()
    assert [row.fact.body for row in await told(store)] == [b"a", b"b"]


async def test_closing_finishes_accepted_writes_and_refuses_further_ones(place: Place) -> None:
    store = await place.open()
    async with asyncio.TaskGroup() as tasks:
        async with held_up(store):
            writes = [tasks.create_task(store.write(telling(str(number)))) for number in range(200)]
            await asyncio.sleep(0)
            closing = tasks.create_task(store.close())
            await asyncio.sleep(0)
            with pytest.raises(StoreUnavailable):
                await store.write(telling("late"))
            with pytest.raises(StoreUnavailable):
                await store.read(lambda reading: reading.position())
        await closing
    assert all(write.done() for write in writes)
    await store.close()  # a second time does nothing
    assert len(await told(await place.open())) == 200


@pytest.mark.disk
async def test_after_kill_9_everything_acknowledged_is_there(place: Place) -> None:
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    victim = await asyncio.create_subprocess_exec(
        sys.executable, "-c", WRITES_UNTIL_KILLED, str(place.where), stdout=asyncio.subprocess.PIPE, env=environment
    )
    assert victim.stdout is not None
    async with asyncio.timeout(PATIENCE_S):
        acknowledged = [await victim.stdout.readline() for _ in range(300)]
        victim.send_signal(signal.SIGKILL)
        acknowledged += (await victim.stdout.read()).splitlines(keepends=True)
        assert await victim.wait() == -signal.SIGKILL
    whole = {line.decode().strip() for line in acknowledged if line.endswith(b"\n")}
    store = await place.open()
    rows = await told(store)
    assert whole <= {row.fact.body.decode() for row in rows}
    assert [row.position for row in rows] == list(range(1, len(rows) + 1))
    assert await store.read(lambda reading: reading.position()) == len(rows)
    await store.write(telling("on we go"))
    assert (await told(store))[-1].position == len(rows) + 1


async def test_what_a_use_case_changes_in_memory_comes_between_its_commit_and_every_other(store: SqlStore) -> None:
    """Before it, neither is seen; after it, both are."""
    in_memory: list[str] = []
    seen: list[tuple[bool, bool]] = []

    def change(tx: Transaction) -> None:
        tx.messages.add_once(message())

    def look(tx: Transaction) -> None:
        seen.append((tx.messages.get("M1") is not None, bool(in_memory)))

    async with asyncio.TaskGroup() as tasks, held_up(store):
        for _ in range(20):
            tasks.create_task(store.write(look))
        tasks.create_task(store.write(change, lambda: in_memory.append("changed")))
        for _ in range(20):
            tasks.create_task(store.write(look))
    assert seen == [(False, False)] * 20 + [(True, True)] * 20
    assert in_memory == ["changed"]


@pytest.mark.parametrize("error", [LookupError(), StoreUnavailable("The disk is full.")])
async def test_what_could_not_be_committed_changes_nothing_in_memory(store: SqlStore, error: Exception) -> None:
    in_memory: list[str] = []

    def fail(tx: Transaction) -> None:
        tx.messages.add_once(message())
        raise error

    with pytest.raises(type(error)):
        await store.write(fail, lambda: in_memory.append("changed"))
    assert in_memory == []
    assert await store.write(lambda tx: tx.messages.get("M1")) is None
