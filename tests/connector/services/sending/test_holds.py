"""Replies of an account that its provider refuses are held until it is mended: none is burnt, none waits for ever."""

from __future__ import annotations

import pytest

from connector.domain.refusals import Refused
from connector.domain.skill_rules import Rules, SkillRules
from connector.domain.status import Status
from connector.providers.values import Accepted, Outcome, Outgoing, Rejected, TryLater, Uncertain
from connector.services.sending import attempt_outcomes, holds, outbox
from connector.store.sql.store import SqlStore
from connector.store.values import Work
from connector.wire import requests
from tests.kit.stores import LINE, Place
from tests.kit.use_cases import OTHER_LINE, Office, consumer, rules

REFUSED = TryLater("Twilio refused the sign-in.", "20003", is_hold=True)
LAST_LINE = "+15550102"
MINUTE = 60
HOUR = 3600


def office_on(store: SqlStore) -> Office:
    lines = {LINE: "main", OTHER_LINE: "other", LAST_LINE: "main"}
    return Office(store, *(rules(address=line, account=account, segments_per_s=1e6) for line, account in lines.items()))


async def begin(office: Office) -> list[tuple[Work, Outgoing]]:
    return await office.do(outbox.claim, office.node, 32)


async def record(office: Office, work: Work, outcome: Outcome) -> None:
    await office.do(attempt_outcomes.record, work, outcome)


async def write(office: Office, count: int, *, first: int = 0) -> list[str]:
    return [await office.reply(await office.text(consumer=consumer(number))) for number in range(first, first + count)]


async def held(office: Office, count: int = 3) -> list[str]:
    """So many replies of an account, of which the first was refused."""
    [first] = await write(office, 1)
    [(work, _)] = await begin(office)
    await record(office, work, REFUSED)
    return [first, *await write(office, count - 1, first=1)]


async def statuses(office: Office, *message_ids: str) -> list[str]:
    return [(await office.message(one)).status.value for one in message_ids]


async def test_no_reply_is_burnt_and_one_at_a_time_is_tried(store: SqlStore) -> None:
    office = office_on(store)
    await office.sign_in()
    waiting = await held(office, 5)
    assert await statuses(office, *waiting) == ["sending", *["queued"] * 4]
    tried = []
    for _ in range(20):
        office.clock.advance(30)
        begun = await begin(office)
        assert len(begun) <= 1
        for work, message in begun:
            tried.append(message.message_id)
            await record(office, work, REFUSED)
    assert 5 <= len(tried) <= 11
    assert set(tried) == {*waiting}  # should it be one message after all, the others do not wait for it
    assert await statuses(office, *waiting) == ["sending"] * 5
    assert not [one for one in waiting if (await office.message(one)).is_unsettled]


async def test_one_that_is_under_way_holds_the_others_until_its_answer(store: SqlStore) -> None:
    office = office_on(store)
    await office.sign_in()
    await held(office, 3)
    office.clock.advance(MINUTE)
    [(work, _)] = await begin(office)
    office.clock.advance(MINUTE)
    assert await begin(office) == []
    await record(office, work, Accepted("SM1"))
    assert len(await begin(office)) == 2


@pytest.mark.parametrize("answer", [Accepted("SM1"), Rejected("21612", "This number cannot be reached.")])
async def test_the_first_answer_about_a_message_ends_the_hold(store: SqlStore, answer: Outcome) -> None:
    office = office_on(store)
    await office.sign_in()
    waiting = await held(office, 4)
    office.clock.advance(MINUTE)
    [(work, _)] = await begin(office)
    await record(office, work, answer)
    for work, message in await begin(office):
        await record(office, work, Accepted(message.message_id))
    ended = "accepted" if isinstance(answer, Accepted) else "failed"
    assert sorted(await statuses(office, *waiting)) == sorted([ended, *["accepted"] * 3])


async def test_an_answer_that_says_nothing_of_the_account_does_not_end_it(store: SqlStore) -> None:
    office = office_on(store)
    await office.sign_in()
    await held(office, 4)
    for answer in (Uncertain("The connection broke."), TryLater("The provider could not be reached.")):
        office.clock.advance(2 * MINUTE)
        [(work, _)] = await begin(office)
        await record(office, work, answer)
        assert await begin(office) == []


async def test_a_sign_in_that_works_again_has_one_tried_at_once(store: SqlStore) -> None:
    office = office_on(store)
    await office.sign_in()
    await held(office, 4)
    office.clock.advance(5)
    await begin(office)
    await office.do(holds.signed_in, "main")
    [(work, _)] = await begin(office)
    await record(office, work, REFUSED)  # it may read, and not send
    assert await begin(office) == []
    await office.do(holds.signed_in, "main")
    [(work, _)] = await begin(office)
    await record(office, work, Accepted("SM1"))
    assert len(await begin(office)) >= 2


async def test_a_sign_in_of_an_account_that_is_not_held_changes_nothing(store: SqlStore) -> None:
    office = office_on(store)
    await office.sign_in()
    await write(office, 1)
    await office.do(holds.signed_in, "main")
    assert len(await begin(office)) == 1


