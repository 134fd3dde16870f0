"""A reply that did not arrive comes back to a person, however it ended and whatever has become of its conversation."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import pytest

from connector.domain.conversation import Conversation, ConversationState
from connector.domain.refusals import Refused
from connector.domain.skill_rules import Rules, SkillRules
from connector.domain.status import UNSUCCESSFUL, Status
from connector.providers.values import Accepted, DeliveryReceipt, Outcome, Rejected, Uncertain
from connector.services.sending import attempt_outcomes, look_ups, outbox
from connector.services.work import LOOK_UP
from connector.store.sql.store import SqlStore
from connector.store.values import Work
from connector.wire import requests
from tests.kit.floor import Desks, desks
from tests.kit.folding import folded, stored
from tests.kit.stores import CONSUMER, LINE
from tests.kit.use_cases import Office, rules

MINUTE = 60
HOUR = 3600


async def begin(office: Office) -> Work:
    """The reply that is due is being sent."""
    [(work, _)] = await office.do(outbox.claim, office.node, 32)
    return work


async def send(office: Office, outcome: Outcome) -> str:
    work = await begin(office)
    await office.do(attempt_outcomes.record, work, outcome)
    return work.subject


async def receipt(office: Office, message_id: str, status: Status, code: str | None = "30003") -> None:
    words = "The phone is off." if code else None
    await office.take(DeliveryReceipt(status, str(status), message_id=message_id, code=code, words=words))


async def look_up_until_it_is_left_to_an_agent(office: Office) -> None:
    """The provider cannot be asked."""
    for _ in range(5):
        due = await office.store.read(lambda reading: reading.next_due(LOOK_UP, office.now))
        assert due is not None
        office.clock.advance(max(0, due - office.now) / 1000)
        for work, _ in await office.do(look_ups.claim, office.node, 32):
            await office.do(look_ups.record, work, Uncertain("It does not answer."))


async def refused_by_the_provider(office: Office) -> None:
    await send(office, Rejected("21612", "This number cannot be reached."))


async def opted_out_meanwhile(office: Office) -> None:
    await office.text("STOP")
    assert await office.do(outbox.claim, office.node, 32) == []


async def too_late(office: Office) -> None:
    office.clock.advance(2 * HOUR + 1)
    assert await office.do(outbox.claim, office.node, 32) == []


async def unknown_for_good(office: Office) -> None:
    await send(office, Uncertain("The connection broke."))
    await look_up_until_it_is_left_to_an_agent(office)


def by_receipt(status: Status) -> Callable[[Office], Awaitable[None]]:
    async def end(office: Office) -> None:
        await receipt(office, await send(office, Accepted("SM1")), status)

    return end


# Every way in which a reply ends without having arrived, and the status it then has.
ENDS: dict[str, tuple[Callable[[Office], Awaitable[None]], Status]] = {
    "the provider refuses it": (refused_by_the_provider, Status.FAILED),
    "opted out meanwhile": (opted_out_meanwhile, Status.FAILED),
    "too late": (too_late, Status.FAILED),
    "unknown for good": (unknown_for_good, Status.UNCERTAIN),
    **{f"a receipt says {status}": (by_receipt(status), status) for status in sorted(UNSUCCESSFUL)},
}


def test_the_ends_cover_every_status_of_a_reply_that_did_not_arrive() -> None:
    assert {status for _, status in ENDS.values()} == UNSUCCESSFUL | {Status.UNCERTAIN}


async def a_text(floor: Desks) -> Conversation:
    await floor.come("ann")
    return await floor.office.text()


async def demand_back(floor: Desks, conversation: Conversation, status: Status, since: int) -> Conversation:
    """The conversation waits for us, is due, and says why."""
    found = await floor.conversation(conversation.id)
    assert (found.unsent, found.unsent_status) == (1, status)
    assert found.waiting_since == since
    assert found.due_at is not None
    assert found.state in (ConversationState.QUEUED, ConversationState.RINGING, ConversationState.ASSIGNED)
    [failed] = await floor.office.events("send_failed")
    assert failed["message"]["is_unsettled"] and failed["conversation"]["unsent"] == 1
    assert failed["conversation"]["id"] == found.id
    await demand_told(floor)
    return found


async def demand_told(floor: Desks) -> None:
    """Desks know of every conversation what is stored."""
    known, shown = (
        await folded(floor.office.store),
        await stored(floor.office.store, floor.now, floor.office.brand.rules),
    )
    assert known[0] == shown[0]


@pytest.mark.parametrize("end", ENDS)
async def test_with_its_owner_the_consumer_waits_as_before_the_reply(store: SqlStore, end: str) -> None:
    lose, status = ENDS[end]
    floor = desks(store)
    conversation = await a_text(floor)
    asked_at, due_at = conversation.waiting_since, conversation.due_at
    assert asked_at is not None
    floor.office.clock.advance(60)
    await floor.office.reply(conversation)
    answered = await floor.conversation(conversation.id)
    assert (answered.waiting_since, answered.due_at) == (None, None)
    await lose(floor.office)
    found = await demand_back(floor, conversation, status, asked_at)
    assert (found.agent, found.due_at) == ("ann", due_at)
    await floor.wait(0)  # overdue at once, where that is past
    overdue = await floor.office.events("overdue")
    assert bool(overdue) is (due_at is not None and due_at <= floor.now)


@pytest.mark.parametrize("end", ENDS)
async def test_whose_owner_is_gone_it_waits_in_the_queue(store: SqlStore, end: str) -> None:
    lose, status = ENDS[end]
    floor = desks(store)
    place = await floor.come("ann")
    conversation = await floor.office.text()
    await floor.office.reply(conversation)
    await floor.go(place)
    await floor.wait(10 * MINUTE)
    assert await floor.at(conversation) == ("assigned", "ann")
    await lose(floor.office)
    await floor.wait(0)
    found = await floor.conversation(conversation.id)
    assert (found.state, found.unsent, found.unsent_status) == ("queued", 1, status)
    assert found.due_at is not None
    await demand_told(floor)


@pytest.mark.parametrize("is_owner_there", [True, False])
@pytest.mark.parametrize("wrap_up_s", [0, 7200])
@pytest.mark.parametrize("end", [end for end in ENDS if end != "opted out meanwhile"])
async def test_one_that_was_closed_meanwhile_is_open_again(
    store: SqlStore, end: str, wrap_up_s: int, is_owner_there: bool
) -> None:
    lose, status = ENDS[end]
    floor = desks(store, wrap_up_s=wrap_up_s)
    place = await floor.come("ann")
    if is_owner_there:
        await floor.office.sign_in()  # for as long as it takes
    conversation = await floor.office.text()
    asked_at = conversation.waiting_since
    assert asked_at is not None
    await floor.office.reply(conversation)
    await floor.ask(requests.Close(conversation.id), "ann")
    assert (await floor.at(conversation))[0] == ("wrap_up" if wrap_up_s else "closed")
    if not is_owner_there:
        await floor.go(place)
    await lose(floor.office)
    found = await demand_back(floor, conversation, status, asked_at)
    assert (found.state, found.agent) == (("assigned", "ann") if is_owner_there else ("queued", None))
    assert (await floor.office.events("conversation_reopened"))[-1]["by"] is None


@pytest.mark.parametrize("end", ENDS)
async def test_given_back_meanwhile_it_is_first_in_the_queue(store: SqlStore, end: str) -> None:
    lose, status = ENDS[end]
    floor = desks(store)
    place = await floor.come("ann")
    conversation = await floor.office.text()
    asked_at = conversation.waiting_since
    assert asked_at is not None
    await floor.office.reply(conversation)
    await floor.ask(requests.GiveBack(conversation.id), "ann")
    await floor.go(place)
    other = await floor.office.text(consumer="+14155550177", line=LINE)
    assert other.state is ConversationState.QUEUED
    await lose(floor.office)
    found = await demand_back(floor, conversation, status, asked_at)
    assert found.state is ConversationState.QUEUED
    first = await store.write(lambda tx: tx.conversations.queued(5, "orders"))
    assert [one.id for one in first] == [conversation.id, other.id]


@pytest.mark.parametrize("end", ENDS)
async def test_where_we_wrote_first_we_owe_an_answer_since_it_came_back(store: SqlStore, end: str) -> None:
    lose, status = ENDS[end]
    floor = desks(store)
    await floor.come("ann")
    await floor.ask(requests.Start(LINE, CONSUMER, "Your parcel is here", confirmed=True), "ann")
    conversation = await floor.office.open_for(CONSUMER)
    assert conversation.waiting_since is None
    await lose(floor.office)
    found = await floor.conversation(conversation.id)
    assert (found.unsent, found.unsent_status) == (1, status)
    assert found.waiting_since == floor.now and found.due_at is not None
    assert found.agent == "ann"


async def test_the_reply_of_an_earlier_conversation_comes_back_in_the_open_one(store: SqlStore) -> None:
    floor = desks(store)
    first = await a_text(floor)
    message_id = await floor.office.reply(first)
    await send(floor.office, Accepted("SM1"))
    await floor.ask(requests.Close(first.id), "ann")
    second = await floor.office.text("Something else")
    await floor.office.reply(second)
    assert second.id != first.id
    await receipt(floor.office, message_id, Status.UNDELIVERED)
    found = await floor.conversation(second.id)
    assert (found.unsent, found.waiting_since) == (1, floor.now)
    assert (await floor.conversation(first.id)).state is ConversationState.CLOSED
    [failed] = await floor.office.events("send_failed")
    assert (failed["conversation"]["id"], failed["message"]["conversation_id"]) == (second.id, first.id)
    await floor.office.reply(found, "Once more")
    assert not (await floor.office.message(message_id)).is_unsettled


async def test_an_older_reply_that_failed_is_owed_although_a_later_one_arrived(store: SqlStore) -> None:
    floor = desks(store)
    conversation = await a_text(floor)
    first = await floor.office.reply(conversation, "It is at the shop in")
    await send(floor.office, Accepted("SM1"))
    floor.office.clock.advance(1)
    second = await floor.office.reply(conversation, "Friday at nine.")
    await send(floor.office, Accepted("SM2"))
    await receipt(floor.office, second, Status.DELIVERED, None)
    floor.office.clock.advance(10)
    await receipt(floor.office, first, Status.FAILED)
    found = await floor.conversation(conversation.id)
    assert (found.unsent, found.waiting_since) == (1, floor.now)
    assert found.due_at == floor.now + 15 * MINUTE * 1000


async def test_several_are_counted_and_one_more_reply_settles_them_all(store: SqlStore) -> None:
    floor = desks(store)
    conversation = await a_text(floor)
    lost = [await floor.office.reply(conversation, text) for text in ("One", "Two", "Three")]
    for number, message_id in enumerate(lost):
        await send(floor.office, Accepted(f"SM{number}"))
        floor.office.clock.advance(1)
        await receipt(floor.office, message_id, Status.FAILED)
        assert (await floor.conversation(conversation.id)).unsent == number + 1
    found = await floor.conversation(conversation.id)
    assert found.waiting_since == conversation.waiting_since
    again = await floor.office.reply(found, "All of it once more")
    settled = await floor.conversation(conversation.id)
    assert (settled.unsent, settled.unsent_status, settled.waiting_since, settled.due_at) == (0, "", None, None)
    for message_id in lost:
        message = await floor.office.message(message_id)
        assert (message.is_unsettled, message.settled_by) == (False, again)
    await receipt(floor.office, lost[0], Status.UNDELIVERED)  # later news of it are no news
    assert (await floor.conversation(conversation.id)).unsent == 0
    await demand_told(floor)


@pytest.mark.parametrize("wrap_up_s", [0, 30])
async def test_closing_settles_and_reopening_undoes_that(store: SqlStore, wrap_up_s: int) -> None:
    floor = desks(store, reopen_s=60, wrap_up_s=wrap_up_s)
    conversation = await a_text(floor)
    message_id = await floor.office.reply(conversation)
    await refused_by_the_provider(floor.office)
    await floor.ask(requests.Close(conversation.id), "ann")
    closed = await floor.conversation(conversation.id)
    assert (closed.unsent, closed.waiting_since, closed.due_at) == (0, None, None)
    assert not (await floor.office.message(message_id)).is_unsettled
    await floor.ask(requests.Reopen(conversation.id), "ann")
    found = await floor.conversation(conversation.id)
    assert (found.unsent, found.waiting_since) == (1, conversation.waiting_since)
    assert (await floor.office.message(message_id)).is_unsettled
    await demand_told(floor)


async def test_undoing_the_next_reply_undoes_that_it_settled(store: SqlStore) -> None:
    floor = desks(store, undo_s=3)
    conversation = await a_text(floor)
    lost = await floor.office.reply(conversation)
    floor.office.clock.advance(3)
    await refused_by_the_provider(floor.office)
    before = await floor.conversation(conversation.id)
    again = await floor.office.reply(conversation, "Once more")
    await floor.ask(requests.UndoReply(again), "ann")
    after = await floor.conversation(conversation.id)
    assert (after.unsent, after.waiting_since, after.due_at) == (1, before.waiting_since, before.due_at)
    assert (await floor.office.message(lost)).is_unsettled
    await demand_told(floor)


@pytest.mark.parametrize("is_closed", [False, True])
async def test_one_that_arrives_after_all_is_settled_by_that(store: SqlStore, is_closed: bool) -> None:
    floor = desks(store)
    conversation = await a_text(floor)
    message_id = await floor.office.reply(conversation)
    await send(floor.office, Accepted("SM1"))
    if is_closed:
        await floor.ask(requests.Close(conversation.id), "ann")
    await receipt(floor.office, message_id, Status.UNDELIVERED)
    assert (await floor.conversation(conversation.id)).unsent == 1
    await receipt(floor.office, message_id, Status.DELIVERED, None)
    found = await floor.conversation(conversation.id)
    assert (found.unsent, found.unsent_status, found.waiting_since, found.due_at) == (0, "", None, None)
    assert (found.state, found.agent) == ("assigned", "ann")
    assert not (await floor.office.message(message_id)).is_unsettled
    [arrived] = await floor.office.events("send_arrived")
    assert arrived["message"]["status"] == "delivered"
    await demand_told(floor)


async def test_a_text_that_waits_still_waits_when_the_reply_arrives_after_all(store: SqlStore) -> None:
    floor = desks(store)
    conversation = await a_text(floor)
    message_id = await floor.office.reply(conversation)
    await send(floor.office, Accepted("SM1"))
    await receipt(floor.office, message_id, Status.UNDELIVERED)
    floor.office.clock.advance(MINUTE)
    await floor.office.text("Are you there?")
    asked_at = floor.now
    await receipt(floor.office, message_id, Status.DELIVERED, None)
    found = await floor.conversation(conversation.id)
    assert (found.unsent, found.waiting_since) == (0, asked_at)


async def test_one_that_is_looked_up_marks_its_conversation_until_its_end_is_known(store: SqlStore) -> None:
    floor = desks(store, reopen_s=60)
    conversation = await a_text(floor)
    message_id = await floor.office.reply(conversation)
    await send(floor.office, Uncertain("It does not answer."))
    found = await floor.conversation(conversation.id)
    assert (found.unsent, found.unsent_status, found.waiting_since) == (0, "uncertain", None)
    await demand_told(floor)
    await floor.ask(requests.Close(conversation.id), "ann")
    assert (await floor.conversation(conversation.id)).unsent_status == ""
    await floor.ask(requests.Reopen(conversation.id), "ann")
    assert (await floor.conversation(conversation.id)).unsent_status == "uncertain"
    await receipt(floor.office, message_id, Status.DELIVERED, None)
    assert (await floor.conversation(conversation.id)).unsent_status == ""
    await demand_told(floor)


async def test_one_that_is_sent_again_while_it_is_looked_up_is_dealt_with(store: SqlStore) -> None:
    floor = desks(store)
    conversation = await a_text(floor)
    message_id = await floor.office.reply(conversation)
    await send(floor.office, Uncertain("It does not answer."))
    await floor.ask(requests.Resend(message_id, None, True), "ann")
    assert (await floor.conversation(conversation.id)).unsent_status == ""
    await demand_told(floor)


async def test_what_was_uncertain_and_then_failed_is_one_unsettled_reply(store: SqlStore) -> None:
    floor = desks(store)
    conversation = await a_text(floor)
    message_id = await floor.office.reply(conversation)
    await unknown_for_good(floor.office)
    before = await floor.conversation(conversation.id)
    await receipt(floor.office, message_id, Status.FAILED)
    found = await floor.conversation(conversation.id)
    assert (found.unsent, found.unsent_status) == (1, "failed")
    assert (found.waiting_since, found.due_at) == (before.waiting_since, before.due_at)
    assert len(await floor.office.events("send_failed")) == 2


async def test_a_silent_owner_has_their_time_from_when_it_came_back(store: SqlStore) -> None:
    floor = desks(store, silent_s=5 * MINUTE)
    conversation = await a_text(floor)
    message_id = await floor.office.reply(conversation)
    await send(floor.office, Accepted("SM1"))
    await floor.wait(HOUR)
    await receipt(floor.office, message_id, Status.UNDELIVERED)
    await floor.wait(4 * MINUTE)
    assert await floor.at(conversation) == ("assigned", "ann")
    await floor.wait(MINUTE)
    assert await floor.at(conversation) == ("queued", None)


async def test_a_reply_whose_failure_was_known_before_replies_were_marked_stays_settled(store: SqlStore) -> None:
    """What an earlier version has stored does not come back all at once after an upgrade."""
    office = Office(store, rules(), skills=Rules(SkillRules(undo_s=0, reopen_s=0)))
    await office.sign_in()
    conversation = await office.text()
    message_id = await office.reply(conversation)
    await refused_by_the_provider(office)
    await office.reply(conversation, "Once more")
    await receipt(office, message_id, Status.UNDELIVERED)
    assert (await office.open_for(CONSUMER)).unsent == 0


async def test_refused_requests_leave_it_unsettled(store: SqlStore) -> None:
    floor = desks(store)
    conversation = await a_text(floor)
    await floor.office.reply(conversation)
    await refused_by_the_provider(floor.office)
    with pytest.raises(Refused):
        await floor.ask(requests.Reply(conversation.id, " "), "ann")
    assert (await floor.conversation(conversation.id)).unsent == 1


async def test_words_and_codes_from_outside_are_bounded(store: SqlStore) -> None:
    floor = desks(store)
    conversation = await a_text(floor)
    message_id = await floor.office.reply(conversation)
    await send(floor.office, Rejected("9" * 5000, "No. " * 5000))
    message = await floor.office.message(message_id)
    attempt = await floor.office.attempt(message_id)
    assert attempt is not None
    for words, code in ((message.words, message.code), (attempt.words, attempt.code)):
        assert len(words or "") == 500 and len(code or "") == 64
        assert (words or "").startswith("No. No.") and (words or "").endswith("…")
    long = DeliveryReceipt(Status.UNDELIVERED, "u" * 5000, message_id=message_id, code="x" * 5000, words="y" * 5000)
    await floor.office.take(long)
    moved = await floor.office.message(message_id)
    assert (len(moved.words or ""), len(moved.code or "")) == (500, 64)
    told = len(await floor.office.events("status_moved"))
    await floor.office.take(long)
    assert len(await floor.office.events("status_moved")) == told
