"""The queue is placed as far as there is capacity, each skill for itself."""

from __future__ import annotations

from pathlib import Path

import pytest

from connector.domain.conversation import ConversationState
from connector.domain.refusals import Refused
from connector.services.routing import queue
from connector.store.sql.store import SqlStore, open_store
from connector.store.values import StoreSnapshot
from connector.wire import requests
from connector.wire.refusals import RefusalCode
from tests.kit.stores import CONSUMER, LINE
from tests.kit.templates import copied
from tests.kit.use_cases import OTHER_LINE, Office, consumer, rules

BOOKINGS = rules(address=OTHER_LINE, skill="bookings")


async def snapshot(office: Office) -> StoreSnapshot:
    return await office.store.read(lambda reading: reading.snapshot(office.now, 0))


async def owners(office: Office) -> dict[str, str | None]:
    """Consumer to the agent who has them."""
    return {one.consumer: one.agent for one in (await snapshot(office)).conversations}


async def test_a_skill_without_agents_does_not_hold_up_another(store: SqlStore) -> None:
    office = Office(store, rules(), BOOKINGS)
    for number in range(60):
        await office.text(consumer=consumer(number), line=LINE)
        office.clock.advance(1)
    await office.text(consumer=consumer(99), line=OTHER_LINE)
    await office.sign_in("bob", skills=("bookings",))
    found = await owners(office)
    assert found.pop(consumer(99)) == "bob"
    assert set(found.values()) == {None}
    assert [one["conversation"]["agent"] for one in await office.events("conversation_assigned")] == ["bob"]


async def test_all_that_fit_are_placed_the_longest_waiting_first(store: SqlStore) -> None:
    office = Office(store)
    for number in range(130):
        await office.text(consumer=consumer(number))
        office.clock.advance(1)
    await office.sign_in("ann", capacity=120)
    assert await owners(office) == {consumer(number): "ann" if number < 120 else None for number in range(130)}
    placed = [one["conversation"]["consumer"] for one in await office.events("conversation_assigned")]
    assert placed == [consumer(number) for number in range(120)]


async def test_two_skills_of_one_agent_share_their_capacity(store: SqlStore) -> None:
    office = Office(store, rules(), BOOKINGS)
    for number in range(6):
        await office.text(consumer=consumer(number), line=(LINE, OTHER_LINE)[number % 2])
    await office.sign_in("ann", capacity=4)
    assert list((await owners(office)).values()).count("ann") == 4
    await office.do(queue.offer)
    assert list((await owners(office)).values()).count("ann") == 4


async def test_the_same_input_gives_the_same_choice(tmp_path: Path) -> None:
    async def run(folder: Path) -> list[tuple[str, str, str]]:
        folder.mkdir()
        store = await open_store(copied(folder / "textdesk.db"))
        office = Office(store, rules(), BOOKINGS)
        for number in range(70):
            await office.text(consumer=consumer(number), line=(LINE, OTHER_LINE)[number % 3 == 0])
            office.clock.advance(number % 2)  # some came within one millisecond
        await office.sign_in("cid", capacity=20, skills=("orders",))
        await office.sign_in("ann", capacity=20)
        await office.sign_in("bob", capacity=20)
        told = [one["conversation"] for one in await office.events("conversation_assigned")]
        assert {one["state"] for one in told} == {ConversationState.ASSIGNED}
        await store.close()
        return [(one["consumer"], one["agent"], one["reason"]) for one in told]

    first = await run(tmp_path / "first")
    assert len(first) == 60
    assert await run(tmp_path / "second") == first


async def test_a_transferred_conversation_does_not_return_to_its_owner(store: SqlStore) -> None:
    """Ann has both skills, but Bob is the target although he is full; without him the transfer is refused."""
    office = Office(store)
    await office.sign_in("ann", capacity=4)
    conversation = await office.text()
    transfer = requests.Transfer(conversation.id, skill="refunds")
    with pytest.raises(Refused) as no:
        await office.ask(transfer)
    assert no.value.code == RefusalCode.WOULD_STRAND
    await office.sign_in("bob", capacity=0)
    await office.ask(transfer)
    waiting = await office.open_for(CONSUMER)
    assert (waiting.agent, waiting.skill) == (None, "refunds")
