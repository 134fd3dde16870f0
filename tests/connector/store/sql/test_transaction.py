from __future__ import annotations

import asyncio
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from sqlalchemy import update

from connector.store.ports import Transaction
from connector.store.sql.engines import engines_for
from connector.store.sql.store import SqlStore
from connector.store.sql.tables.facts import requests
from connector.store.values import Cutoffs, Fact, FactRow, HookState, RawHook
from tests.kit.pseudonyms import PSEUDONYMS
from tests.kit.stores import (
    NOW,
    Place,
    agent,
    attempt,
    consent,
    conversation,
    desk,
    fact,
    hook,
    message,
    receipt,
    telling,
    told,
    upload,
    work,
)

PATIENCE_S = 60.0


async def hooks(store: SqlStore, *states: HookState, limit: int = 10) -> list[RawHook]:
    return await store.read(lambda reading: reading.hooks(states, limit))


async def test_a_raw_hook_is_stored_whole(store: SqlStore) -> None:
    odd = hook(headers={"A": "1", "b": "", "ü": "😀\0"}, body=bytes(range(256)), reason="why", state=HookState.REFUSED)
    await store.write(lambda tx: tx.hooks.add(odd))
    assert await hooks(store, HookState.REFUSED) == [odd]


def _add_hook(hook: RawHook, tx: Transaction) -> None:
    tx.hooks.add(hook)


