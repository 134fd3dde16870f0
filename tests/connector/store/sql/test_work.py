from __future__ import annotations

import asyncio
import itertools
from dataclasses import dataclass, field
from functools import partial

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from connector.store.ports import Transaction
from connector.store.sql.store import SqlStore
from connector.store.values import Work, WorkDepth
from tests.kit.rounds import rounds
from tests.kit.stores import NOW, Place, work

LEASE = 1_000


async def add(store: SqlStore, *works: Work) -> None:
    def use_case(tx: Transaction) -> None:
        for each in works:
            tx.work.add(each)

    await store.write(use_case)


async def claim(
    store: SqlStore, now: int = NOW, *, kind: str = "send", node: str = "n1", limit: int = 100
) -> list[Work]:
    return await store.write(lambda tx: tx.work.claim(kind, node, now, limit, now + LEASE))


async def next_due(store: SqlStore, now: int, kind: str = "send") -> int | None:
    return await store.read(lambda reading: reading.next_due(kind, now))


def ids(works: list[Work]) -> list[str]:
    return [each.id for each in works]


async def test_work_is_claimed_once_it_is_due(store: SqlStore) -> None:
    later = work(due_at=NOW + 5)
    await add(store, later)
    assert await claim(store, NOW + 4) == []
    assert await claim(store, NOW + 5, kind="settle") == []
    assert await claim(store, NOW + 5) == [later]


async def test_work_is_claimed_again_only_when_its_lease_has_ended(store: SqlStore) -> None:
    await add(store, work())
    await claim(store, NOW)
    assert await claim(store, NOW + LEASE - 1, node="n2") == []
    assert await claim(store, NOW + LEASE, node="n2") == [work()]
    assert await claim(store, NOW + LEASE, node="n1") == []


async def test_the_work_of_a_lane_is_done_one_by_one_in_order(store: SqlStore) -> None:
    await add(store, work(id="b", ordinal="2"), work(id="a", ordinal="3"), work(id="c", ordinal="1"))
    await add(store, work(id="z", lane="other"))
    assert set(ids(await claim(store))) == {"c", "z"}
    assert ids(await claim(store)) == []
    await store.write(lambda tx: tx.work.done("c"))
    assert ids(await claim(store)) == ["b"]
    await store.write(lambda tx: tx.work.done("b"))
    assert ids(await claim(store)) == ["a"]


async def test_rescheduled_work_stays_where_it_is_in_its_lane(store: SqlStore) -> None:
    await add(store, work(id="a", ordinal="1"), work(id="b", ordinal="2"))
    await claim(store)
    await store.write(lambda tx: tx.work.reschedule("a", NOW + 50))
    assert await claim(store, NOW + 49) == []
    assert await claim(store, NOW + 50) == [work(id="a", ordinal="1", due_at=NOW + 50)]


async def test_tries_are_counted_by_what_was_done_not_by_claims(store: SqlStore) -> None:
    await add(store, work())
    for _ in range(3):  # workers that died
        assert await claim(store) == [work()]
        await store.write(lambda tx: tx.work.release_leases("n1", NOW))
    await claim(store)
    await store.write(lambda tx: tx.work.reschedule("W1", NOW, is_try=True))
    assert await claim(store) == [work(tries=1)]
    await store.write(lambda tx: tx.work.reschedule("W1", NOW))
    assert await claim(store) == [work(tries=1)]


async def test_rescheduled_work_is_under_no_lease(store: SqlStore) -> None:
    await add(store, work(id="b", ordinal="2"))
    await claim(store, node="n1")
    await store.write(lambda tx: tx.work.reschedule("b", NOW + 50))
    depths = await store.read(lambda reading: reading.work_depths("send", NOW))
    assert depths == [WorkDepth("main", 1, NOW)]  # it has waited since it was first due
    await store.write(lambda tx: tx.work.release_leases("n1", NOW))
    assert await claim(store, NOW + 49) == []
    await add(store, work(id="a", ordinal="1"))
    assert ids(await claim(store, NOW + 50)) == ["a"]


async def test_a_lane_holds_work_of_every_kind(store: SqlStore) -> None:
    await add(store, work(id="a", ordinal="1", kind="settle"), work(id="b", ordinal="2"))
    assert await claim(store) == []
    assert ids(await claim(store, kind="settle")) == ["a"]
    await store.write(lambda tx: tx.work.done("a"))
    assert ids(await claim(store)) == ["b"]


async def test_leased_work_is_not_overtaken_by_an_earlier_ordinal(store: SqlStore) -> None:
    await add(store, work(id="b", ordinal="2"))
    await claim(store)
    await add(store, work(id="a", ordinal="1"))  # from a core whose clock is behind
    assert await claim(store) == []
    await store.write(lambda tx: tx.work.done("b"))
    assert ids(await claim(store)) == ["a"]


