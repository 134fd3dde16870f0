"""Quarantined hooks within their budgets: the oldest of a budget give way, in the transaction that exceeds it."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import pytest
from sqlalchemy import select

from connector.store.hook_budgets import LIMITS, Standing, budget
from connector.store.ports import Transaction
from connector.store.sql.engines import engines_for
from connector.store.sql.store import SqlStore
from connector.store.sql.tables.hooks import hook_budgets
from connector.store.values import Cutoffs, HookState, RawHook
from tests.kit.stores import NOW, Place, hook

EACH = LIMITS[Standing.UNPROVEN].each
QUARTER = EACH // 4


def charged(number: int, standing: Standing = Standing.UNPROVEN, account: str = "main", size: int = QUARTER) -> RawHook:
    """A hook that counts as so many bytes."""
    return hook(
        id=f"H{number:04}",
        at=NOW + number,
        account=account,
        state=HookState.REFUSED,
        budget=budget(standing, account),
        size=size,
    )


async def add(store: SqlStore, *hooks: RawHook) -> None:
    """All in one transaction."""

    def write(tx: Transaction) -> None:
        for each in hooks:
            tx.hooks.add(each)

    await store.write(write)


async def stored(store: SqlStore) -> list[int]:
    """The numbers of the hooks in quarantine, oldest first."""
    found = await store.read(lambda reading: reading.hooks([HookState.REFUSED], 10_000))
    return [int(each.id[1:]) for each in reversed(found)]


def sizes(place: Place) -> dict[str, int]:
    """What the store believes the budgets hold."""
    engines = engines_for(place.where, 1)
    with engines.reading.connect() as connection:
        found = {name: size for name, size in connection.execute(select(hook_budgets)) if size}
    engines.dispose()
    return found


async def test_the_oldest_give_way(store: SqlStore, place: Place) -> None:
    for number in range(7):
        await add(store, charged(number))
    assert await stored(store) == [3, 4, 5, 6]
    await add(store, charged(7, size=2 * QUARTER + 1))
    assert await stored(store) == [6, 7]
    assert sizes(place) == {"unproven main": 3 * QUARTER + 1}


async def test_many_small_ones_give_way_to_a_large_one(store: SqlStore, place: Place) -> None:
    await add(store, *(charged(number, size=EACH // 400) for number in range(400)))
    await add(store, charged(1000, size=EACH - 10))
    assert await stored(store) == [1000]
    assert sizes(place) == {"unproven main": EACH - 10}


async def test_no_unproven_hook_takes_the_place_of_a_proven_or_likely_one(store: SqlStore) -> None:
    await add(store, charged(0, Standing.GENUINE), charged(1, Standing.LIKELY), charged(2, account="other"))
    for number in range(10, 50):
        await add(store, charged(number), charged(number + 100, Standing.UNKNOWN, f"made up {number}"))
    assert await stored(store) == [0, 1, 2, 46, 47, 48, 49, 146, 147, 148, 149]


async def test_the_latest_of_a_standing_are_found_over_all_accounts(store: SqlStore) -> None:
    genuine = [charged(number, Standing.GENUINE, f"a{number % 3}", size=1) for number in range(12)]
    await add(store, *genuine, *(charged(number, size=1) for number in range(20, 90)))
    found = await store.read(lambda reading: reading.quarantined_hooks(Standing.GENUINE, 5))
    assert found == genuine[:-6:-1]


async def test_genuine_ones_are_bounded_too_and_their_loss_is_logged(
    store: SqlStore, caplog: pytest.LogCaptureFixture
) -> None:
    size = LIMITS[Standing.GENUINE].each // 3
    for number in range(5):
        await add(store, charged(number, Standing.GENUINE, size=size))
    assert await stored(store) == [2, 3, 4]
    assert [record.levelname for record in caplog.records] == ["ERROR", "ERROR"]


async def test_the_largest_account_gives_way_when_all_are_full(store: SqlStore, place: Place) -> None:
    accounts = LIMITS[Standing.UNPROVEN].together // EACH
    await add(store, charged(0, account="small", size=10))
    for account in range(accounts + 2):
        await add(store, *(charged(100 * account + number + 1, account=f"a{account}") for number in range(4)))
    assert (await stored(store))[0] == 0
    assert sum(sizes(place).values()) <= LIMITS[Standing.UNPROVEN].together


async def test_a_released_hook_is_charged_to_none(store: SqlStore, place: Place) -> None:
    await add(store, charged(1), charged(2))
    await store.write(lambda tx: tx.hooks.set_state("H0001", HookState.TAKEN, "released by ann"))
    assert sizes(place) == {"unproven main": QUARTER}
    for number in range(3, 9):
        await add(store, charged(number))
    released = await store.read(lambda reading: reading.hook("H0001"))
    assert released is not None
    assert (released.budget, released.size) == (None, 0)


async def test_taken_hooks_are_charged_to_none(store: SqlStore, place: Place) -> None:
    await add(store, *(hook(id=f"T{number}") for number in range(9)))
    assert sizes(place) == {}
    assert len(await store.read(lambda reading: reading.hooks([HookState.TAKEN], 20))) == 9


async def test_what_is_purged_makes_room(store: SqlStore, place: Place) -> None:
    await add(store, charged(0, Standing.UNKNOWN), *(charged(number) for number in (1, 2, 3, 4)))
    await store.write(lambda tx: tx.purge(Cutoffs(hooks_before=NOW + 3), 99))
    assert sizes(place) == {"unproven main": 2 * QUARTER}
    await add(store, charged(5), charged(6))
    assert await stored(store) == [3, 4, 5, 6]


async def test_genuine_ones_are_purged_later(store: SqlStore, place: Place) -> None:
    genuine = [charged(number, Standing.GENUINE, account) for number, account in enumerate(("a", "ü", "zz"))]
    await add(store, *genuine, charged(1000), hook(id="T1"))
    await store.write(lambda tx: tx.purge(Cutoffs(hooks_before=NOW + 9_999, genuine_hooks_before=NOW + 1), 99))
    assert await stored(store) == [1, 2]
    assert await store.read(lambda reading: reading.hook("T1")) is None
    assert sizes(place) == {"genuine ü": QUARTER, "genuine zz": QUARTER}


async def test_a_use_case_that_fails_among_others_is_charged_nothing(store: SqlStore, place: Place) -> None:
    def fail(tx: Transaction) -> None:
        tx.hooks.add(charged(99))
        raise ValueError("not today")

    writes = [add(store, charged(number, size=7)) for number in range(20)]
    results = await asyncio.gather(*writes[:10], store.write(fail), *writes[10:], return_exceptions=True)
    assert [type(each) for each in results if each is not None] == [ValueError]
    assert sizes(place) == {"unproven main": 140}
    assert await stored(store) == list(range(20))


async def test_cores_on_one_database_share_the_budgets(place: Place) -> None:
    cores = await place.cores(3)

    async def fill(core: SqlStore, numbers: Sequence[int]) -> None:
        for number in numbers:
            await add(core, charged(number))

    await asyncio.gather(*(fill(core, range(first, 30, 3)) for first, core in enumerate(cores)))
    assert sizes(place) == {"unproven main": EACH}
    assert len(await stored(cores[0])) == 4
