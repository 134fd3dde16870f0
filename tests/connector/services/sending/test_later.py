"""Replies that are written now and sent later: checked at both moments, and given back when more is said before."""

from __future__ import annotations

import pytest

from connector.domain.agent import Role
from connector.domain.conversation import BackFrom, Conversation
from connector.domain.conversation import ConversationState as S
from connector.domain.message import Direction
from connector.domain.refusals import Refused
from connector.domain.status import Status
from connector.services.sending import outbox
from connector.store.sql.store import SqlStore
from connector.wire import answers, limits, requests
from connector.wire.refusals import RefusalCode
from tests.kit.floor import Desks, desks
from tests.kit.use_cases import consumer

HOUR_S = 3600


async def later(
    floor: Desks, one: Conversation, text: str = "Good morning", after_s: float = HOUR_S, name: str = "ann"
) -> str:
    asked = requests.ScheduleReply(one.id, text, floor.now + round(after_s * 1000))
    answer = await floor.ask(asked, name)
    assert isinstance(answer, answers.Scheduled)
    return answer.scheduled_id


async def waiting(floor: Desks, one: Conversation) -> list[str]:
    found = await floor.office.store.read(lambda reading: reading.scheduled_in(one.id))
    return [each.text for each in found]


async def sent(floor: Desks, one: Conversation) -> list[str]:
    found = await floor.office.store.read(lambda reading: reading.history(one.person, None, 100))
    return [each.text for each in found if each.direction is Direction.REPLY and each.status is not Status.UNDONE]


async def draft(floor: Desks, one: Conversation, name: str = "ann") -> str:
    found = await floor.office.store.read(lambda reading: reading.drafts(name, [one.id]))
    return found[0].text if found else ""


async def ended(floor: Desks) -> list[tuple[str, str]]:
    return [(one["ended"], one["words"]) for one in await floor.office.events("schedule_ended")]


async def test_it_is_sent_at_its_moment_and_blocks_nothing_before(store: SqlStore) -> None:
    floor = desks(store, response_s=600)
    await floor.come("ann")
    one = await floor.office.text()
    await floor.ask(requests.SaveDraft(one.id, "Good morning"), "ann")
    await later(floor, one)
    assert (await draft(floor, one), await waiting(floor, one)) == ("", ["Good morning"])
    waits = await floor.conversation(one.id)
    assert (waits.scheduled_at, waits.waiting_since, waits.unread) == (floor.now + 3_600_000, one.waiting_since, 0)
    await floor.office.reply(one, "We look into it")
    claimed = await floor.office.do(outbox.claim, "n1", 9)
    assert [call.text for _, call in claimed] == ["We look into it"]
    await floor.wait(HOUR_S - 1)
    assert await sent(floor, one) == ["We look into it"]
    await floor.wait(1)
    assert await sent(floor, one) == ["We look into it", "Good morning"]
    now = await floor.conversation(one.id)
    assert (now.scheduled_at, now.back_from, now.last_text) == (None, BackFrom.NOTHING, "Good morning")
    assert await ended(floor) == [("sent", "")]
    await floor.demand_events_equal_snapshot()


async def test_meanwhile_nothing_alarms_moves_it_or_closes_it(store: SqlStore) -> None:
    floor = desks(store, response_s=600, silent_s=300, auto_close_s=900, gone_s=60)
    desk = await floor.come("ann")
    one, quiet = await floor.office.text(), await floor.office.text(consumer=consumer(2))
    await floor.office.reply(quiet)
    for each in (one, quiet):
        await later(floor, each)
    await floor.go(desk)  # for the night
    await floor.come("bob")
    await floor.wait(HOUR_S - 1)
    assert [await floor.at(each) for each in (one, quiet)] == [(S.ASSIGNED, "ann")] * 2
    assert await floor.office.events("overdue") == []
    await floor.wait(1)
    assert [await sent(floor, each) for each in (one, quiet)] == [["Good morning"], ["Hello to you", "Good morning"]]


@pytest.mark.parametrize("text", ["Never mind", "STOP"])
async def test_a_text_of_the_consumer_gives_it_back_at_once(store: SqlStore, text: str) -> None:
    floor = desks(store)
    await floor.come("ann")
    one = await floor.office.text()
    await later(floor, one)
    await floor.ask(requests.SaveDraft(one.id, "and what I wrote since"), "ann")
    await floor.office.text(text)
    assert (await waiting(floor, one), await draft(floor, one)) == ([], "Good morning\nand what I wrote since")
    assert (await floor.conversation(one.id)).scheduled_at is None
    assert await ended(floor) == [("held_back", "They have written since.")]
    assert [told["conversation_id"] for told in await floor.office.events("draft_changed")] == [one.id]
    await floor.wait(2 * HOUR_S)
    assert await sent(floor, one) == []


