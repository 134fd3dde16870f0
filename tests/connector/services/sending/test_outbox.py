"""Replies are sent once, in order, at their line's pace; an unknown outcome is shown as unknown and looked up."""

from __future__ import annotations

import random

import pytest
from msgspec.structs import replace

from connector.domain.account import AccountMode
from connector.domain.skill_rules import Rules, SkillRules
from connector.domain.status import Status
from connector.providers.values import (
    Accepted,
    DeliveryReceipt,
    InboundText,
    Outcome,
    Outgoing,
    Rejected,
    TryLater,
)
from connector.services.accounts import traffic
from connector.services.sending import attempt_outcomes, look_ups, outbox
from connector.services.work import LEASE_S, SEND
from connector.store.sql.store import SqlStore
from connector.store.values import Work
from connector.wire import administration, answers, requests
from tests.kit.stores import LINE
from tests.kit.use_cases import Office, consumer, rules

HOUR_S = 3600
Begun = list[tuple[Work, Outgoing]]


async def begin(office: Office, limit: int = 32) -> Begun:
    return await office.do(outbox.claim, office.node, limit)


async def record(office: Office, work: Work, outcome: Outcome) -> None:
    await office.do(attempt_outcomes.record, work, outcome)


async def send(office: Office, outcome: Outcome) -> Work:
    """Send the one reply that is due, with this outcome."""
    [(work, _)] = await begin(office)
    await record(office, work, outcome)
    return work


async def waiting_replies(office: Office, count: int) -> list[str]:
    """One reply to each of `count` consumers, in the order written."""
    await office.take(*(InboundText(f"SM-in-{n}", LINE, consumer(n), "Hello") for n in range(count)))
    found = [await office.open_for(consumer(number)) for number in range(count)]
    return [await office.reply(conversation) for conversation in found]


async def departures(office: Office, count: int, wake_late_ms: random.Random | None = None) -> list[tuple[int, str]]:
    """The moment and id of each reply sent by a worker that looks whenever something is due."""
    left: list[tuple[int, str]] = []
    while len(left) < count:
        while await is_due(office):
            for work, message in await begin(office):
                left.append((office.now, message.message_id))
                await record(office, work, Accepted(f"SM{message.message_id}"))
        due = await office.store.read(lambda reading: reading.next_due(SEND, office.now))
        if due is not None:
            late_ms = wake_late_ms.randrange(20) if wake_late_ms else 0
            office.clock.advance((due + late_ms - office.now) / 1000)
    return left


async def is_due(office: Office) -> bool:
    due = await office.store.read(lambda reading: reading.next_due(SEND, office.now))
    return due is not None and due <= office.now


@pytest.mark.parametrize("is_late", [False, True])
async def test_a_busy_line_keeps_the_order_written_and_its_pace(store: SqlStore, is_late: bool) -> None:
    office = Office(store, rules(segments_per_s=100.0))
    await office.sign_in()
    written = await waiting_replies(office, 300)
    left = await departures(office, 300, random.Random(7) if is_late else None)
    assert [message_id for _, message_id in left] == written
    moments = [at for at, _ in left]
    for first, at in enumerate(moments):
        window = [one for one in moments[first:] if one < at + 1000]
        assert len(window) <= 100 + 3  # a wake-up of up to 20 ms late is made good
    assert moments[-1] - moments[0] <= 299 * 10 + 20


async def begun_at(office: Office, count: int) -> dict[str, float]:
    """Seconds from now to the moment each of these replies leaves."""
    start = office.now
    return {message_id: (at - start) / 1000 for at, message_id in await departures(office, count)}


async def start_texts(office: Office, count: int, *, is_test: bool = False) -> list[str]:
    found = []
    for number in range(count):
        answer = await office.ask(requests.Start(LINE, consumer(5000 + number), "We are open again", is_test=is_test))
        assert isinstance(answer, answers.Started)
        found.append(answer.message_id)
    return found


