"""A look-up says what the provider's list proves, and no more: what was concluded gives way to what becomes known."""

from __future__ import annotations

import itertools
import random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from connector.domain.status import FINAL, Status
from connector.providers.values import (
    Accepted,
    Candidates,
    DeliveryReceipt,
    LookUpResult,
    NotFound,
    Rejected,
    Uncertain,
)
from connector.services.sending import attempt_outcomes, look_ups, outbox, polls
from connector.services.work import POLL
from connector.store.sql.store import SqlStore
from tests.kit.look_ups import alike, calling, cut_off, due, ended, look_up, look_up_until_the_end, named, states
from tests.kit.rounds import rounds
from tests.kit.use_cases import Office, consumer, rules

ONE_OF_TWO = "One of two equal replies was sent, and it is unknown which. Ask the consumer before sending it again."
NOT_SENT = "not sent: the provider has no record of it, and more was written since"


@pytest.fixture
async def office(store: SqlStore) -> Office:
    office = Office(store, rules(segments_per_s=1e9))
    await office.sign_in()
    return office


# What a list proves


async def test_an_equal_reply_sent_before_is_not_matched(office: Office) -> None:
    first = await ended(office, Accepted("SM1"))
    second = await cut_off(office)
    office.clock.advance(3)
    assert await look_up(office, alike("SM1", "SM2"))
    assert await states(office, first, second) == [("accepted", "SM1"), ("accepted", "SM2")]


async def test_without_a_record_of_its_own_a_reply_was_not_sent(office: Office) -> None:
    first = await ended(office, Accepted("SM1"))
    second = await cut_off(office)
    assert await look_up_until_the_end(office, alike("SM1")) == 3  # believed after a minute
    assert await states(office, first, second) == [("accepted", "SM1"), ("sending", None)]  # once more


async def test_a_rejected_reply_keeps_its_record_at_the_provider(office: Office) -> None:
    refused = Rejected("30007", "A carrier has filtered it.", ref="SM1")
    first = await ended(office, refused)
    second = await cut_off(office)
    await look_up_until_the_end(office, Candidates((refused,)))
    assert await states(office, first, second) == [("failed", "SM1"), ("sending", None)]


async def test_one_that_failed_at_the_provider_says_why(office: Office) -> None:
    lost = await cut_off(office)
    office.clock.advance(3)
    await look_up(office, Candidates((Rejected("21610", "They have opted out.", opted_out=True, ref="SM1"),)))
    message = await office.message(lost)
    assert (message.status, message.code, message.words) == (Status.FAILED, "21610", "They have opted out.")
    assert await office.last_word() is not None


async def test_a_call_that_hung_is_not_taken_for_missing_before_its_list_can_have_it(office: Office) -> None:
    message_id, work = await calling(office)
    office.clock.advance(60)
    await office.do(attempt_outcomes.record, work, Uncertain("No answer came in time."))
    office.clock.advance(3)
    await look_up(office, NotFound())
    assert await states(office, message_id) == [("uncertain", None)]
    await look_up_until_the_end(office, NotFound())
    assert await states(office, message_id) == [("sending", None)]


async def test_a_text_that_may_have_been_changed_on_its_way_is_not_taken_for_missing(office: Office) -> None:
    known = await ended(office, Accepted("SM1"), "Something else.")
    lost = await cut_off(office, "It’s here")
    for _ in range(5):
        at = await due(office)
        assert at is not None
        office.clock.advance((at - office.now) / 1000)
        await look_up(office, Candidates((), ("SM1", "SM2")))
    assert await states(office, known, lost) == [("accepted", "SM1"), ("uncertain", None)]
    assert "may be this one" in ((await office.message(lost)).words or "")
    await look_up_until_the_end(office, Candidates((), ("SM1",)))
    assert (await office.message(lost)).status is Status.SENDING  # once more


