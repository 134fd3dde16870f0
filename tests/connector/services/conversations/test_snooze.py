"""Conversations that their owner has put away, and when they come back."""

from __future__ import annotations

from connector.domain.conversation import BackFrom, Conversation
from connector.domain.conversation import ConversationState as S
from connector.store.sql.store import SqlStore
from connector.wire import requests
from tests.kit.floor import Desks, desks
from tests.kit.use_cases import OTHER_LINE, consumer


async def put_away(floor: Desks, one: Conversation, after_s: int = 3600) -> int:
    until = floor.now + after_s * 1000
    await floor.ask(requests.Snooze(one.id, until), one.agent or "ann")
    return until


async def kinds(floor: Desks, *names: str) -> list[int]:
    return [len(await floor.office.events(name)) for name in names]


async def test_it_is_quiet_until_its_moment_and_comes_back_unread_with_its_alarm(store: SqlStore) -> None:
    floor = desks(store, response_s=600, soon_s=60)
    await floor.come("ann")
    one = await floor.office.text()
    await floor.ask(requests.MarkRead(one.id), "ann")
    until = await put_away(floor, one)
    await floor.wait(3599)
    away = await floor.conversation(one.id)
    assert (away.snoozed_until, away.due_at, away.due_told, away.unread) == (until, one.due_at, "", 0)
    assert await kinds(floor, "due_soon", "overdue", "snooze_ended") == [0, 0, 0]
    await floor.wait(1)
    back = await floor.conversation(one.id)
    assert (back.snoozed_until, back.back_from, back.unread, back.agent) == (None, BackFrom.SNOOZE, 1, "ann")
    assert (back.due_at, back.due_told) == (one.due_at, "overdue")
    assert await kinds(floor, "snooze_ended", "overdue") == [1, 1]
    await floor.ask(requests.MarkRead(one.id), "ann")
    assert (await floor.conversation(one.id)).back_from is BackFrom.NOTHING
    await floor.demand_events_equal_snapshot()


async def test_the_consumer_wakes_it_and_their_text_alone_makes_it_unread(store: SqlStore) -> None:
    floor = desks(store)
    await floor.come("ann")
    one = await floor.office.text()
    await floor.office.reply(one)
    await put_away(floor, one)
    await floor.office.text("one more thing")
    now = await floor.conversation(one.id)
    assert (now.snoozed_until, now.back_from, now.unread, now.agent) == (None, BackFrom.NOTHING, 1, "ann")
    await floor.wait(3600)
    assert await kinds(floor, "snooze_ended") == [0]


async def test_silence_and_time_leave_it_where_it_is_and_count_from_when_it_is_back(store: SqlStore) -> None:
    floor = desks(store, silent_s=300, auto_close_s=900)
    await floor.come("ann")
    waits, quiet = await floor.office.text(), await floor.office.text(consumer=consumer(2))
    await floor.office.reply(quiet)
    for one in (waits, quiet):
        await put_away(floor, one, 2000)
    await floor.wait(2001)
    assert await floor.at(waits) == await floor.at(quiet) == (S.ASSIGNED, "ann")
    await floor.wait(298)
    assert await floor.at(waits) == (S.ASSIGNED, "ann")
    await floor.wait(2)
    given = await floor.conversation(waits.id)
    assert given.returned_by == "ann" or given.agent != "ann" or given.reason == "ann has not answered"
    await floor.ask(requests.MarkRead(quiet.id), "ann")
    assert await floor.at(quiet) == (S.ASSIGNED, "ann")  # what was opened does not close under one's eyes
    await floor.wait(600)
    assert await floor.at(quiet) == (S.CLOSED, "ann")


async def test_what_leaves_its_owner_is_awake(store: SqlStore) -> None:
    floor = desks(store)
    await floor.come("ann")
    found = [await floor.office.text(consumer=consumer(number)) for number in range(4)]
    await floor.come("bob")
    given, transferred, taken, closed = (one.id for one in found)
    ways: list[tuple[requests.Request, str]] = [
        (requests.GiveBack(given), "ann"),
        (requests.Transfer(transferred, "bookings"), "ann"),
        (requests.TakeOver(taken), "bob"),
        (requests.Close(closed), "ann"),
    ]
    for one, (command, name) in zip(found, ways, strict=True):
        await put_away(floor, one)
        await floor.ask(command, name)
        assert (await floor.conversation(one.id)).snoozed_until is None
    await floor.demand_events_equal_snapshot()


async def test_an_owner_who_is_gone_keeps_it_until_then(store: SqlStore) -> None:
    floor = desks(store, gone_s=60)
    desk = await floor.come("ann")
    one = await floor.office.text()
    await put_away(floor, one)
    await floor.go(desk)
    await floor.come("bob")
    await floor.wait(3000)
    assert await floor.at(one) == (S.ASSIGNED, "ann")
    await floor.wait(700)
    assert await floor.at(one) == (S.ASSIGNED, "bob")


async def test_it_takes_little_of_its_owners_capacity(store: SqlStore) -> None:
    floor = desks(store, idle_weight=0.0)
    await floor.come("ann", capacity=1)
    one, two = await floor.office.text(), await floor.office.text(consumer=consumer(2))
    assert await floor.at(two) == (S.QUEUED, None)
    await put_away(floor, one)
    assert await floor.at(two) == (S.ASSIGNED, "ann")
    await floor.ask(requests.Snooze(one.id, None), "ann")
    three = await floor.office.text(consumer=consumer(3), line=OTHER_LINE)
    assert await floor.at(three) == (S.QUEUED, None)


async def test_a_killed_core_forgets_no_snooze(store: SqlStore) -> None:
    floor = desks(store)
    await floor.come("ann")
    one = await floor.office.text()
    await floor.office.reply(one)
    await put_away(floor, one)
    await floor.kill()
    await floor.come("ann")
    await floor.wait(7200)  # it was down as the moment came
    assert (await floor.conversation(one.id)).back_from is BackFrom.SNOOZE


async def test_off_duty_what_is_put_away_stays_so(store: SqlStore) -> None:
    floor = desks(store)
    await floor.come("ann")
    one = await floor.office.text()
    until = await put_away(floor, one)
    await floor.ask(requests.SignOff([requests.SignOffChoice(one.id, "due", floor.now + 60_000)]), "ann")
    now = await floor.conversation(one.id)
    assert (now.agent, now.snoozed_until, now.reminder_at) == ("ann", until, None)