@pytest.mark.parametrize("after_s", [0.0, 5.5])
async def test_an_answer_overtakes_texts_without_a_waiting_consumer(store: SqlStore, after_s: float) -> None:
    office = Office(store, rules(segments_per_s=1.0))
    await office.sign_in()
    tests = await start_texts(office, 1, is_test=True)
    first = await office.text(consumer=consumer(6000))
    conversation = await office.text(consumer=consumer(1))
    bulk = []
    for number in range(90):
        answer = await office.ask(requests.Start(LINE, consumer(100 + number), "We are open again"))
        assert isinstance(answer, answers.Started)
        bulk.append(answer.message_id)
    end = office.now + after_s * 1000
    left = 0
    while office.now <= end:  # sending of the bulk has begun when the replies are written
        left += len(await begin_and_accept(office))
        office.clock.advance(0.5)
    replies = [await office.reply(first), await office.reply(conversation), await office.reply(first, "One more thing")]
    leaves = await begun_at(office, len(bulk) + len(tests) + len(replies) - left)
    assert [one for one in leaves if one in replies] == replies
    assert all(leaves[answer] <= 1 + number for number, answer in enumerate(replies))
    assert [*leaves][-1:] == tests
    assert [one for one in bulk if one in leaves] == [one for one in leaves if one in bulk]


async def begin_and_accept(office: Office) -> Begun:
    begun = await begin(office)
    for work, message in begun:
        await record(office, work, Accepted(f"SM{message.message_id}"))
    return begun


async def test_an_answer_hurries_earlier_replies_to_the_same_phone(store: SqlStore) -> None:
    office = Office(store, rules(segments_per_s=1.0))
    await office.sign_in()
    *bulk, last = await start_texts(office, 20)
    answer = await office.reply(await office.text(consumer=consumer(5019)))
    leaves = await begun_at(office, 21)
    assert [*leaves][:3] in ([last, answer, bulk[0]], [bulk[0], last, answer])


async def test_the_age_of_a_backlog_is_that_of_its_oldest_reply_without_its_undo_time(store: SqlStore) -> None:
    skills = Rules(SkillRules(undo_s=5, reopen_s=0), known=("orders",))
    office = Office(store, rules(segments_per_s=0.1), skills=skills)
    await office.sign_in()
    written_at = office.now
    await start_texts(office, 5)

    async def since() -> list[int | None]:
        lines = await office.look(traffic.by_line, requests.GetTraffic())
        [depth] = await store.read(lambda reading: reading.work_depths(SEND, office.now))
        return [*(line.oldest_queued_at for line in lines.lines), depth.oldest_since]

    assert await since() == [written_at + 5_000] * 2
    office.clock.advance(5)
    assert len(await begin_and_accept(office)) == 1
    office.clock.advance(4)
    assert await begin_and_accept(office) == []
    assert await since() == [written_at + 5_000] * 2


async def test_two_lines_do_not_slow_one_another(store: SqlStore) -> None:
    slow, quick = rules(segments_per_s=1.0), rules(address="+15550101", segments_per_s=1.0)
    office = Office(store, slow, quick)
    await office.sign_in()
    await waiting_replies(office, 3)
    there = [await office.text(consumer=consumer(number), line="+15550101") for number in range(3)]
    for conversation in there:
        await office.reply(conversation)
    assert sorted(message.line for _, message in await begin(office)) == sorted(["+15550101", "+15550100"])


async def test_idle_time_is_not_saved_up(store: SqlStore) -> None:
    office = Office(store, rules(segments_per_s=1.0))
    await office.sign_in()
    [first] = await waiting_replies(office, 1)
    await send(office, Accepted("SM1"))
    office.clock.advance(HOUR_S)
    for number in range(5):
        await office.reply(await office.text(consumer=consumer(number + 1)))
    assert len(await begin(office)) == 1
    office.clock.advance(0.5)
    assert await begin(office) == []
    office.clock.advance(0.5)
    assert len(await begin(office)) == 1
    assert (await office.message(first)).status is Status.ACCEPTED


async def test_a_reply_that_waited_for_two_hours_is_not_sent(store: SqlStore) -> None:
    office = Office(store)
    await office.sign_in()
    [message_id] = await waiting_replies(office, 1)
    await office.do(lambda uow: uow.tx.accounts.set_mode("main", AccountMode.OFF))
    assert await begin(office) == []
    office.clock.advance(2 * HOUR_S + 1)
    await office.ask(administration.SetAccountMode("main", "active"))
    assert await begin(office) == []
    message = await office.message(message_id)
    assert (message.status, message.words) == (Status.FAILED, "not sent in time")
    assert (await office.events("status_moved"))[-1]["status"] == "failed"
    assert await office.store.read(lambda reading: reading.next_due(SEND, office.now)) is None


