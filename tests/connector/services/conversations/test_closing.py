"""Wrap-up, closing by hand and by timer, and reopening."""

from __future__ import annotations

from connector.domain.conversation import ConversationState
from connector.store.sql.store import SqlStore
from connector.wire import answers, requests
from connector.wire.refusals import RefusalCode
from connector.wire.views import ConversationView
from tests.kit.floor import Desks, desks
from tests.kit.use_cases import consumer

S = ConversationState


async def shown(floor: Desks, conversation_id: str) -> ConversationView:
    """As desks have it."""
    found = await floor.office.question(requests.GetConversation(conversation_id))
    assert isinstance(found, answers.FoundConversation)
    return found.conversation


async def test_a_wrap_up_takes_capacity_until_it_ends(store: SqlStore) -> None:
    floor = desks(store, wrap_up_s=30)
    await floor.come("ann", capacity=1)
    first, second = [await floor.office.text(consumer=consumer(number)) for number in (1, 2)]
    await floor.ask(requests.Close(first.id), "ann")
    await floor.wait(29)
    assert (await floor.at(first), await floor.at(second)) == ((S.WRAP_UP, "ann"), (S.QUEUED, None))
    assert await floor.refused(requests.Reply(first.id, "Hi"), "ann") == RefusalCode.CLOSED
    await floor.wait(1)
    assert (await floor.at(first), await floor.at(second)) == ((S.CLOSED, "ann"), (S.ASSIGNED, "ann"))
    await floor.ask(requests.Close(second.id, outcome="sold", tags=["vip", "vip"], note="Paid"), "ann")
    done = await floor.conversation(second.id)
    assert (done.state, done.outcome, done.tags, done.closed_by) == (S.CLOSED, "sold", ("vip",), "ann")


async def test_a_final_close_begins_no_wrap_up(store: SqlStore) -> None:
    floor = desks(store, wrap_up_s=30)
    await floor.come("ann")
    one = await floor.office.text()
    await floor.ask(requests.Close(one.id, is_final=True), "ann")
    assert await floor.at(one) == (S.CLOSED, "ann")
    assert await floor.office.events("wrap_up_began") == []


async def test_stop_in_a_wrap_up_does_not_reopen(store: SqlStore) -> None:
    floor = desks(store, wrap_up_s=30)
    await floor.come("ann")
    one = await floor.office.text()
    await floor.ask(requests.Close(one.id), "ann")
    await floor.office.text("STOP")
    assert await floor.at(one) == (S.WRAP_UP, "ann")


async def test_a_text_in_a_wrap_up_reopens_for_its_owner(store: SqlStore) -> None:
    floor = desks(store, wrap_up_s=30)
    await floor.come("ann", capacity=1)
    one = await floor.office.text()
    await floor.ask(requests.Close(one.id), "ann")
    await floor.office.text("One more thing")
    assert await floor.at(one) == (S.ASSIGNED, "ann")
    assert (await floor.conversation(one.id)).wrap_up_until is None
    await floor.demand_events_equal_snapshot()


async def test_auto_close_is_exact_and_not_put_off_by_looking(store: SqlStore) -> None:
    floor = desks(store, auto_close_s=1000)
    await floor.come("ann")
    one = await floor.office.text()
    await floor.wait(5000)
    assert (await floor.at(one))[0] == S.ASSIGNED  # the consumer waits for us
    await floor.office.reply(one)
    await floor.wait(900)
    looks: list[tuple[requests.Request, str]] = [
        (requests.MarkRead(one.id), "ann"),
        (requests.MarkUnread(one.id), "ann"),
        (requests.Join(one.id), "lea"),
        (requests.TakeOver(one.id), "lea"),
        (requests.WriteNote(one.id, "Looked at it"), "ann"),
    ]
    for command, name in looks:
        await floor.ask(command, name)
    await floor.wait(99)
    assert (await floor.at(one))[0] == S.ASSIGNED
    await floor.wait(1)
    closed = await floor.conversation(one.id)
    assert (closed.state, closed.closed_by) == (S.CLOSED, None)
    await floor.demand_events_equal_snapshot()


