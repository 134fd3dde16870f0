"""Giving back, taking over, joining and holds; undoing a reply, and due times set by hand."""

from __future__ import annotations

import asyncio

import pytest

from connector.domain.agent import Role
from connector.domain.conversation import ConversationState
from connector.domain.refusals import Refused
from connector.services import work
from connector.services.routing.desks import LEASE_S
from connector.store.sql.store import SqlStore
from connector.wire import answers, requests
from connector.wire.refusals import RefusalCode
from tests.kit.floor import desks
from tests.kit.stores import LINE
from tests.kit.use_cases import consumer

S = ConversationState


async def test_given_back_it_goes_to_another_agent_or_waits(store: SqlStore) -> None:
    floor = desks(store)
    await floor.come("ann")
    one = await floor.office.text()
    await floor.ask(requests.GiveBack(one.id, note="Not mine"), "ann")
    assert await floor.at(one) == (S.QUEUED, None)
    await floor.come("bob")
    assert await floor.at(one) == (S.ASSIGNED, "bob")


async def test_the_agent_who_gave_it_back_is_given_it_again_the_next_morning(store: SqlStore) -> None:
    floor = desks(store)
    place = await floor.come("ann")
    one = await floor.office.text()
    await floor.ask(requests.GiveBack(one.id), "ann")
    await floor.wait(20)
    await floor.go(place)
    await floor.wait(8 * 3600)
    assert await floor.at(one) == (S.QUEUED, None)
    await floor.come("ann")
    assert await floor.at(one) == (S.ASSIGNED, "ann")


async def test_a_lead_joins_takes_over_and_leaves(store: SqlStore) -> None:
    floor = desks(store)
    await floor.come("ann")
    one = await floor.office.text()
    assert await floor.refused(requests.Reply(one.id, "Hi"), "lea") == RefusalCode.NOT_OWNER
    await floor.ask(requests.Join(one.id), "lea")
    assert await floor.refused(requests.Join(one.id), "lea") == RefusalCode.BAD_REQUEST
    await floor.ask(requests.Reply(one.id, "Hi from the lead"), "lea")
    assert await floor.at(one) == (S.ASSIGNED, "ann")
    await floor.ask(requests.Leave(one.id), "lea")
    assert await floor.refused(requests.Leave(one.id), "lea") == RefusalCode.BAD_REQUEST
    assert await floor.refused(requests.Reply(one.id, "Hi"), "lea") == RefusalCode.NOT_OWNER
    await floor.ask(requests.TakeOver(one.id), "lea")
    assert await floor.at(one) == (S.ASSIGNED, "lea")
    assert await floor.refused(requests.Reply(one.id, "Hi"), "ann") == RefusalCode.NOT_OWNER
    (told,) = await floor.office.events("conversation_taken_over")
    assert (told["by"], told["owner"]) == ("lea", "ann")
    await floor.demand_events_equal_snapshot()


async def test_of_two_leads_who_take_it_over_at_once_one_has_it_and_the_other_is_told_who(store: SqlStore) -> None:
    floor = desks(store)
    await floor.come("ann")
    one = await floor.office.text()
    for name in ("lea", "leo"):
        await floor.come(name, role=Role.LEAD, capacity=0)
    asked = [floor.ask(requests.TakeOver(one.id, owner="ann"), name) for name in ("lea", "leo")]
    done = await asyncio.gather(*asked, return_exceptions=True)
    (refused,) = [each for each in done if isinstance(each, Refused)]
    _, owner = await floor.at(one)
    assert owner in ("lea", "leo") and done.count(answers.Done()) == 1
    assert (refused.code, refused.details) == (RefusalCode.NOT_OWNER, {"agent": owner})
    assert refused.words.startswith(f"{owner} has it by now")
    assert len(await floor.office.events("conversation_taken_over")) == 1
    other = next(name for name in ("lea", "leo") if name != owner)
    assert await floor.refused(requests.TakeOver(one.id, owner=""), other) == RefusalCode.NOT_OWNER
    await floor.ask(requests.TakeOver(one.id, owner=owner), other)
    await floor.ask(requests.TakeOver(one.id), str(owner))
    await floor.demand_events_equal_snapshot()


async def test_a_hold_ends_and_another_agent_may_accept(store: SqlStore) -> None:
    floor = desks(store, gone_s=120)
    place = await floor.come("ann")
    one = await floor.office.text()
    await floor.office.reply(one)  # no consumer waits: the sweep leaves it with ann
    await floor.go(place)
    await floor.wait(119)
    assert await floor.refused(requests.Accept(one.id), "bob") == RefusalCode.NOT_QUEUED
    await floor.ask(requests.Reply(one.id, "Still here"), "ann")
    await floor.wait(1)
    assert await floor.refused(requests.Reply(one.id, "And still"), "ann") == RefusalCode.HOLD_OVER
    await floor.ask(requests.Accept(one.id), "bob")
    assert await floor.refused(requests.Reply(one.id, "And still"), "ann") == RefusalCode.NOT_OWNER


