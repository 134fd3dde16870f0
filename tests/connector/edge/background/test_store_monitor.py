"""A store that cannot commit is known to be so until it can again."""

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

PATIENCE_S = 10


def keep_a_call(tx: Transaction) -> None:
    tx.hooks.add(hook(body=bytes(64 * 1024)))


@asynccontextmanager
async def watched(store: SqlStore) -> AsyncIterator[tuple[MonitoredStore, SteppingClock]]:
    clock = SteppingClock()
    watching = MonitoredStore(store, clock)
    task = asyncio.get_running_loop().create_task(watching.run())
    yield watching, clock
    task.cancel()


async def pass_a_second(store: SqlStore, clock: SteppingClock) -> None:
    """What the store is tried with meanwhile has ended afterwards: writes take turns."""
    clock.advance(1)
    for _ in range(3):
        await asyncio.sleep(0)
    with contextlib.suppress(StoreUnavailable):
        await store.write(lambda tx: None)


async def until_well(watching: MonitoredStore, store: SqlStore, clock: SteppingClock) -> int:
    """How many seconds it takes to find out."""
    began = clock.now()
    async with asyncio.timeout(PATIENCE_S):
        while watching.problem() is not None:
            await pass_a_second(store, clock)
    return (clock.now() - began) // 1000


async def test_a_full_disk_is_known_until_something_can_be_written_again(store: SqlStore) -> None:
    async with watched(store) as (watching, clock):
        assert watching.problem() is None
        with files_of(4096):
            with pytest.raises(StoreUnavailable) as failed:
                await watching.write(keep_a_call)
            assert watching.problem() == str(failed.value)
            for _ in range(60):  # its own tries fail as well
                await pass_a_second(store, clock)
            assert watching.problem() == str(failed.value)
        assert await until_well(watching, store, clock) <= 15
        await watching.write(keep_a_call)
        assert watching.problem() is None


async def test_what_is_refused_is_no_trouble(store: SqlStore) -> None:
    def refuse(tx: Transaction) -> None:
        raise ValueError("no")

    async with watched(store) as (watching, _):
        with pytest.raises(ValueError, match="no"):
            await watching.write(refuse)
        assert watching.problem() is None


async def test_one_that_does_not_answer_is_known_while_it_is_silent_and_some_seconds_after(store: SqlStore) -> None:
    held = threading.Event()
    async with watched(store) as (watching, clock):
        waiting = asyncio.get_running_loop().create_task(watching.write(lambda tx: held.wait()))
        async with asyncio.timeout(PATIENCE_S):
            while watching.problem() is None:
                clock.advance(1)
                await asyncio.sleep(0)
        assert watching.problem() == "The database does not answer."
        held.set()
        assert await waiting
        assert watching.problem() is None

        held.clear()
        given_up = asyncio.get_running_loop().create_task(watching.write(lambda tx: held.wait()))
        await asyncio.sleep(0)  # it has begun
        clock.advance(12)
        given_up.cancel()  # as the door does
        await asyncio.wait([given_up])
        assert watching.problem() == "The database does not answer."
        held.set()
        assert await until_well(watching, store, clock) <= 15