async def test_a_text_soon_after_closing_reopens_and_a_later_one_opens_another(store: SqlStore) -> None:
    floor = desks(store, reopen_s=600)
    await floor.come("ann")
    await floor.come("bob")
    one = await floor.office.text()
    await floor.ask(requests.Close(one.id, outcome="sold"), "ann")
    await floor.wait(600)
    again = await floor.office.text("One more thing")
    assert (again.id, again.agent, again.outcome, again.last_seq) == (one.id, "ann", "", 2)
    await floor.ask(requests.Close(one.id), "ann")
    await floor.wait(601)
    other = await floor.office.text("And another")
    assert other.id != one.id
    history = await store.read(lambda reading: reading.history(one.consumer, None, 9))
    assert [each.text for each in history] == ["Hello", "One more thing", "And another"]
    await floor.demand_events_equal_snapshot()


async def test_a_close_is_undone_for_some_seconds(store: SqlStore) -> None:
    floor = desks(store, undo_s=5)
    await floor.come("ann")
    one = await floor.office.text()
    await floor.ask(requests.Close(one.id), "ann")
    await floor.wait(5)
    await floor.ask(requests.Reopen(one.id), "ann")
    back = await floor.conversation(one.id)
    assert (back.state, back.agent, back.waiting_since, back.due_at) == (
        S.ASSIGNED,
        "ann",
        one.waiting_since,
        one.due_at,
    )
    assert await floor.refused(requests.Reopen(one.id), "ann") == RefusalCode.BAD_REQUEST
    await floor.ask(requests.Close(one.id), "ann")
    await floor.wait(6)
    assert await floor.refused(requests.Reopen(one.id), "ann") == RefusalCode.TOO_LATE


async def test_what_was_unread_is_so_again_when_a_close_is_undone(store: SqlStore) -> None:
    floor = desks(store, undo_s=5)
    await floor.come("ann")
    one = await floor.office.text()
    await floor.office.text("And more")
    await floor.ask(requests.Close(one.id), "ann")
    assert (await shown(floor, one.id)).unread == 0, "nothing in it is to be read"
    await floor.ask(requests.Reopen(one.id), "ann")
    assert (await shown(floor, one.id)).unread == 2
    await floor.ask(requests.MarkRead(one.id), "ann")
    await floor.ask(requests.Close(one.id), "ann")
    await floor.ask(requests.Reopen(one.id), "ann")
    assert (await shown(floor, one.id)).unread == 0


async def test_what_was_never_read_counts_no_more_when_they_write_after_a_close(store: SqlStore) -> None:
    floor = desks(store, undo_s=5, reopen_s=60)
    await floor.come("ann")
    one = await floor.office.text()
    await floor.ask(requests.Close(one.id), "ann")
    again = await floor.office.text("One more thing")
    assert (again.id, again.unread) == (one.id, 1)


async def test_one_that_was_accepted_to_be_closed_waits_as_before_when_that_is_undone(store: SqlStore) -> None:
    floor = desks(store, undo_s=5)
    await floor.come("ann", capacity=0)
    one = await floor.office.text()
    await floor.ask(requests.Close(one.id, accept=True, is_final=True), "ann")
    await floor.ask(requests.Reopen(one.id), "ann")
    await floor.ask(requests.GiveBack(one.id, is_undo=True), "ann")
    back = await floor.conversation(one.id)
    assert (back.state, back.agent, back.moves, back.returned_by, back.unread) == (S.QUEUED, None, 0, None, 1)
    assert (back.waiting_since, back.due_at) == (one.waiting_since, one.due_at)
    await floor.demand_events_equal_snapshot()


async def test_what_an_agent_gave_back_and_takes_again_was_not_passed_on(store: SqlStore) -> None:
    floor = desks(store)
    await floor.come("ann")
    one = await floor.office.text()
    for _ in range(2):
        await floor.ask(requests.GiveBack(one.id), "ann")
        assert (await floor.conversation(one.id)).moves == 1
        await floor.ask(requests.Accept(one.id), "ann")
        assert (await floor.conversation(one.id)).moves == 0


async def test_a_consumer_who_wrote_again_has_another_open_conversation(store: SqlStore) -> None:
    floor = desks(store, undo_s=60, reopen_s=0)
    await floor.come("ann")
    one = await floor.office.text()
    await floor.ask(requests.Close(one.id), "ann")
    await floor.office.text("Hello again")
    assert await floor.refused(requests.Reopen(one.id), "ann") == RefusalCode.ALREADY_OPEN