async def test_an_account_that_is_active_again_sends_at_once(store: SqlStore) -> None:
    office = Office(store)
    await office.sign_in()
    await waiting_replies(office, 1)
    await office.ask(administration.SetAccountMode("main", "off"))
    assert await begin(office) == []
    await office.ask(administration.SetAccountMode("main", "active"))
    assert len(await begin(office)) == 1


async def test_what_waits_with_an_account_that_is_off_says_so(store: SqlStore) -> None:
    office = Office(store, rules(segments_per_s=1e6))
    await office.sign_in()
    [tried] = await waiting_replies(office, 1)
    await send(office, TryLater("It has trouble.", "503"))
    other = await office.reply(await office.text(consumer=consumer(1)))
    await office.ask(administration.SetAccountMode("main", "off"))
    office.clock.advance(60)
    assert await begin(office) == []
    for message in [await office.message(one) for one in (tried, other)]:
        assert (message.words, message.code) == (outbox.OFF_WORDS.format("main"), None)
    await office.ask(administration.SetAccountMode("main", "active"))
    assert len(await begin(office)) == 2
    assert [(await office.message(one)).words for one in (tried, other)] == [None, None]


async def test_one_that_waited_too_long_says_for_what(store: SqlStore) -> None:
    office = Office(store, rules(segments_per_s=1e6))
    await office.sign_in()
    [tried] = await waiting_replies(office, 1)
    await send(office, TryLater("The carrier has trouble.", "503"))
    office.clock.advance(2 * HOUR_S + 1)
    assert await begin(office) == []
    assert (await office.message(tried)).words == "not sent in time (The carrier has trouble)"
    waits = await office.reply(await office.open_for(consumer(0)))
    await office.ask(administration.SetAccountMode("main", "off"))
    office.clock.advance(2 * HOUR_S + 1)
    assert await begin(office) == []
    assert (await office.message(waits)).words == "not sent in time (the account main is off)"


@pytest.mark.parametrize("is_closed", [False, True])
async def test_a_retry_does_not_answer_what_was_written_since(store: SqlStore, is_closed: bool) -> None:
    office = Office(store)
    await office.sign_in()
    conversation = await office.text()
    message_id = await office.reply(conversation)
    await send(office, TryLater("The provider is busy.", code="20429"))
    if is_closed:
        await office.ask(requests.Close(conversation.id))
    again = await office.text("Never mind")
    assert (again.id != conversation.id) is is_closed
    office.clock.advance(5)
    assert await begin(office) == []
    message = await office.message(message_id)
    assert message.status is Status.FAILED
    assert message.words == "not sent: the consumer has written again meanwhile"


async def test_another_reply_that_did_not_arrive_ends_no_retry(store: SqlStore) -> None:
    """The consumer waits for an answer again then, but has written nothing."""
    office = Office(store)
    await office.sign_in()
    conversation = await office.text()
    await office.reply(conversation)
    message_id = await office.reply(conversation)
    await send(office, Rejected("1", "No."))
    office.clock.advance(5)
    await send(office, TryLater("The provider is busy."))
    office.clock.advance(5)
    assert [message.message_id for _, message in await begin(office)] == [message_id]


async def test_the_words_between_two_attempts_ask_for_no_action(store: SqlStore) -> None:
    office = Office(store)
    await office.sign_in()
    message_id = await office.reply(await office.text())
    happened = "Twilio had too many requests at once; nothing was sent."
    await send(office, TryLater(happened, "20429", after_s=2.5))
    assert (await office.message(message_id)).words == (
        "Twilio had too many requests at once; nothing was sent; it is tried again by itself within 3 s."
        " There is nothing to do."
    )
    for _ in range(6):
        office.clock.advance(601)
        await send(office, TryLater(happened, "20429"))
    message = await office.message(message_id)
    assert (message.status, message.words) == (
        Status.FAILED,
        "not sent: tried 7 times (Twilio had too many requests at once; nothing was sent)",
    )


BUSY = TryLater("Twilio had too many requests at once.", "20429", is_pause=True)


