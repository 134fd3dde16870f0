from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest

from connector.store.base import Transaction
from connector.store.sql import SqlStore
from tests.kit.postgres import Postgres
from tests.kit.stores import NOW, Place, agent, telling, told, work

PATIENCE_S = 20.0
LONG_S = 600.0

CHANGES: list[Callable[[Transaction], object]] = [
    telling("something"),
    lambda tx: tx.work.add(work(id="W2", lane="2")),
    lambda tx: tx.work.done("W1"),
    lambda tx: tx.work.postpone("W1", NOW),
    lambda tx: tx.work.release_node("n1", NOW),
]


async def test_who_waits_hears_of_facts_and_work_here_and_at_other_cores(place: Place) -> None:
    here, there = await place.cores(2)
    await here.write(lambda tx: tx.work.add(work()))
    for change in CHANGES:
        seen = [await each.changed(0.0) for each in (here, there)]
        async with asyncio.timeout(PATIENCE_S):
            waits = [each.changed(LONG_S, was) for each, was in zip((here, there), seen, strict=True)]
            await asyncio.gather(*waits, here.write(change))


async def test_a_change_made_between_two_waits_is_not_missed(store: SqlStore) -> None:
    seen = await store.changed(0.0)
    await store.write(telling("a"))
    async with asyncio.timeout(PATIENCE_S):
        seen = await store.changed(LONG_S, seen)
    assert await store.changed(0.01, seen) == seen


async def test_a_wait_ends_after_its_time(store: SqlStore) -> None:
    async with asyncio.timeout(PATIENCE_S):
        await store.changed(0.01)
        await store.changed(0.0)


async def test_a_use_case_that_fails_or_tells_nothing_wakes_nobody(place: Place) -> None:
    store, other = await place.cores(2)

    def fail(tx: Transaction) -> None:
        CHANGES[0](tx)
        CHANGES[1](tx)
        raise LookupError

    async with asyncio.timeout(PATIENCE_S):
        while isinstance(place.where, str) and 0 in [await each.changed(0.05, 0) for each in (store, other)]:
            pass  # that a listener has begun counts as a change, as it may have missed some
    seen = [await each.changed(0.0) for each in (store, other)]
    for _ in range(3):
        with pytest.raises(LookupError):
            await store.write(fail)
        await store.write(lambda tx: tx.agents.put(agent()))
    assert [await each.changed(0.05, was) for each, was in zip((store, other), seen, strict=True)] == seen


async def test_a_listener_whose_connection_broke_listens_again(postgres_server: Postgres, postgres_url: str) -> None:
    place = Place(postgres_url)
    here, there = await place.open(), await place.open()
    listeners = "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND query LIKE 'LISTEN%'"
    with postgres_server.admin(postgres_url.partition("@/")[2].partition("?")[0]) as admin:

        async def listening() -> set[int]:
            return {pid for (pid,) in admin.execute(listeners).fetchall()}

        async with asyncio.timeout(PATIENCE_S):
            while len(before := await listening()) < 2:
                await here.changed(0.05)
            for pid in before:
                admin.execute("SELECT pg_terminate_backend(%s)", [pid])
            while len(await listening() - before) < 2:
                await here.changed(0.05)
            seen = await here.changed(0.0)
            await there.write(telling("after"))
            while not await told(here):
                seen = await here.changed(LONG_S, seen)
    await place.close()