async def test_at_most_the_limit_is_claimed_the_longest_due_first(store: SqlStore) -> None:
    await add(store, *(work(id=f"W{n}", lane=f"L{n}", due_at=NOW - n) for n in range(5)))
    assert ids(await claim(store, limit=2)) == ["W4", "W3"]
    assert ids(await claim(store, limit=0)) == []
    assert ids(await claim(store)) == ["W2", "W1", "W0"]


async def test_the_lowest_rank_goes_first_except_within_a_lane(store: SqlStore) -> None:
    await add(
        store,
        work(id="bulk1", lane="1", ordinal="1", rank=1, due_at=NOW - 9),
        work(id="bulk2", lane="2", ordinal="2", rank=1, due_at=NOW - 8),
        work(id="test", lane="3", ordinal="0", rank=2, due_at=NOW - 99),
        work(id="answer", lane="4", ordinal="4", due_at=NOW),
        work(id="behind", lane="1", ordinal="5", due_at=NOW - 7),
    )
    assert ids(await claim(store, limit=1)) == ["answer"]
    assert ids(await claim(store)) == ["bulk1", "bulk2", "test"]


async def test_a_promoted_lane_has_no_higher_rank(store: SqlStore) -> None:
    await add(store, work(id="a", lane="1", rank=2, due_at=NOW - 1), work(id="b", lane="2", rank=1, due_at=NOW - 2))
    await store.write(lambda tx: tx.work.promote_lane("1", 0))
    await store.write(lambda tx: tx.work.promote_lane("2", 2))  # nothing is made to wait longer
    given = await claim(store)
    assert [(each.id, each.rank) for each in given] == [("a", 0), ("b", 1)]


async def test_the_leases_of_a_restarted_core_can_be_released(store: SqlStore) -> None:
    await add(store, work(id="a", lane="a"), work(id="b", lane="b"))
    await claim(store, limit=1, node="n1")
    await claim(store, limit=1, node="n2")
    await store.write(lambda tx: tx.work.release_leases("n1", NOW + 1))
    assert await claim(store, NOW) == []
    assert ids(await claim(store, NOW + 1)) == ["a"]


async def test_the_next_due_time_is_when_work_can_be_claimed(store: SqlStore) -> None:
    assert await next_due(store, NOW) is None
    await add(store, work(id="a", ordinal="1", due_at=NOW + 7), work(id="b", ordinal="2", due_at=NOW - 5))
    await add(store, work(id="c", lane="other", kind="settle"))
    assert await next_due(store, NOW) == NOW + 7  # b waits behind a
    assert await next_due(store, NOW + 9) == NOW + 9
    await claim(store, NOW + 9)
    assert await next_due(store, NOW + 9) == NOW + 9 + LEASE
    await store.write(lambda tx: tx.work.done("a"))
    assert await next_due(store, NOW + 9) == NOW + 9


async def test_work_of_other_accounts_is_claimed_while_some_are_left_out(store: SqlStore) -> None:
    names = ["a", "ab", "b b", "c_c", "%"]
    await add(store, *(work(id=f"W{name}", lane=name, account=name, due_at=NOW + n) for n, name in enumerate(names)))

    async def due(*without: str) -> int | None:
        return await store.read(lambda reading: reading.next_due("send", NOW, without))

    async def claimed(*without: str) -> set[str]:
        return set(ids(await store.write(lambda tx: tx.work.claim("send", "n1", NOW + 9, 9, NOW + 99, without))))

    assert await due() == await due("nobody") == NOW
    assert await due("a") == NOW + 1
    assert await due("a", "b b", "ab") == NOW + 3
    assert await due(*names) is None
    assert await claimed("a", "%") == {"Wab", "Wb b", "Wc_c"}
    assert await claimed() == {"Wa", "W%"}


async def test_depths_count_the_waiting_work_of_each_account(store: SqlStore) -> None:
    async def depths(now: int) -> list[WorkDepth]:
        return await store.read(lambda reading: reading.work_depths("send", now))

    assert await depths(NOW) == []
    await add(
        store,
        work(id="a", due_at=NOW + 3),
        work(id="b", ordinal="S", due_at=NOW + 2),
        work(id="c", lane="short", account="short"),
        work(id="d", lane="other", kind="settle", due_at=1),
    )
    assert await depths(NOW) == [WorkDepth("main", 2, NOW + 2), WorkDepth("short", 1, NOW)]
    await claim(store, NOW)
    assert await depths(NOW) == [WorkDepth("main", 2, NOW + 2)]
    assert await depths(NOW + LEASE) == [WorkDepth("main", 2, NOW + 2), WorkDepth("short", 1, NOW)]