async def test_other_accounts_send_on(store: SqlStore) -> None:
    office = office_on(store)
    await office.sign_in()
    await held(office)
    elsewhere = await office.reply(await office.text(consumer=consumer(9), line=OTHER_LINE))
    assert [message.message_id for _, message in await begin(office)] == [elsewhere]


async def test_those_that_wait_say_why_and_can_be_undone(store: SqlStore) -> None:
    office = office_on(store)
    await office.sign_in()
    first, second, _ = await held(office, 3)
    assert await begin(office) == []
    message = await office.message(second)
    assert message.words == holds.WORDS.format("main") and message.status is Status.QUEUED
    assert "tried again by itself within 2 min" in ((await office.message(first)).words or "")
    office.clock.advance(30)
    assert await begin(office) == []
    told = [one for one in await office.events("status_moved") if one["message_id"] == second]
    assert len(told) == 1
    await office.ask(requests.UndoReply(second))
    assert (await office.message(second)).status is Status.UNDONE


async def test_no_reply_announces_a_try_whose_time_is_over(store: SqlStore) -> None:
    office = office_on(store)
    await office.sign_in()
    waiting = await held(office, 6)
    for _ in range(12):
        office.clock.advance(60)
        [(work, _)] = await begin(office)
        await record(office, work, REFUSED)
        office.clock.advance(1)
        assert await begin(office) == []
        for message_id in waiting:
            message, attempt = await office.message(message_id), await office.attempt(message_id)
            if "within 2 min" in (message.words or ""):
                assert attempt is not None and office.now - attempt.started_at < 2 * MINUTE * 1000
            elif attempt is not None:
                assert (message.words, message.code) == (holds.WORDS.format("main"), REFUSED.code)


async def test_after_two_hours_each_comes_back_to_a_person(store: SqlStore) -> None:
    office = office_on(store)
    await office.sign_in()
    waiting = await held(office, 3)
    for _ in range(62):
        office.clock.advance(2 * MINUTE)
        for work, _ in await begin(office):
            await record(office, work, REFUSED)
    for message_id in waiting:
        message = await office.message(message_id)
        assert message.status is Status.FAILED and (message.words or "").startswith("not sent in time")
        assert message.is_unsettled
    assert await office.store.read(lambda reading: reading.next_due("send", office.now)) is None


async def test_refusals_of_the_account_are_no_tries(store: SqlStore) -> None:
    office = office_on(store)
    await office.sign_in()
    [message_id] = await held(office, 1)
    for _ in range(20):
        office.clock.advance(2 * MINUTE)
        [(work, _)] = await begin(office)
        await record(office, work, REFUSED)
    attempt = await office.attempt(message_id)
    assert attempt is not None and attempt.number == 1
    office.clock.advance(2 * MINUTE)
    [(work, _)] = await begin(office)
    await record(office, work, TryLater("The provider could not be reached."))
    assert (await office.message(message_id)).status is Status.SENDING


async def test_one_whose_consumer_has_written_again_is_not_sent_late(store: SqlStore) -> None:
    office = office_on(store)
    await office.sign_in()
    [message_id] = await held(office, 1)
    await office.text("Never mind", consumer=consumer(0))
    office.clock.advance(2 * MINUTE)
    assert await begin(office) == []
    message = await office.message(message_id)
    assert message.status is Status.FAILED and message.is_unsettled


async def test_a_hold_survives_a_restart_and_holds_for_all_cores(place: Place) -> None:
    first, second = await place.cores(2)
    office, other = office_on(first), office_on(second)
    await office.sign_in()
    await held(office, 3)
    assert await other.do(outbox.claim, "n2", 32) == []
    other.clock.advance(MINUTE)
    assert len(await other.do(outbox.claim, "n2", 32)) == 1
    office.clock.advance(MINUTE)
    assert await begin(office) == []


@pytest.mark.parametrize("back_s", [HOUR, 24 * HOUR])
async def test_a_clock_that_is_set_back_ends_no_reply_and_holds_none_for_ever(store: SqlStore, back_s: int) -> None:
    office = office_on(store)
    await office.sign_in()
    await held(office, 2)
    office.clock.advance(-back_s)
    await office.do(holds.signed_in, "main")
    office.clock.advance(-back_s)
    late = [await office.reply(await office.text(consumer=consumer(7), line=LAST_LINE))]
    assert [message.message_id for _, message in await begin(office)] == late


async def test_a_reply_that_can_still_be_undone_is_not_hurried(store: SqlStore) -> None:
    skills = Rules(SkillRules(undo_s=3, reopen_s=0), known=("orders",))
    office = Office(store, rules(segments_per_s=1e6), skills=skills)
    await office.sign_in()
    await write(office, 1)
    office.clock.advance(3)
    [(work, _)] = await begin(office)
    await record(office, work, REFUSED)
    [young] = await write(office, 1, first=1)
    await office.do(holds.signed_in, "main")
    [(work, _)] = await begin(office)
    await record(office, work, Accepted("SM1"))
    assert await begin(office) == []
    await office.ask(requests.UndoReply(young))
    with pytest.raises(Refused):
        await office.ask(requests.UndoReply(young))
