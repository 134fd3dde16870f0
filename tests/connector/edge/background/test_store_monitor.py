"""A store that cannot commit has a problem until it can commit again."""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from connector.base.clock import SteppingClock
from connector.edge.background.store_monitor import MonitoredStore
from connector.store.ports import StoreUnavailable, Transaction
from connector.store.sql.store import SqlStore
from tests.connector.store.sql.test_outages import files_of
from tests.kit.stores import hook

PATIENCE_S = 60.0


def store_a_hook(tx: Transaction) -> None:
    tx.hooks.add(hook(body=bytes(64 * 1024)))


@asynccontextmanager
async def monitor(store: SqlStore) -> AsyncIterator[tuple[MonitoredStore, SteppingClock]]:
    clock = SteppingClock()
    monitored = MonitoredStore(store, clock)
    task = asyncio.get_running_loop().create_task(monitored.run())
    yield monitored, clock
    task.cancel()


async def pass_a_second(store: SqlStore, clock: SteppingClock) -> None:
    """Move the clock, and wait until the monitor's own write has ended: writes take turns."""
    clock.advance(1)
    for _ in range(3):
        await asyncio.sleep(0)
    with contextlib.suppress(StoreUnavailable):
        await store.write(lambda tx: None)


async def until_well(monitored: MonitoredStore, store: SqlStore, clock: SteppingClock) -> int:
    """The seconds until the problem is over."""
    began = clock.now()
    async with asyncio.timeout(PATIENCE_S):
        while monitored.problem() is not None:
            await pass_a_second(store, clock)
    return (clock.now() - began) // 1000


async def test_a_full_disk_is_a_problem_until_something_can_be_written_again(store: SqlStore) -> None:
    async with monitor(store) as (monitored, clock):
        assert monitored.problem() is None
        with files_of(4096):
            with pytest.raises(StoreUnavailable) as failed:
                await monitored.write(store_a_hook)
            assert monitored.problem() == str(failed.value)
            for _ in range(60):  # its own writes fail as well
                await pass_a_second(store, clock)
            assert monitored.problem() == str(failed.value)
        assert await until_well(monitored, store, clock) <= 15
        await monitored.write(store_a_hook)
        assert monitored.problem() is None


async def test_a_refused_use_case_is_no_problem(store: SqlStore) -> None:
    def refuse(tx: Transaction) -> None:
        raise ValueError("no")

    async with monitor(store) as (monitored, _):
        with pytest.raises(ValueError, match="no"):
            await monitored.write(refuse)
        assert monitored.problem() is None


async def test_a_silent_database_is_a_problem_while_it_is_silent_and_some_seconds_after(store: SqlStore) -> None:
    held = threading.Event()
    async with monitor(store) as (monitored, clock):
        waiting = asyncio.get_running_loop().create_task(monitored.write(lambda tx: held.wait()))
        async with asyncio.timeout(PATIENCE_S):
            while monitored.problem() is None:
                clock.advance(1)
                await asyncio.sleep(0)
        assert monitored.problem() == "The database does not answer."
        held.set()
        assert await waiting
        assert monitored.problem() is None

        held.clear()
        cancelled = asyncio.get_running_loop().create_task(monitored.write(lambda tx: held.wait()))
        await asyncio.sleep(0)  # it has begun
        clock.advance(12)
        cancelled.cancel()  # as the hook handler does at its time limit
        await asyncio.wait([cancelled])
        assert monitored.problem() == "The database does not answer."
        held.set()
        assert await until_well(monitored, store, clock) <= 15
