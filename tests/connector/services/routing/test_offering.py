"""Offering conversations: rings, and capacity that time alone frees."""

from __future__ import annotations

import pytest

from connector.domain.conversation import ConversationState
from connector.domain.refusals import Refused
from connector.domain.skill_rules import RingMode
from connector.services.routing.explanation import explain
from connector.store.sql.store import SqlStore
from connector.wire import requests
from connector.wire.refusals import RefusalCode
from tests.kit.floor import desks
from tests.kit.use_cases import consumer

S = ConversationState


async def test_a_missed_ring_goes_to_the_next_agent_and_after_a_rest_round_again(store: SqlStore) -> None:
    floor = desks(store, ring=RingMode.RING, ring_s=20)
    await floor.come("ann")
    await floor.come("bob")
    one = await floor.office.text()
    rung = [[*await floor.rings(one)]]
    for _ in range(4):
        await floor.wait(19)
        assert [*await floor.rings(one)] == rung[-1]
        await floor.wait(1)
        rung.append([*await floor.rings(one)])
    assert rung == [["ann"], ["bob"], [], ["ann"], ["bob"]]
    assert (await floor.conversation(one.id)).reason
    await floor.ask(requests.Accept(one.id), "bob")
    assert await floor.at(one) == (S.ASSIGNED, "bob")
    assert await floor.refused(requests.Accept(one.id), "ann") == RefusalCode.NOT_QUEUED
    await floor.demand_events_equal_snapshot()


async def test_a_declined_ring_does_not_come_straight_back(store: SqlStore) -> None:
    floor = desks(store, ring=RingMode.RING, ring_s=20)
    await floor.come("ann")
    one = await floor.office.text()
    await floor.ask(requests.Decline(one.id), "ann")
    assert await floor.at(one) == (S.QUEUED, None)
    why = await floor.office.look(explain, requests.Explain(one.id))
    assert why.reason == "ann did not take it, and nobody else has room; asked again a little later"
    assert why.next[0] == "in 20 s ann may be asked again"
    await floor.wait(19)
    assert await floor.at(one) == (S.QUEUED, None)
    await floor.wait(1)
    assert [*await floor.rings(one)] == ["ann"]

    await floor.ask(requests.Decline(one.id), "ann")
    await floor.come("bob")  # another agent gets it at once
    assert [*await floor.rings(one)] == ["bob"]
    await floor.demand_events_equal_snapshot()


async def test_the_reason_is_that_of_today(store: SqlStore) -> None:
    floor = desks(store)
    await floor.come("ann", capacity=1)
    await floor.office.text(consumer=consumer(1))
    one = await floor.office.text(consumer=consumer(2))
    assert (await floor.conversation(one.id)).reason == "every agent online is full"
    await floor.ask(requests.SetPresence("away"), "ann")
    why = await floor.office.look(explain, requests.Explain(one.id))
    assert why.reason == "nobody with the skill orders is online"
    await floor.wait(10)  # the next look at the queue stores it, once
    assert (await floor.conversation(one.id)).reason == why.reason
    await floor.wait(60)
    assert len(await floor.office.events("conversation_updated")) == 1
    await floor.demand_events_equal_snapshot()


async def test_no_more_reasons_are_stored_than_a_desk_shows(store: SqlStore) -> None:
    floor = desks(store)
    await floor.come("ann", capacity=1)
    for number in range(60):
        await floor.office.text(consumer=consumer(number))
    await floor.ask(requests.SetPresence("away"), "ann")
    await floor.wait(30)
    assert len(await floor.office.events("conversation_updated")) == 20


async def test_a_ring_ends_on_time_without_a_sweep(store: SqlStore) -> None:
    floor = desks(store, ring=RingMode.RING, ring_s=20)
    await floor.come("ann")
    one = await floor.office.text()
    floor.office.clock.advance(3600)
    assert (await floor.conversation(one.id)).ring_until == floor.now - 3_580_000
    await floor.run_timers()  # and the lease of ann's desk has ended as well
    assert await floor.at(one) == (S.QUEUED, None)


async def test_a_declined_ring_goes_to_the_next_agent(store: SqlStore) -> None:
    floor = desks(store, ring=RingMode.RING)
    await floor.come("ann")
    await floor.come("bob")
    one = await floor.office.text()
    assert await floor.refused(requests.Decline(one.id), "bob") == RefusalCode.NOT_RINGING
    await floor.ask(requests.Decline(one.id), "ann")
    assert await floor.rings(one) == ("bob",)
    assert await floor.refused(requests.Decline(one.id), "ann") == RefusalCode.NOT_RINGING


async def test_two_never_ring_for_one_place(store: SqlStore) -> None:
    floor = desks(store, ring=RingMode.RING_ALL)
    await floor.come("ann", capacity=1)
    first, second = [await floor.office.text(consumer=consumer(number)) for number in (1, 2)]
    assert (await floor.rings(first), await floor.rings(second)) == (("ann",), ())


async def test_ring_all_is_won_by_the_first_and_ends_for_the_others(store: SqlStore) -> None:
    floor = desks(store, ring=RingMode.RING_ALL)
    for name in ("ann", "bob", "cid"):
        await floor.come(name)
    one = await floor.office.text()
    assert await floor.rings(one) == ("ann", "bob", "cid")
    await floor.ask(requests.Decline(one.id), "bob")
    assert await floor.rings(one) == ("ann", "cid")
    await floor.ask(requests.Accept(one.id), "cid")
    with pytest.raises(Refused) as no:
        await floor.ask(requests.Accept(one.id), "ann")
    assert (no.value.code, no.value.details) == (RefusalCode.NOT_QUEUED, {"state": "assigned", "agent": "cid"})
    (told,) = await floor.office.events("conversation_assigned")
    assert told["also_rang"] == ["ann"]


async def test_the_queue_is_offered_capacity_that_time_alone_frees(store: SqlStore) -> None:
    floor = desks(store, idle_after_s=60)
    await floor.come("ann", capacity=1)
    first, second = [await floor.office.text(consumer=consumer(number)) for number in (1, 2)]
    await floor.office.reply(first)
    await floor.wait(30)
    assert await floor.at(second) == (S.QUEUED, None)
    await floor.wait(5)
    assert await floor.at(second) == (S.ASSIGNED, "ann")


async def test_a_new_conversation_does_not_go_before_the_queue(store: SqlStore) -> None:
    floor = desks(store, idle_after_s=20)
    await floor.come("ann", capacity=1)
    first, second = [await floor.office.text(consumer=consumer(number)) for number in (1, 2)]
    await floor.office.reply(first)
    floor.office.clock.advance(25)  # and no sweep
    third = await floor.office.text(consumer=consumer(3))
    assert (await floor.at(second), await floor.at(third)) == ((S.ASSIGNED, "ann"), (S.QUEUED, None))


async def test_warming_up_gives_one_more_each_time(store: SqlStore) -> None:
    floor = desks(store, warm_up_s=90)
    for number in range(4):
        await floor.office.text(consumer=consumer(number))
    await floor.come("ann")
    owned = []
    for _ in range(4):
        owned.append(len(await floor.office.do(lambda uow: uow.tx.conversations.assigned_to("ann"))))
        await floor.wait(90)
    assert owned == [1, 2, 3, 4]
