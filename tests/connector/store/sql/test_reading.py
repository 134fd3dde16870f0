from __future__ import annotations

import asyncio
from functools import partial

from connector.domain.agent import Presence
from connector.domain.consent.entries import ConsentKind
from connector.domain.conversation import ConversationState
from connector.store.ports import Transaction
from connector.store.sql.store import SqlStore
from connector.store.values import StoreSnapshot
from tests.kit.stores import NOW, Place, agent, attempt, consent, conversation, desk, fact, telling


async def snapshot(store: SqlStore, now: int = NOW, closed_since: int = NOW) -> StoreSnapshot:
    return await store.read(lambda reading: reading.snapshot(now, closed_since))


async def test_an_empty_store_has_an_empty_snapshot(store: SqlStore) -> None:
    assert await snapshot(store) == StoreSnapshot(0, (), frozenset(), ())


async def test_a_snapshot_has_every_open_conversation_and_those_closed_recently(store: SqlStore) -> None:
    closed = ConversationState.CLOSED
    shown = [
        conversation(id="A", consumer="1"),
        conversation(id="B", consumer="2", state=ConversationState.ASSIGNED, agent="ann", last_text="so?"),
        conversation(id="C", consumer="1", state=closed, closed_at=NOW),
        conversation(id="D", consumer="3", state=closed, closed_at=NOW + 1),
    ]
    gone = conversation(id="E", consumer="4", state=closed, closed_at=NOW - 1)

    def fill(tx: Transaction) -> None:
        for each in [*shown, gone]:
            tx.conversations.insert(each)
        tx.facts.append([fact(), fact()])

    await store.write(fill)
    seen = await snapshot(store)
    assert seen.position == 2
    assert sorted(seen.conversations, key=lambda each: each.id) == shown


async def test_a_snapshot_has_the_connected_agents(store: SqlStore) -> None:
    people = [agent(id="bob", presence=Presence.AWAY), agent(id="ann", skills=("orders",)), agent(id="cid")]

    def fill(tx: Transaction) -> None:
        for each in people:
            tx.agents.save(each)
        tx.agents.save_desk(desk(id="D1", agent="bob", lease_until=NOW + 1))
        tx.agents.save_desk(desk(id="D2", agent="ann", lease_until=NOW))
        tx.agents.save_desk(desk(id="D3", agent="bob", lease_until=NOW + 9))

    await store.write(fill)
    seen = await snapshot(store)
    assert seen.agents == (people[1], people[0], people[2])
    assert seen.connected == {"bob"}


async def test_who_has_opted_out_is_said_by_the_latest_entry(store: SqlStore) -> None:
    words = {
        "out": [(1, ConsentKind.OPTED_OUT)],
        "out and in": [(1, ConsentKind.OPTED_OUT), (2, ConsentKind.OPTED_IN)],
        "in and out": [(1, ConsentKind.OPTED_IN), (2, ConsentKind.OPTED_OUT)],
        "at once": [(1, ConsentKind.OPTED_IN), (1, ConsentKind.OPTED_OUT)],
        "silent": [],
    }

    def fill(tx: Transaction) -> None:
        number = 0
        for consumer, said in words.items():
            for at, kind in said:
                number += 1
                tx.consent.append(consent(id=f"E{number}", consumer=consumer, at=at, kind=kind))
        tx.consent.append(consent(id="E9", consumer="elsewhere"))

    await store.write(fill)
    found = await store.read(lambda reading: reading.desk_pages.opted_out_among([*words, "elsewhere, too"]))
    assert found == {"out", "in and out", "at once"}


async def test_a_reading_is_one_consistent_view_while_others_commit(place: Place) -> None:
    writer, reader = await place.cores(2)
    enough = 60

    def open_one(tx: Transaction, number: int) -> None:
        tx.conversations.insert(conversation(id=f"C{number}", consumer=str(number)))
        tx.facts.append([fact()])

    async def write() -> None:
        for number in range(enough):
            await writer.write(partial(open_one, number=number))

    async def look() -> None:
        while True:
            first, tail, second, last = await reader.read(
                lambda reading: (
                    reading.snapshot(NOW, NOW),
                    reading.facts_after(0, 1000),
                    reading.snapshot(NOW, NOW),
                    reading.position(),
                )
            )
            assert first == second
            assert len(first.conversations) == first.position == len(tail) == last
            if last == enough:
                return

    async with asyncio.timeout(60):
        await asyncio.gather(write(), look())


async def test_the_latest_attempts_are_those_of_the_account_that_started_last(store: SqlStore) -> None:
    assert await store.read(lambda reading: reading.latest_attempts("main", 2)) == []
    before = attempt(message_id="R1", started_at=NOW + 1, ended_at=NOW + 9, outcome="accepted")
    latest = attempt(message_id="R4", started_at=NOW + 4, ended_at=NOW + 5, outcome="try_later", words="no")

    def fill(tx: Transaction) -> None:
        tx.attempts.add(attempt(message_id="R0", started_at=NOW, ended_at=NOW + 9, outcome="accepted"))
        tx.attempts.add(before)
        tx.attempts.add(latest)
        tx.attempts.add(attempt(message_id="R5", started_at=NOW + 99, account="short"))

    await store.write(fill)
    assert await store.read(lambda reading: reading.latest_attempts("main", 2)) == [latest, before]


async def test_readings_go_on_during_a_use_case(store: SqlStore) -> None:
    await store.write(telling("before"))
    loop = asyncio.get_running_loop()

    def look_from_within(tx: Transaction) -> int:
        telling("within")(tx)
        tx.agents.save(agent())
        seen = asyncio.run_coroutine_threadsafe(snapshot(store), loop).result(timeout=60)
        assert seen.agents == ()
        return seen.position

    assert await store.write(look_from_within) == 1
    assert (await snapshot(store)).position == 2