async def test_more_records_than_replies_prove_nothing(office: Office) -> None:
    lost = await cut_off(office)
    await look_up_until_the_end(office, alike("SM1", "SM2"))
    assert await states(office, lost) == [("uncertain", None)]
    await office.take(named(lost, "SM2"))
    assert await states(office, lost) == [("sent", "SM2")]


# Equal replies


async def test_with_a_record_for_each_all_were_sent_and_none_is_said_to_be_which(office: Office) -> None:
    lost = [await cut_off(office) for _ in range(3)]
    office.clock.advance(3)
    assert await look_up(office, alike("SM1", "SM2", "SM3")) == 3
    assert await states(office, *lost) == [("accepted", None)] * 3
    await office.take(named(lost[0], "SM2", Status.DELIVERED))
    assert await states(office, *lost) == [("delivered", "SM2"), ("accepted", None), ("accepted", None)]
    await office.take(named(lost[1], "SM1"))
    await look_up_until_the_end(office, alike("SM1", "SM2", "SM3"))  # what is left is the third's
    assert await states(office, *lost) == [("delivered", "SM2"), ("sent", "SM1"), ("accepted", "SM3")]


@pytest.mark.parametrize(
    ("statuses", "expected"),
    [
        ((Status.DELIVERED, Status.DELIVERED), "delivered"),
        ((Status.UNDELIVERED, Status.UNDELIVERED), "undelivered"),
        ((Status.DELIVERED, Status.UNDELIVERED), "accepted"),
        ((Status.SENT, Status.DELIVERED), "accepted"),
    ],
)
async def test_what_holds_for_all_equal_replies_holds_for_each(
    office: Office, statuses: tuple[Status, Status], expected: str
) -> None:
    lost = [await cut_off(office), await cut_off(office)]
    office.clock.advance(3)
    await look_up(office, Candidates(tuple(Accepted(f"SM{n}", one) for n, one in enumerate(statuses))))
    assert await states(office, *lost) == [(expected, None)] * 2


async def test_with_too_few_records_all_stay_uncertain_for_good(office: Office) -> None:
    lost = [await cut_off(office), await cut_off(office)]
    office.clock.advance(3)
    assert await look_up(office, alike("SM1"))
    assert await states(office, *lost) == [("uncertain", None)] * 2
    await look_up_until_the_end(office, alike("SM1"))
    for message_id in lost:
        message = await office.message(message_id)
        assert (message.status, message.words, message.is_unsettled) == (Status.UNCERTAIN, ONE_OF_TWO, True)


async def test_equal_replies_to_two_numbers_of_one_phone_stay_uncertain(office: Office) -> None:
    # A provider is asked for both forms of such a number, and may list either.
    first = await cut_off(office, to="+5215512345678")
    second = await cut_off(office, to="+525512345678")
    await look_up_until_the_end(office, alike("SM1"))
    assert await states(office, first, second) == [("uncertain", None), ("uncertain", None)]


async def test_a_receipt_says_which_and_that_the_other_was_not_sent(office: Office) -> None:
    first, second = await cut_off(office), await cut_off(office)
    for _ in range(5):
        at = await due(office)
        assert at is not None
        office.clock.advance(max(0, at - office.now) / 1000)
        await look_up(office, alike("SM1"))
    assert (await office.message(first)).words == ONE_OF_TWO
    await office.take(named(second, "SM1", Status.DELIVERED))
    assert await states(office, first, second) == [("uncertain", None), ("delivered", "SM1")]
    assert await look_up(office, alike("SM1")) == 1  # at once
    await look_up_until_the_end(office, alike("SM1"))
    assert await states(office, first, second) == [("failed", None), ("delivered", "SM1")]
    assert (await office.message(first)).words == NOT_SENT