@pytest.mark.parametrize(("asked_s", "pause_s"), [(None, 2), (7.5, 7.5), (60, 60), (999_999, 900)])
async def test_a_pause_the_provider_asks_for_holds_for_the_whole_account(
    store: SqlStore, asked_s: float | None, pause_s: float
) -> None:
    office = Office(store, rules(), rules(address="+15550101"), rules(address="+15550102", account="other"))
    await office.sign_in()
    [first, _] = await waiting_replies(office, 2)
    await office.reply(await office.text(consumer=consumer(3), line="+15550101"))
    [(work, _), *_] = await begin(office, limit=1)
    assert work.subject == first
    await record(office, work, replace(BUSY, after_s=asked_s))
    elsewhere = await office.reply(await office.text(consumer=consumer(4), line="+15550102"))
    begun = await office.do(outbox.claim, "n2", 32)
    assert [message.message_id for _, message in begun] == [elsewhere]
    office.clock.advance(pause_s - 0.001)
    assert await begin(office) == []
    office.clock.advance(0.001)
    assert {message.line for _, message in await begin(office)} == {LINE, "+15550101"}


async def test_a_pause_is_not_shortened_by_a_later_answer(store: SqlStore) -> None:
    office = Office(store, rules(segments_per_s=1e6))
    await office.sign_in()
    await waiting_replies(office, 3)
    [(first, _), (second, _)] = await begin(office, limit=2)
    await record(office, first, replace(BUSY, after_s=60))
    await record(office, second, BUSY)
    office.clock.advance(59)
    assert await begin(office) == []
    office.clock.advance(1)
    assert len(await begin(office)) == 3


async def test_a_reply_that_is_tried_later_holds_up_no_other(store: SqlStore) -> None:
    office = Office(store, rules(segments_per_s=1e6))
    await office.sign_in()
    [first, second] = await waiting_replies(office, 2)
    [(work, _)] = await begin(office, limit=1)
    await record(office, work, TryLater("The provider could not be reached."))
    assert [message.message_id for _, message in await begin(office)] == [second]
    assert (await office.message(first)).status is Status.SENDING


async def test_a_retry_goes_out_when_nothing_was_written_since(store: SqlStore) -> None:
    office = Office(store)
    await office.sign_in()
    await office.reply(await office.text())
    await send(office, TryLater("The provider is busy."))
    office.clock.advance(5)
    [(_, message)] = await begin(office)
    attempt = await office.attempt(message.message_id)
    assert attempt is not None
    assert attempt.number == 2


async def test_a_failed_receipt_before_the_outcome_keeps_its_reason(store: SqlStore) -> None:
    office = Office(store)
    await office.sign_in()
    message_id = await office.reply(await office.text())
    [(work, _)] = await begin(office)
    early = DeliveryReceipt(
        Status.FAILED, "failed", ref="SM1", message_id=message_id, code="30003", words="The phone is switched off."
    )
    await office.take(early)
    await record(office, work, Accepted("SM1"))
    message = await office.message(message_id)
    assert (message.status, message.code, message.words, message.ref) == (
        Status.FAILED,
        "30003",
        "The phone is switched off.",
        "SM1",
    )
    assert (await office.events("status_moved"))[-1]["code"] == "30003"


@pytest.mark.parametrize("is_known_dead", [False, True])
async def test_the_send_of_a_dead_worker_becomes_uncertain_once(store: SqlStore, is_known_dead: bool) -> None:
    office = Office(store)
    await office.sign_in()
    message_id = await office.reply(await office.text())
    await begin(office)
    if is_known_dead:
        await office.do(lambda uow: uow.tx.work.release_leases("n1", uow.now))
    else:
        assert await begin(office) == []
        office.clock.advance(LEASE_S + 1)
    office.node = "n2"
    for _ in range(3):
        assert await begin(office) == []
    assert [one["status"] for one in await office.events("status_moved")].count("uncertain") == 1

    message, attempt = await office.message(message_id), await office.attempt(message_id)
    assert message.status is Status.UNCERTAIN
    assert attempt is not None and attempt.outcome == "uncertain"
    office.clock.advance(HOUR_S)
    claimed = await office.do(look_ups.claim, office.node, 32)
    assert [work.subject for work, _ in claimed] == [message_id]