async def test_a_lease_that_just_ended_does_not_end_the_hold(store: SqlStore) -> None:
    """The database was away for a minute, and no sweep or renewal has been since."""
    floor = desks(store, gone_s=120)
    await floor.come("ann")
    await floor.wait(0)
    floor.office.clock.advance(3600)
    await floor.keep()
    one = await floor.office.text()
    floor.office.clock.advance(LEASE_S + 30)
    await floor.ask(requests.Reply(one.id, "Hello"), "ann")
    assert await floor.refused(requests.Accept(one.id), "bob") == RefusalCode.NOT_QUEUED


async def test_a_stale_reply_is_refused_with_the_newer_messages(store: SqlStore) -> None:
    floor = desks(store)
    await floor.come("ann")
    one = await floor.office.text()
    await floor.office.text("One more thing")
    with pytest.raises(Refused) as no:
        await floor.ask(requests.Reply(one.id, "Hi", seen=one.last_seq), "ann")
    assert (no.value.code, no.value.details) == (RefusalCode.STALE, {"last_seq": 2})
    assert [each.text for each in no.value.messages] == ["One more thing"]
    await floor.ask(requests.WriteNote(one.id, "A note is no news"), "bob")
    await floor.ask(requests.Reply(one.id, "Hi", seen=2), "ann")
    await floor.ask(requests.Reply(one.id, "And my own is none", seen=2), "ann")


async def test_a_reply_is_undone_in_the_window_and_not_after(store: SqlStore) -> None:
    floor = desks(store, undo_s=5, response_s=900)
    await floor.come("ann")
    one = await floor.office.text()
    await floor.wait(60)
    reply = await floor.office.reply(one)
    assert await floor.refused(requests.UndoReply(reply), "bob") == RefusalCode.UNKNOWN_MESSAGE
    await floor.ask(requests.UndoReply(reply), "ann")
    back = await floor.conversation(one.id)
    assert (back.waiting_since, back.due_at, back.last_text) == (one.waiting_since, one.due_at, "Hello")
    assert await floor.refused(requests.UndoReply(reply), "ann") == RefusalCode.TOO_LATE
    second = await floor.office.reply(one)
    floor.office.clock.advance(4.999)
    assert await floor.office.do(work.claim, work.SEND, "n1", 9) == []
    floor.office.clock.advance(0.001)
    assert len(await floor.office.do(work.claim, work.SEND, "n1", 9)) == 1
    assert await floor.refused(requests.UndoReply(second), "ann") == RefusalCode.TOO_LATE
    await floor.demand_events_equal_snapshot()


async def test_a_reply_undone_in_a_wrap_up_is_owed_no_more(store: SqlStore) -> None:
    floor = desks(store, undo_s=5, wrap_up_s=30)
    await floor.come("ann")
    one = await floor.office.text()
    reply = await floor.office.reply(one)
    await floor.ask(requests.Close(one.id), "ann")
    await floor.ask(requests.UndoReply(reply), "ann")
    found = await floor.conversation(one.id)
    assert (found.state, found.waiting_since, found.due_at) == (S.WRAP_UP, None, None)
    await floor.ask(requests.Reopen(one.id), "ann")
    assert (await floor.conversation(one.id)).waiting_since == one.waiting_since


async def test_the_only_text_of_a_follow_up_is_undone(store: SqlStore) -> None:
    floor = desks(store, undo_s=5)
    await floor.come("ann")
    started = await floor.ask(requests.Start(LINE, consumer(1), "About your call"), "ann")
    assert isinstance(started, answers.Started)
    await floor.ask(requests.UndoReply(started.message_id), "ann")
    assert (await floor.conversation(started.conversation_id)).last_text == ""


@pytest.mark.parametrize("keep", [False, True])
async def test_a_due_time_set_by_hand_is_cleared_by_answering_unless_kept(store: SqlStore, keep: bool) -> None:
    floor = desks(store, soon_s=60)
    await floor.come("ann")
    one = await floor.office.text()
    at = floor.now + 3_600_000
    await floor.ask(requests.SetDue(one.id, at, keep), "ann")
    assert (await floor.conversation(one.id)).due_at == at
    await floor.office.reply(one)
    assert (await floor.conversation(one.id)).due_at == (at if keep else None)
    await floor.wait(3600)
    assert [len(await floor.office.events(kind)) for kind in ("due_soon", "overdue")] == ([0, 1] if keep else [0, 0])


@pytest.mark.parametrize("after_s", [-1, 0, 367 * 86400])
async def test_a_due_time_in_the_past_or_far_ahead_is_refused(store: SqlStore, after_s: int) -> None:
    floor = desks(store)
    await floor.come("ann")
    one = await floor.office.text()
    assert await floor.refused(requests.SetDue(one.id, floor.now + after_s * 1000), "ann") == RefusalCode.BAD_REQUEST


async def test_soon_and_overdue_are_raised_once_each(store: SqlStore) -> None:
    floor = desks(store, response_s=300, soon_s=60)
    await floor.office.text()
    told = []
    for _ in range(5):
        await floor.wait(60)
        told.append([len(await floor.office.events(kind)) for kind in ("due_soon", "overdue")])
    await floor.wait(10_000)
    told.append([len(await floor.office.events(kind)) for kind in ("due_soon", "overdue")])
    assert told == [[0, 0], [0, 0], [0, 0], [1, 0], [1, 1], [1, 1]]