async def test_a_record_may_be_that_of_an_equal_reply_under_way(office: Office) -> None:
    lost = await cut_off(office)
    office.clock.advance(70)
    sent, work = await calling(office)
    assert await look_up(office, alike("SM1"))
    assert await states(office, lost, sent) == [("uncertain", None), ("sending", None)]
    await office.do(attempt_outcomes.record, work, Accepted("SM1"))
    await look_up_until_the_end(office, alike("SM1"))
    assert await states(office, lost, sent) == [("failed", None), ("accepted", "SM1")]


async def test_a_record_of_another_time_is_that_of_another_reply(office: Office) -> None:
    left = await cut_off(office)
    left_at = office.now
    await look_up_until_the_end(office, Uncertain("It does not answer."))
    await cut_off(office, to=consumer(1))
    await cut_off(office, "No.")
    mine = await cut_off(office)
    office.clock.advance(3)
    await look_up(office, Candidates((Accepted("SM1", at=left_at), Accepted("SM2", at=office.now))), of=mine)
    assert await states(office, left, mine) == [("uncertain", None), ("accepted", "SM2")]


@pytest.mark.parametrize("ahead_s", [-3600, 3600])
async def test_a_core_whose_clock_is_not_the_providers_sends_nothing_twice(office: Office, ahead_s: int) -> None:
    reply = await cut_off(office)
    theirs = office.now - ahead_s * 1000
    office.clock.advance(3)
    [(work, asked)] = await office.do(look_ups.claim, office.node, 32)
    assert asked.written_at <= theirs
    found = Candidates((Accepted("SM1", at=theirs),))
    await office.do(look_ups.record, work, found)
    await look_up_until_the_end(office, found)
    assert await states(office, reply) == [("uncertain", None)]
    assert (await office.message(reply)).is_unsettled


async def test_what_was_taken_for_not_sent_is_doubted_when_a_record_shows(office: Office) -> None:
    """The provider's list lags; meanwhile an agent has written the same again."""
    first = await cut_off(office)
    await office.text("Hello?")
    await look_up_until_the_end(office, NotFound())
    assert await states(office, first) == [("failed", None)]
    again = await cut_off(office)
    office.clock.advance(3)
    await look_up(office, alike("SM1"))
    assert await states(office, first, again) == [("uncertain", None)] * 2
    await look_up_until_the_end(office, alike("SM1", "SM2"))
    assert await states(office, first, again) == [("accepted", None)] * 2


# What was assumed gives way


@pytest.mark.parametrize("how", ["receipt", "answer"])
async def test_a_reference_moves_to_the_reply_it_is_known_to_belong_to(office: Office, how: str) -> None:
    assumed = await cut_off(office)
    office.clock.advance(3)
    await look_up(office, alike("SM1"))
    await office.take(DeliveryReceipt(Status.DELIVERED, "delivered", ref="SM1"))
    assert await states(office, assumed) == [("delivered", "SM1")]
    known, work = await calling(office)
    if how == "receipt":
        await office.take(named(known, "SM1"))
    else:
        await office.do(attempt_outcomes.record, work, Accepted("SM1"))
    assert await states(office, assumed, known) == [("uncertain", None), ("delivered", "SM1")]
    assert (await office.message(assumed)).words == "The connection broke."
    await look_up_until_the_end(office, alike("SM1"))
    assert await states(office, assumed, known) == [("failed", None), ("delivered", "SM1")]


async def test_a_reply_gets_its_own_reference_for_the_one_it_was_assumed_to_have(office: Office) -> None:
    lost = await cut_off(office)
    office.clock.advance(3)
    await look_up(office, alike("SM1"))
    await office.take(DeliveryReceipt(Status.FAILED, "failed", ref="SM1", code="30008"))
    assert await states(office, lost) == [("failed", "SM1")]
    await office.take(named(lost, "SM2"))
    assert await states(office, lost) == [("sent", "SM2")]


async def test_a_receipt_confirms_what_was_assumed(office: Office) -> None:
    lost = await cut_off(office)
    office.clock.advance(3)
    await look_up(office, alike("SM1"))
    await office.take(named(lost, "SM1", Status.DELIVERED))
    other = await cut_off(office)
    await office.take(named(other, "SM1"))  # one reference for two messages: it stays with the first
    assert await states(office, lost, other) == [("delivered", "SM1"), ("sent", None)]