async def test_simultaneous_claims_never_overlap_and_keep_every_lane_in_order(place: Place) -> None:
    cores = await place.cores(4)
    lanes, depth = 10, 6
    await add(
        cores[0],
        *(work(id=f"{n:02}-{lane}", lane=str(lane), ordinal=f"{n:02}") for lane in range(lanes) for n in range(depth)),
    )
    done: list[str] = []
    held: set[str] = set()

    async def carry(number: int) -> None:
        core = cores[number % 4]
        while len(done) < lanes * depth:
            for each in await claim(core, node=f"n{number}", limit=3):
                assert each.lane not in held
                held.add(each.lane)
                await asyncio.sleep(0)
                done.append(each.id)
                held.discard(each.lane)
                await core.write(partial(finish, id_=each.id))

    def finish(tx: Transaction, id_: str) -> None:
        tx.work.done(id_)

    async with asyncio.timeout(60):
        await asyncio.gather(*(carry(number) for number in range(12)))
    assert len(done) == len(set(done)) == lanes * depth
    for lane in range(lanes):
        assert [each for each in done if each.endswith(f"-{lane}")] == [f"{n:02}-{lane}" for n in range(depth)]


@dataclass
class Item:
    """One item of work in the model."""

    work: Work
    node: str | None = None
    until: int = 0


@dataclass
class Model:
    """The work queue as the port specifies it, in its simplest form."""

    items: dict[str, Item] = field(default_factory=dict)

    def claim(self, kind: str, node: str, now: int, limit: int) -> set[str]:
        heads = []
        for lane in {item.work.lane for item in self.items.values()}:
            waiting = [item for item in self.items.values() if item.work.lane == lane]
            head = min(waiting, key=lambda item: (item.node is None, item.work.ordinal, item.work.id))
            ready_at = head.work.due_at if head.node is None else head.until
            if head.work.kind == kind and ready_at <= now:
                heads.append((head.work.rank, ready_at, head.work.ordinal, head))
        given = [each[-1] for each in sorted(heads, key=lambda each: each[:3])[:limit]]
        for item in given:
            item.node, item.until = node, now + LEASE
        return {item.work.id for item in given}


STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("add"), st.integers(0, 2), st.integers(0, 9), st.integers(0, 1500), st.sampled_from("ab")),
        st.tuples(st.just("claim"), st.sampled_from("ab"), st.integers(1, 3)),
        st.tuples(st.just("done"), st.integers(0, 20)),
        st.tuples(st.just("postpone"), st.integers(0, 20), st.integers(0, 1500)),
        st.tuples(st.just("pass"), st.integers(1, 1200)),
    ),
    max_size=40,
)
RUNS = itertools.count()


@settings(max_examples=rounds(40), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
async def test_any_order_of_steps_matches_the_model(
    store: SqlStore, steps: list[tuple[str, int, int, int, str]]
) -> None:
    run = next(RUNS)
    model, now = Model(), NOW

    def nth(number: int) -> str | None:
        known = sorted(model.items)
        return known[number % len(known)] if known else None

    for index, (step, *rest) in enumerate(steps):
        match step, rest:
            case "add", [int(lane), int(place), int(wait), str(kind)]:
                new = work(
                    id=f"{run}-{index:02}",
                    kind=f"{run}{kind}",
                    lane=f"{run} {lane}",
                    ordinal=f"{place} {index:02}",
                    due_at=now + wait,
                    rank=wait % 3,
                )
                model.items[new.id] = Item(new)
                await add(store, new)
            case "claim", [str(kind), int(limit)]:
                given = await claim(store, now, kind=f"{run}{kind}", limit=limit, node="n1")
                assert set(ids(given)) == model.claim(f"{run}{kind}", "n1", now, limit)
                assert given == sorted(
                    (model.items[each.id].work for each in given), key=lambda w: (w.rank, w.due_at, w.ordinal)
                )
            case "done", [int(number)] if (found := nth(number)) is not None:
                del model.items[found]
                await store.write(partial(finish, id_=found))
            case "postpone", [int(number), int(wait)] if (found := nth(number)) is not None:
                item = model.items[found]
                item.work, item.node = replace(item.work, due_at=now + wait, tries=item.work.tries + wait % 2), None
                await store.write(partial(put_off, id_=found, due_at=now + wait, is_try=bool(wait % 2)))
            case "pass", [int(passed)]:
                now += passed


def finish(tx: Transaction, id_: str) -> None:
    tx.work.done(id_)


def put_off(tx: Transaction, id_: str, due_at: int, is_try: bool) -> None:
    tx.work.reschedule(id_, due_at, is_try=is_try)
