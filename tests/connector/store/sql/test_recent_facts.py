from __future__ import annotations

import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connector.store.ports import StoreUnavailable
from connector.store.sql.recent_facts import RecentFacts
from connector.store.sql.store import SqlStore
from connector.store.values import ChangeKind, FactRow
from tests.kit.stores import Place, fact, telling, told

PATIENCE_S = 60.0


def rows(first: int, count: int) -> list[FactRow]:
    return [FactRow(position, fact(body=b"%d" % position)) for position in range(first, first + count)]


commits = st.lists(st.tuples(st.booleans(), st.integers(0, 200)), max_size=12)


@given(commits, st.integers(-5, 1_500), st.integers(1, 500))
def test_the_facts_after_a_position_are_without_a_gap(commits: list[tuple[bool, int]], after: int, limit: int) -> None:
    recent, latest, latest_known = RecentFacts(is_only_writer=False), 0, 0
    for is_ours, count in commits:
        if is_ours:
            recent.add(rows(latest + 1, count))
            latest_known = latest + count if count else latest_known
        latest += count
    answer = recent.after(after, limit)
    assert answer is None or answer == rows(after + 1, min(limit, latest_known - after))
    if latest_known and latest_known == latest:
        assert recent.after(latest - 1, limit) == rows(latest, 1)


@given(st.lists(st.integers(1, 200), min_size=1, max_size=12), st.integers(1, 500))
def test_the_only_writer_knows_that_there_are_no_more_facts(commits: list[int], limit: int) -> None:
    recent, latest = RecentFacts(is_only_writer=True), 0
    assert recent.after(0, limit) is None
    for count in commits:
        recent.add(rows(latest + 1, count))
        latest += count
    assert recent.after(latest, limit) == []
    assert recent.after(latest + 1, limit) is None


def test_the_oldest_facts_are_dropped() -> None:
    recent = RecentFacts(is_only_writer=True)
    recent.add(rows(1, 501))
    assert recent.after(0, 10) is None
    assert recent.after(1, 10) == rows(2, 10)


async def test_a_follower_gets_every_fact_once_from_whichever_core(place: Place) -> None:
    stores = await place.cores(2)
    total = 120

    async def tell(store: SqlStore, which: int) -> None:
        for number in range(total // 6):
            await store.write(telling(*(f"{which} {number} {index}" for index in range(3))))

    async def follow(store: SqlStore) -> list[FactRow]:
        seen, followed = await store.wait_for_change(ChangeKind.FACTS, 0.0), list[FactRow]()
        while len(followed) < total:
            found = await store.facts_after(followed[-1].position if followed else 0, 7)
            followed += found
            if not found:
                seen = await store.wait_for_change(ChangeKind.FACTS, 1.0, seen)
        return followed

    async with asyncio.timeout(PATIENCE_S):
        *both, _, _ = await asyncio.gather(
            *(follow(store) for store in stores), *(tell(store, which) for which, store in enumerate(stores))
        )
    assert both == [await told(stores[0])] * 2
    assert [row.position for row in await told(stores[0])] == list(range(1, total + 1))


async def test_facts_from_before_the_start_are_read_from_the_database(place: Place) -> None:
    before = await place.open()
    await before.write(telling("a", "b"))
    await before.close()
    store = await place.open()
    await store.write(telling("c"))
    assert await store.facts_after(0, 10) == await told(store)
    assert [row.fact.body for row in await store.facts_after(2, 10)] == [b"c"]
    assert await store.facts_after(3, 10) == []


async def test_facts_of_a_failed_use_case_are_not_seen(store: SqlStore) -> None:
    def fail(tx: object) -> None:
        raise LookupError

    await asyncio.gather(
        store.write(telling("a")), store.write(fail), store.write(telling("b")), return_exceptions=True
    )
    assert [row.fact.body for row in await store.facts_after(0, 10)] == [b"a", b"b"]


async def test_a_closed_store_has_no_facts(store: SqlStore) -> None:
    await store.write(telling("a"))
    await store.close()
    with pytest.raises(StoreUnavailable):
        await store.facts_after(0, 10)
