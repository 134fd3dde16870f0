"""A ring takes capacity of its agent, whether or not it rings at others too."""

from __future__ import annotations

from connector.domain.conversation import Conversation
from connector.domain.skill_rules import RingMode, Rules, SkillRules
from connector.services.conversations import timers
from connector.store.sql.store import SqlStore
from connector.wire import requests
from tests.kit.use_cases import Office, consumer

RING_ALL = Rules(SkillRules(ring=RingMode.RING_ALL, ring_s=60, undo_s=0, reopen_s=0), known=("orders",))


async def conversations(office: Office) -> dict[str, Conversation]:
    found = await office.store.read(lambda reading: reading.snapshot(office.now, 0))
    return {one.consumer: one for one in found.conversations}


async def rings(office: Office) -> dict[str, tuple[str, ...]]:
    """Consumer to the agents it rings at, for all that ring."""
    return {who: one.rings for who, one in (await conversations(office)).items() if one.rings}


async def test_ring_all_rings_no_more_than_there_is_room_for(store: SqlStore) -> None:
    office = Office(store, skills=RING_ALL)
    for number in range(10):
        await office.text(consumer=consumer(number))
        office.clock.advance(1)
    await office.sign_in("ann", capacity=3)
    assert await rings(office) == {consumer(number): ("ann",) for number in range(3)}
    await office.sign_in("bob", capacity=2)
    assert await rings(office) == {consumer(number): ("ann" if number < 3 else "bob",) for number in range(5)}


async def test_an_agent_who_was_not_first_has_their_capacity_back(store: SqlStore) -> None:
    office = Office(store, skills=RING_ALL)
    await office.sign_in("ann", capacity=1)
    await office.sign_in("bob", capacity=1)
    first = await office.text(consumer=consumer(1))
    assert sorted(first.rings) == ["ann", "bob"]
    assert (await office.text(consumer=consumer(2))).rings == ()
    await office.ask(requests.Accept(first.id), name="ann")
    assert await rings(office) == {consumer(2): ("bob",)}


async def test_an_agent_who_declines_ring_all_has_their_capacity_back(store: SqlStore) -> None:
    office = Office(store, skills=RING_ALL)
    await office.sign_in("ann", capacity=1)
    await office.sign_in("bob", capacity=1)
    first = await office.text(consumer=consumer(1))
    await office.text(consumer=consumer(2))
    await office.ask(requests.Decline(first.id), name="ann")
    assert await rings(office) == {consumer(1): ("bob",), consumer(2): ("ann",)}


async def test_a_missed_ring_does_not_take_capacity_from_its_own_placement(store: SqlStore) -> None:
    office = Office(store, skills=RING_ALL)
    await office.sign_in("ann", capacity=1)
    await office.sign_in("bob", capacity=1)
    await office.text()
    for _ in range(2):  # the ring, and the rest after it
        office.clock.advance(60)
        await office.do(timers.run, 10)
    (again,) = (await conversations(office)).values()
    assert (sorted(again.rings), again.ring_until) == (["ann", "bob"], office.now + 60_000)
