from __future__ import annotations

import asyncio
from collections.abc import Callable
from itertools import product

import pytest

from connector.domain.account import AccountMode
from connector.store.contact_imports import ContactImport
from connector.store.ports import Transaction
from connector.store.sql.store import SqlStore
from connector.store.values import ChangeKind
from tests.kit.postgres import Postgres
from tests.kit.stores import NOW, Place, agent, hook, message, telling, told, work

PATIENCE_S = 60.0
LONG_S = 600.0

CHANGES: list[tuple[ChangeKind, Callable[[Transaction], object]]] = [
    (ChangeKind.FACTS, telling("something")),
    (ChangeKind.COUNTS, lambda tx: tx.hooks.add(hook())),
    (ChangeKind.WORK, lambda tx: tx.work.add(work(id="W2", lane="2"))),
    (ChangeKind.WORK, lambda tx: tx.work.done("W1")),
    (ChangeKind.WORK, lambda tx: tx.work.reschedule("W1", NOW)),
    (ChangeKind.WORK, lambda tx: tx.work.release_leases("n1", NOW)),
    (ChangeKind.WORK, lambda tx: tx.accounts.set_mode("main", AccountMode.DRAINING)),
]


async def all_listening(place: Place, stores: list[SqlStore]) -> None:
    """Wait for the change that each listener counts when it begins, as it may have missed some."""
    async with asyncio.timeout(PATIENCE_S):
        while isinstance(place.where, str) and 0 in [
            await each.wait_for_change(ChangeKind.WORK, 0.05, 0) for each in stores
        ]:
            pass


async def test_a_wait_ends_with_facts_or_work_committed_by_any_core(place: Place) -> None:
    here, there = await place.cores(2)
    await here.write(lambda tx: tx.work.add(work()))
    for what, change in CHANGES:
        seen = [await each.wait_for_change(what, 0.0) for each in (here, there)]
        async with asyncio.timeout(PATIENCE_S):
            waits = [each.wait_for_change(what, LONG_S, was) for each, was in zip((here, there), seen, strict=True)]
            await asyncio.gather(*waits, here.write(change))


async def test_a_wait_for_one_kind_of_change_does_not_end_with_the_other(place: Place) -> None:
    stores = await place.cores(2)
    here = stores[0]
    await all_listening(place, stores)
    for one, other, change in (
        (ChangeKind.FACTS, ChangeKind.WORK, telling("something")),
        (ChangeKind.WORK, ChangeKind.FACTS, lambda tx: tx.work.add(work())),
    ):
        seen = [await each.wait_for_change(one, 0.0) for each in stores]
        unmoved = [await each.wait_for_change(other, 0.0) for each in stores]
        await here.write(change)
        async with asyncio.timeout(PATIENCE_S):
            await asyncio.gather(
                *(each.wait_for_change(one, LONG_S, was) for each, was in zip(stores, seen, strict=True))
            )
        assert [
            await each.wait_for_change(other, 0.05, was) for each, was in zip(stores, unmoved, strict=True)
        ] == unmoved


async def test_several_kinds_of_change_in_one_commit_end_all_waits(place: Place) -> None:
    here, there = await place.cores(2)

    def all_kinds(tx: Transaction) -> None:
        telling("something")(tx)
        tx.messages.add_once(message())
        tx.work.add(work())
        tx.contact_imports.save(ContactImport("I1", "ann", 0, applied_at=1))

    seen = {change: await there.wait_for_change(change, 0.0) for change in ChangeKind}
    async with asyncio.timeout(PATIENCE_S):
        await asyncio.gather(
            *(there.wait_for_change(change, LONG_S, was) for change, was in seen.items()), here.write(all_kinds)
        )


async def test_a_change_made_between_two_waits_is_not_missed(place: Place) -> None:
    store = await place.open()
    await all_listening(place, [store])  # a listener that begins ends every wait once
    seen = await store.wait_for_change(ChangeKind.FACTS, 0.0)
    await store.write(telling("a"))
    async with asyncio.timeout(PATIENCE_S):
        seen = await store.wait_for_change(ChangeKind.FACTS, LONG_S, seen)
    assert await store.wait_for_change(ChangeKind.FACTS, 0.01, seen) == seen


async def test_a_wait_ends_after_its_timeout(store: SqlStore) -> None:
    async with asyncio.timeout(PATIENCE_S):
        await store.wait_for_change(ChangeKind.FACTS, 0.01)
        await store.wait_for_change(ChangeKind.FACTS, 0.0)


async def test_a_use_case_that_fails_or_changes_neither_ends_no_wait(place: Place) -> None:
    stores = await place.cores(2)
    store = stores[0]

    def fail(tx: Transaction) -> None:
        for _, change in CHANGES:
            change(tx)
        raise LookupError

    await all_listening(place, stores)
    waits = list(product(stores, ChangeKind))
    seen = [await each.wait_for_change(what, 0.0) for each, what in waits]
    for _ in range(3):
        with pytest.raises(LookupError):
            await store.write(fail)
        await store.write(lambda tx: tx.agents.save(agent()))
    assert [await each.wait_for_change(what, 0.05, was) for (each, what), was in zip(waits, seen, strict=True)] == seen


async def test_a_listener_whose_connection_broke_listens_again(postgres_server: Postgres, postgres_url: str) -> None:
    place = Place(postgres_url)
    here, there = await place.open(), await place.open()
    listeners = "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND query LIKE 'LISTEN%'"
    with postgres_server.admin(postgres_url.partition("@/")[2].partition("?")[0]) as admin:

        async def listening() -> set[int]:
            return {pid for (pid,) in admin.execute(listeners).fetchall()}

        async with asyncio.timeout(PATIENCE_S):
            while len(before := await listening()) < 2:
                await here.wait_for_change(ChangeKind.FACTS, 0.05)
            for pid in before:
                admin.execute("SELECT pg_terminate_backend(%s)", [pid])
            while len(await listening() - before) < 2:
                await here.wait_for_change(ChangeKind.FACTS, 0.05)
            seen = await here.wait_for_change(ChangeKind.FACTS, 0.0)
            await there.write(telling("after"))
            while not await told(here):
                seen = await here.wait_for_change(ChangeKind.FACTS, LONG_S, seen)
    await place.close()