async def test_what_would_be_refused_at_its_moment_comes_back_to_its_author_as_a_need(store: SqlStore) -> None:
    floor = desks(store)
    await floor.come("ann")
    await floor.come("lea", capacity=0, role=Role.LEAD)
    stale, opted_out, missed = [await floor.office.text(consumer=consumer(number)) for number in range(3)]
    await later(floor, stale, after_s=60)
    await later(floor, opted_out, after_s=60)
    await later(floor, missed, after_s=60)
    await floor.ask(requests.Join(stale.id), "lea")
    await floor.ask(requests.Reply(stale.id, "I answer this"), "lea")
    await floor.ask(requests.OptOut(opted_out.consumer, "by phone"), "lea")
    floor.office.clock.advance(60)
    await floor.run_timers()
    for one in (stale, opted_out):
        now = await floor.conversation(one.id)
        assert (now.scheduled_at, now.back_from, now.unread) == (None, BackFrom.HELD_BACK, 1)
        assert await draft(floor, one) == "Good morning"
    words = [words for how, words in await ended(floor) if how == "held_back"]
    assert len(words) == 2 and words[0].startswith("A colleague has written") and "opted out" in words[1]
    assert await sent(floor, missed) == ["Good morning"]


async def test_after_a_long_stop_what_is_late_comes_back_and_the_rest_is_sent(store: SqlStore) -> None:
    floor = desks(store)
    await floor.come("ann")
    old, fresh = await floor.office.text(), await floor.office.text(consumer=consumer(2))
    await later(floor, old, after_s=60)
    await later(floor, fresh, after_s=3 * HOUR_S)
    await floor.kill()
    floor.office.clock.advance(4 * HOUR_S)
    await floor.come("ann")
    await floor.run_timers()
    assert (await sent(floor, old), await draft(floor, old)) == ([], "Good morning")
    assert await sent(floor, fresh) == ["Good morning"]


async def test_it_does_not_outlive_its_conversation_or_its_owner(store: SqlStore) -> None:
    floor = desks(store)
    await floor.come("ann")
    found = [await floor.office.text(consumer=consumer(number)) for number in range(4)]
    await floor.come("bob")
    closed, given, transferred, taken = (one.id for one in found)
    ways: list[tuple[requests.Request, str]] = [
        (requests.Close(closed), "ann"),
        (requests.GiveBack(given), "ann"),
        (requests.Transfer(transferred, "bookings"), "ann"),
        (requests.TakeOver(taken), "bob"),
    ]
    for one, (command, name) in zip(found, ways, strict=True):
        await later(floor, one)
        await floor.ask(command, name)
        assert (await waiting(floor, one), await draft(floor, one)) == ([], "Good morning")
    await floor.wait(2 * HOUR_S)
    assert [await sent(floor, one) for one in found] == [[]] * 4
    assert [how for how, _ in await ended(floor)] == ["held_back"] * 4
    await floor.demand_events_equal_snapshot()


async def test_its_author_and_leads_cancel_it_and_no_one_else(store: SqlStore) -> None:
    floor = desks(store)
    await floor.come("ann", skills=("orders",))
    await floor.come("bob", skills=("orders",))
    await floor.come("lea", capacity=0, skills=("orders",), role=Role.LEAD)
    one = await floor.office.text()
    owner = (await floor.conversation(one.id)).agent or ""
    other = "bob" if owner != "bob" else "ann"

    async def cancelled(scheduled_id: str, name: str) -> None:
        await floor.office.ask(requests.CancelScheduled(scheduled_id), name=name, is_administrator=False)

    first, second = await later(floor, one, "first", name=owner), await later(floor, one, "second", 600, name=owner)
    with pytest.raises(Refused):
        await cancelled(first, other)
    await cancelled(first, owner)
    assert (await draft(floor, one, owner), await waiting(floor, one)) == ("first", ["second"])
    await cancelled(second, "lea")
    assert (await draft(floor, one, owner), (await floor.conversation(one.id)).scheduled_at) == ("second\nfirst", None)
    assert [one["by"] for one in await floor.office.events("schedule_ended")] == [owner, "lea"]
    with pytest.raises(Refused) as no:
        await cancelled(second, owner)
    assert no.value.code == RefusalCode.UNKNOWN_MESSAGE


async def test_there_are_bounds_and_each_asker_sees_their_own(store: SqlStore) -> None:
    floor = desks(store)
    await floor.come("ann")
    one = await floor.office.text()
    for number in range(limits.SCHEDULED_IN_CONVERSATION):
        await later(floor, one, str(number), 600 - number)
    assert await floor.refused(requests.ScheduleReply(one.id, "more", floor.now + 9000), "ann") == "bad_request"
    assert await floor.refused(requests.ScheduleReply(one.id, "Hi", floor.now), "ann") == "bad_request"
    own = await floor.office.question(requests.GetScheduled())
    assert [each.text for each in own.scheduled] == [str(number) for number in reversed(range(10))]
    assert (await floor.office.question(requests.GetScheduled(), name="bob")).scheduled == []
    history = await floor.office.question(requests.GetHistory(one.id), name="bob")
    assert len(history.scheduled) == 10