async def test_hooks_are_found_by_state_newest_first(store: SqlStore) -> None:
    states = list(HookState)
    kept = [hook(id=f"H{n}", at=NOW + n // 2, state=states[n % len(states)]) for n in range(12)]
    for each in kept:
        await store.write(partial(_add_hook, each))
    assert await hooks(store, *states, limit=20) == kept[::-1]
    assert await hooks(store, *states, limit=3) == kept[:-4:-1]
    two = (HookState.TAKEN, HookState.REFUSED)
    assert await hooks(store, *two) == [each for each in reversed(kept) if each.state in two]
    assert await hooks(store) == []


async def test_facts_get_their_positions_in_order(store: SqlStore) -> None:
    facts: list[Fact] = [
        fact(body=b"a", at=NOW + 5),
        fact(body=b"", kind="agent_changed", conversation_id=None),
        fact(body=bytes(range(256))),
    ]

    def in_two_goes(tx: Transaction) -> None:
        tx.facts.append(facts[:1])
        tx.facts.append(iter(facts[1:]))

    assert await store.read(lambda reading: (reading.position(), reading.floor())) == (0, 0)
    await store.write(in_two_goes)
    assert await told(store) == [FactRow(number, each) for number, each in enumerate(facts, 1)]
    assert await store.read(lambda reading: (reading.position(), reading.floor())) == (3, 0)
    assert [row.position for row in await store.read(lambda reading: reading.facts_after(1, 1))] == [2]
    assert await told(store, after=3) == []


async def test_a_poller_sees_every_fact_once_and_in_order_while_four_cores_commit(place: Place) -> None:
    cores = await place.cores(4)
    reader = await place.open()
    writers, each, every_third_fails = 12, 15, 3

    async def write(writer: int) -> None:
        for number in range(each):
            name = f"{writer} {number}"

            def use_case(tx: Transaction, name: str = name, fails: bool = number % every_third_fails == 0) -> None:
                telling(f"{name} a", f"{name} b")(tx)
                if fails:
                    raise LookupError(name)

            try:
                await cores[writer % 4].write(use_case)
            except LookupError:
                await cores[writer % 4].write(telling(f"{name} a", f"{name} b"))

    seen: list[FactRow] = []

    async def follow() -> None:
        while len(seen) < 2 * writers * each:
            for row in await told(reader, after=seen[-1].position if seen else 0):
                assert row.position == len(seen) + 1  # nothing at or below what was seen, and nothing left out
                seen.append(row)

    async with asyncio.timeout(PATIENCE_S):
        await asyncio.gather(follow(), *(write(writer) for writer in range(writers)))
    names = [row.fact.body.decode() for row in seen]
    assert await told(reader) == seen
    assert sorted(names) == sorted(f"{w} {n} {end}" for w in range(writers) for n in range(each) for end in "ab")
    for writer in range(writers):
        numbers = [int(name.split()[1]) for name in names if name.startswith(f"{writer} ")]
        assert numbers == sorted(numbers)
    assert all(names[at][:-1] == names[at + 1][:-1] for at in range(0, len(names), 2))


EVERYTHING: list[Callable[[Transaction], Any]] = [
    lambda tx: tx.hooks.add(hook()),
    lambda tx: tx.conversations.insert(conversation()),
    lambda tx: tx.messages.add_once(message()),
    lambda tx: tx.attempts.add(attempt()),
    lambda tx: tx.receipts.add_once(receipt()),
    lambda tx: tx.agents.save(agent()),
    lambda tx: tx.agents.save_desk(desk()),
    lambda tx: tx.consent.append(consent()),
    lambda tx: tx.work.add(work()),
    lambda tx: tx.requests.remember("ann", "Q1", NOW, b"done"),
    lambda tx: tx.facts.append([fact()]),
]


async def test_nothing_of_a_failed_use_case_is_stored(store: SqlStore) -> None:
    def fail(tx: Transaction) -> None:
        for each in EVERYTHING:
            each(tx)
        raise LookupError("no")

    with pytest.raises(LookupError, match="no"):
        await store.write(fail)

    def everything(tx: Transaction) -> None:
        for each in EVERYTHING:
            assert each(tx) in (None, True)  # a repeat of something stored would be reported, or raise

    await store.write(everything)
    assert [row.position for row in await told(store)] == [1]


async def test_a_request_is_answered_as_before(store: SqlStore) -> None:
    assert await store.write(lambda tx: tx.requests.answer("ann", "Q1")) is None
    await store.write(lambda tx: tx.requests.remember("ann", "Q1", NOW, b"\0done"))
    assert await store.write(lambda tx: tx.requests.answer("ann", "Q1")) == b"\0done"
    assert await store.write(lambda tx: tx.requests.answer("ann", "Q2")) is None


async def test_no_two_agents_share_an_answer(store: SqlStore) -> None:
    await store.write(lambda tx: tx.requests.remember("a/b", "c", NOW, b"of a/b"))
    await store.write(lambda tx: tx.requests.remember("a", "b/c", NOW, b"of a"))
    assert await store.write(lambda tx: tx.requests.answer("a/b", "c")) == b"of a/b"
    assert await store.write(lambda tx: tx.requests.answer("a", "b/c")) == b"of a"
    assert await store.write(lambda tx: tx.requests.answer("a/b/c", "")) is None


async def test_a_request_of_an_earlier_version_is_answered_as_before(place: Place) -> None:
    store = await place.open()
    await store.write(lambda tx: tx.requests.remember("a/b", "c", NOW, b"done"))
    engines = engines_for(place.where, readers=1)
    with engines.writing.begin() as connection:
        connection.execute(update(requests).values(id="a/b/c"))
    engines.dispose()
    assert await store.write(lambda tx: tx.requests.answer("a/b", "c")) == b"done"
    assert await store.write(lambda tx: tx.requests.answer("a", "b/c")) is None


async def test_one_request_at_many_cores_takes_effect_once(place: Place) -> None:
    cores = await place.cores(3)

    def carry_out(tx: Transaction, core: int) -> bytes:
        known = tx.requests.answer("ann", "Q1")
        if known is None:
            known = f"by {core}".encode()
            tx.facts.append([fact(body=known)])
            tx.requests.remember("ann", "Q1", NOW, known)
        return known

    answers = await asyncio.gather(*(cores[n % 3].write(partial(carry_out, core=n)) for n in range(30)))
    assert len(set(answers)) == 1
    assert [row.fact.body for row in await told(cores[0])] == answers[:1]


ALL = Cutoffs(hooks_before=NOW + 1, facts_before=NOW + 1, requests_before=NOW + 1)


async def test_a_purge_deletes_what_is_older_and_leaves_the_keys(store: SqlStore) -> None:
    def fill(tx: Transaction) -> None:
        for n in range(1, 7):
            tx.hooks.add(hook(id=f"H{n}", at=n, state=list(HookState)[n % 4]))
            tx.facts.append([fact(at=n)])
            tx.requests.remember("ann", f"Q{n}", n, b"")
            tx.uploads.add(upload(id=f"U{n}", token=f"T{n}", expires_at=n))
        tx.messages.add_once(message(at=1))
        tx.receipts.add_once(receipt(at=1))
        tx.consent.append(consent(at=1))

    await store.write(fill)
    cutoffs = Cutoffs(hooks_before=3, facts_before=4, requests_before=5, uploads_until=2)
    assert not await store.write(lambda tx: tx.purge(cutoffs, limit=9))
    assert [each.id for each in await hooks(store, *HookState)] == ["H6", "H5", "H4", "H3"]
    assert [row.position for row in await told(store)] == [4, 5, 6]
    assert await store.read(lambda reading: (reading.position(), reading.floor())) == (6, 3)
    answers = await store.write(lambda tx: [tx.requests.answer("ann", f"Q{n}") for n in range(1, 7)])
    assert answers == [None] * 4 + [b""] * 2
    uploads = await store.write(lambda tx: [tx.uploads.get(f"U{n}") is not None for n in range(1, 7)])
    assert uploads == [False] * 2 + [True] * 4
    assert not await store.write(lambda tx: tx.messages.add_once(message(id="M2")))
    assert not await store.write(lambda tx: tx.receipts.add_once(receipt()))
    assert await store.write(lambda tx: tx.consent.latest(consent().consumer, PSEUDONYMS)) == consent(at=1)


async def test_positions_go_on_after_all_facts_are_purged(store: SqlStore) -> None:
    await store.write(telling("a", "b"))
    await store.write(lambda tx: tx.purge(ALL, 9))
    await store.write(lambda tx: tx.purge(ALL, 9))  # nothing left: nothing changes
    assert await store.read(lambda reading: (reading.position(), reading.floor())) == (2, 2)
    await store.write(telling("c"))
    assert [(row.position, row.fact.body) for row in await told(store)] == [(3, b"c")]


async def test_a_purge_leaves_no_gap_where_clocks_differed(store: SqlStore) -> None:
    moments = [1, 5, 2, 3, 9]
    await store.write(lambda tx: tx.facts.append([fact(at=at) for at in moments]))
    await store.write(lambda tx: tx.purge(Cutoffs(facts_before=4), 9))
    assert [row.position for row in await told(store)] == [2, 3, 4, 5]
    assert await store.read(lambda reading: reading.floor()) == 1


async def test_a_purge_deletes_a_few_at_a_time_and_says_when_no_more_is_left(store: SqlStore) -> None:
    def fill(tx: Transaction) -> None:
        for n in range(7):
            tx.hooks.add(hook(id=f"H{n}", at=n))
            tx.facts.append([fact(at=n)])
            tx.requests.remember("ann", f"Q{n}", n, b"")

    await store.write(fill)
    left: list[bool] = []
    while not left or left[-1]:
        left.append(await store.write(lambda tx: tx.purge(ALL, 3)))
        assert len(await hooks(store, *HookState)) == len(await told(store)) == max(0, 7 - 3 * len(left))
        assert await store.read(lambda reading: reading.floor()) == min(7, 3 * len(left))
    assert left == [True, True, False]


async def test_a_purge_that_fails_moves_no_floor(store: SqlStore) -> None:
    await store.write(telling("a"))

    def fail(tx: Transaction) -> None:
        tx.purge(ALL, 9)
        raise LookupError

    with pytest.raises(LookupError):
        await store.write(fail)
    assert await store.read(lambda reading: reading.floor()) == 0
    assert len(await told(store)) == 1