async def test_a_known_reference_given_to_two_replies_stays_with_the_first(office: Office) -> None:
    first = await ended(office, Accepted("same"))
    second = await cut_off(office, "No.")
    office.clock.advance(3)
    assert await look_up(office, Accepted("same"))
    assert await states(office, first, second) == [("accepted", "same"), ("accepted", None)]
    assert await due(office) is None


@pytest.mark.parametrize("is_first_told", [True, False])
async def test_of_a_reference_given_to_two_replies_each_gets_the_receipts_that_name_it(
    office: Office, is_first_told: bool
) -> None:
    first = await ended(office, Accepted("same"))
    second = await ended(office, Accepted("same"), "No.")
    told = [named(first, "same"), named(second, "same", Status.UNDELIVERED)]
    for receipt in told if is_first_told else reversed(told):
        await office.take(receipt)
    assert [status for status, _ in await states(office, first, second)] == ["sent", "undelivered"]


async def test_a_receipt_with_a_foreign_id_is_that_of_the_reply_with_its_reference(office: Office) -> None:
    reply = await ended(office, Accepted("SM1"))
    await office.take(named("of another program", "SM1", Status.DELIVERED))
    assert await states(office, reply) == [("delivered", "SM1")]


@pytest.mark.parametrize("concluded", [Uncertain("It does not answer."), alike("SM1"), NotFound()])
async def test_an_answer_that_comes_late_is_known_all_the_same(office: Office, concluded: LookUpResult) -> None:
    """The store was away for longer than the lease, say."""
    message_id, work = await calling(office)
    office.clock.advance(100)
    assert await office.do(outbox.claim, "n2", 32) == []
    office.clock.advance(70)
    await look_up(office, concluded)
    await office.do(attempt_outcomes.record, work, Accepted("SM1"))
    assert await states(office, message_id) == [("accepted", "SM1")]


# Where there is nobody to ask, or no answer


async def test_where_only_a_receipt_can_say_more_an_agent_decides_soon(store: SqlStore) -> None:
    office = Office(store, rules(can_look_up=False))
    await office.sign_in()
    lost, receipted = await cut_off(office), await cut_off(office)
    await office.take(named(receipted, "T1"))
    office.clock.advance(118)
    assert await look_up(office, NotFound()) == 0
    office.clock.advance(2)
    assert await look_up(office, Uncertain("OpenMarket can only be asked about a message whose ticket is known.")) == 1
    message = await office.message(lost)
    assert message.is_unsettled
    assert message.words == (
        "It is unknown whether this was sent. OpenMarket can only be asked about a message whose ticket is known."
        " Ask the consumer before sending it again."
    )
    assert await due(office) is None
    assert await states(office, receipted) == [("sent", "T1")]


async def test_a_provider_that_is_away_for_hours_is_asked_again_and_the_agent_knows(office: Office) -> None:
    lost = await cut_off(office)
    began_at = office.now
    while office.now - began_at < 12 * 3_600_000:
        at = await due(office)
        assert at is not None
        office.clock.advance(max(0, at - office.now) / 1000)
        await look_up(office, Uncertain("Twilio could not be asked whether it has the message."))
    message = await office.message(lost)
    assert message.is_unsettled and message.words is not None
    assert message.words.startswith("It is unknown whether this was sent. Twilio could not be asked")
    assert len(await office.events("send_failed")) == 1
    office.clock.advance(3600)
    await look_up(office, alike("SM1"))
    message = await office.message(lost)
    assert (message.status, message.ref, message.words, message.is_unsettled) == ("accepted", "SM1", None, False)


