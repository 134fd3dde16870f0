"""Marking a conversation as read or unread."""

from __future__ import annotations

from connector.store.sql.store import SqlStore
from connector.wire import requests
from connector.wire.refusals import RefusalCode
from tests.kit.floor import desks


async def test_what_its_owner_has_read_is_unread_again(store: SqlStore) -> None:
    floor = desks(store)
    await floor.come("ann")
    one = await floor.office.text()
    await floor.ask(requests.MarkRead(one.id), "ann")
    await floor.ask(requests.MarkUnread(one.id), "ann")
    marked = await floor.conversation(one.id)
    assert (marked.unread, marked.waiting_since, marked.due_at) == (1, one.waiting_since, one.due_at)
    await floor.ask(requests.MarkRead(one.id), "ann")
    assert (await floor.conversation(one.id)).unread == 0
    await floor.demand_events_equal_snapshot()


async def test_any_agent_may_mark_what_is_queued(store: SqlStore) -> None:
    floor = desks(store)
    desk = await floor.come("ann")
    one = await floor.office.text()
    await floor.ask(requests.MarkRead(one.id), "ann")
    await floor.go(desk)
    await floor.come("bob", skills=("other",))
    assert await floor.refused(requests.MarkUnread(one.id), "bob") == RefusalCode.NOT_OWNER
    await floor.ask(requests.GiveBack(one.id), "ann")
    await floor.ask(requests.MarkUnread(one.id), "bob")
    [told] = await floor.office.events("conversation_unread")
    assert (told["by"], told["conversation"]["unread"]) == ("bob", 1)


async def test_unread_texts_are_counted_as_before(store: SqlStore) -> None:
    floor = desks(store)
    await floor.come("ann")
    one = await floor.office.text()
    await floor.office.text("and another")
    await floor.ask(requests.MarkUnread(one.id), "ann")
    assert (await floor.conversation(one.id)).unread == 2


async def test_a_closed_conversation_cannot_be_marked(store: SqlStore) -> None:
    floor = desks(store)
    await floor.come("ann")
    one = await floor.office.text()
    await floor.ask(requests.Close(one.id), "ann")
    assert await floor.refused(requests.MarkUnread(one.id), "ann") == RefusalCode.CLOSED