async def test_a_line_that_is_no_longer_configured_is_looked_up_as_before(office: Office) -> None:
    lost = await cut_off(office)
    office.lines.clear()
    office.clock.advance(3)
    assert await look_up(office, Uncertain("The account main is not in this core's configuration.")) == 1
    office.clock.advance(15)
    assert await look_up(office, alike("SM1")) == 1
    assert await states(office, lost) == [("accepted", "SM1")]


async def test_a_reply_settled_by_a_receipt_is_polled(office: Office) -> None:
    message_id = await cut_off(office)
    await office.take(named(message_id, "SM1"))
    office.clock.advance(10)
    assert not await look_up(office, NotFound())
    office.clock.advance(301)
    asked = await office.do(polls.claim, office.node, 32)
    assert [ref for _, ref in asked] == ["SM1"]
    assert (await office.message(message_id)).status is Status.SENT


async def test_a_reply_settled_by_a_receipt_during_its_look_up_is_polled(office: Office) -> None:
    message_id = await cut_off(office)
    office.clock.advance(3)
    [(work, _)] = await office.do(look_ups.claim, office.node, 32)
    await office.take(named(message_id, "SM1"))
    await office.do(look_ups.record, work, NotFound())
    assert await due(office) is None and await due(office, POLL) is not None


# Any order

STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("look up"), st.integers(0, 2)),
        st.tuples(st.just("receipt"), st.integers(0, 2)),
        st.tuples(st.just("by reference"), st.integers(0, 2)),
        st.tuples(st.just("wait"), st.sampled_from([1, 10, 70, 1000])),
    ),
    max_size=12,
)
numbers = itertools.count(100)


@settings(max_examples=rounds(60), suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(sent=st.lists(st.booleans(), min_size=2, max_size=3), steps=STEPS, seed=st.integers())
async def test_no_reply_is_ever_shown_as_what_it_is_not(
    office: Office, sent: list[bool], steps: list[tuple[str, int]], seed: int
) -> None:
    """Equal replies, of which some reached the provider; its list is whole, and its receipts come when they do."""
    number = next(numbers)
    to = consumer(number)
    ids = [await cut_off(office, to=to) for _ in sent]
    order = [index for index, was_sent in enumerate(sent) if was_sent]
    random.Random(seed).shuffle(order)  # the provider took them in another order
    truth = {
        ids[index]: (f"SM{number}-{place}", [Status.SENT, Status.DELIVERED][place % 2])
        for place, index in enumerate(order)
    }
    listed = Candidates(tuple(Accepted(ref, status) for ref, status in truth.values())) if truth else NotFound()

    async def demand_truth() -> None:
        messages = [await office.message(one) for one in ids]
        refs = [one.ref for one in messages if one.ref is not None]
        assert len(set(refs)) == len(refs)
        for one in messages:
            if one.status in (Status.FAILED, Status.SENDING):
                assert one.id not in truth
            elif one.status is not Status.UNCERTAIN:
                assert one.id in truth
            assert one.ref in (None, truth.get(one.id, (None,))[0])
            assert one.status is not Status.DELIVERED or truth[one.id][1] is Status.DELIVERED

    for what, which in [
        *steps,
        *(("receipt", index) for index in range(3)),
        ("wait", 200),
        ("look up", 0),
        *[("wait", 70), ("look up", 0)] * 3,
    ]:
        if what == "wait":
            office.clock.advance(which)
        elif what == "look up":
            for work, outgoing in await office.do(look_ups.claim, office.node, 32):
                await office.do(look_ups.record, work, listed if outgoing.consumer == to else NotFound())
        elif which < len(ids) and ids[which] in truth:
            ref, status = truth[ids[which]]
            await office.take(
                named(ids[which], ref, status) if what == "receipt" else DeliveryReceipt(status, str(status), ref=ref)
            )
        await demand_truth()
    for one in ids:
        message = await office.message(one)
        assert message.ref == truth.get(one, (None,))[0]
        assert message.status in (*FINAL, Status.SENDING) or one in truth
