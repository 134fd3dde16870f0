"""Status, code and words of a reply belong together, in whatever order and number its receipts come.

Twilio: callbacks come in any order, and carry no time of the change
(https://www.twilio.com/docs/messaging/guides/outbound-message-status-in-status-callbacks).
"""

from __future__ import annotations

import itertools
import random
from collections.abc import Sequence

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from connector.domain.message import Message
from connector.domain.status import UNSUCCESSFUL, Status
from connector.providers.twilio.errors import explain
from connector.providers.values import Accepted, DeliveryReceipt, Outcome, Rejected, TryLater, Uncertain
from connector.services.sending import attempt_outcomes, outbox
from connector.store.sql.store import SqlStore
from tests.kit.use_cases import Office, consumer

numbers = itertools.count(1)


@pytest.fixture
async def office(store: SqlStore) -> Office:
    office = Office(store)
    await office.sign_in()
    return office


def said(
    word: Status, code: str | None = None, words: str | None = None, part: int = 1, parts: int = 1
) -> DeliveryReceipt:
    return DeliveryReceipt(
        word, str(word), code=code, words=words or (explain(code) if code else None), part=part, parts=parts
    )


async def ended(office: Office, story: Sequence[DeliveryReceipt | Outcome]) -> Message:
    """A reply whose call has left, after all of these, in this order."""
    number = next(numbers)
    message_id = await office.reply(await office.text(consumer=consumer(number)))
    office.clock.advance(1)  # the line's pace
    begun = await office.do(outbox.claim, office.node, 32)
    [work] = [work for work, _ in begun if work.subject == message_id]
    for each in story:
        if isinstance(each, DeliveryReceipt):
            sent = DeliveryReceipt(
                each.status, each.raw_status, f"SM{number}", message_id, each.code, each.words, each.part, each.parts
            )
            await office.take(sent)
        elif isinstance(each, Accepted):
            await office.do(attempt_outcomes.record, work, Accepted(f"SM{number}", each.status))
        else:
            await office.do(attempt_outcomes.record, work, each)
    return await office.message(message_id)


def shown(message: Message) -> tuple[Status, str | None, str | None]:
    return message.status, message.code, message.words


@pytest.mark.parametrize("last", [Status.DELIVERED, Status.UNDELIVERED])
async def test_what_is_said_of_a_failure_goes_with_it(office: Office, last: Status) -> None:
    delivered = await ended(office, [Accepted(""), said(Status.FAILED, "30008"), said(last)])
    assert shown(delivered) == (last, None, None)


async def test_a_failure_without_a_code_gets_the_code_that_comes_later(office: Office) -> None:
    bare, coded = said(Status.UNDELIVERED), said(Status.UNDELIVERED, "30003")
    expected = (Status.UNDELIVERED, "30003", explain("30003"))
    assert shown(await ended(office, [Accepted(""), bare, coded])) == expected
    assert shown(await ended(office, [coded, bare, Accepted("")])) == expected


async def test_words_about_another_try_go_when_a_receipt_proves_that_it_was_sent(office: Office) -> None:
    later = TryLater("The provider is busy.", "20429")
    stories: list[list[DeliveryReceipt | Outcome]] = [[said(Status.SENT), later], [later, said(Status.SENT)]]
    for story in stories:
        assert shown(await ended(office, story)) == (Status.SENT, None, None)


async def test_an_unknown_status_is_shown_only_while_it_says_more(office: Office) -> None:
    odd = DeliveryReceipt(None, "parked")
    assert (await ended(office, [Accepted(""), said(Status.SENT), odd])).raw_status == "parked"
    for story in ([odd, said(Status.DELIVERED)], [said(Status.DELIVERED), odd]):
        assert (await ended(office, [Accepted(""), *story])).raw_status is None


PARTS = st.integers(1, 3)
RECEIPTS = st.one_of(
    st.builds(said, st.sampled_from([Status.ACCEPTED, Status.SENT, Status.DELIVERED])),
    st.builds(said, st.sampled_from(sorted(UNSUCCESSFUL)), st.sampled_from([None, "30003", "30008"])),
    st.builds(said, st.sampled_from([Status.FAILED]), st.just("x"), st.sampled_from(["One.", "Two."])),
    st.builds(said, st.sampled_from([Status.SENT, Status.DELIVERED]), st.none(), st.none(), PARTS, st.just(3)),
    st.builds(said, st.just(Status.UNDELIVERED), st.just("30005"), st.none(), PARTS, st.just(3)),
)
ANSWERS = st.sampled_from(
    [Accepted(""), Accepted("", Status.SENT), Rejected("21610", "They have opted out."), Uncertain("It broke off.")]
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(RECEIPTS, min_size=1, max_size=5), ANSWERS, st.integers())
async def test_every_order_and_repetition_ends_the_same(
    office: Office, receipts: list[DeliveryReceipt], answer: Outcome, seed: int
) -> None:
    chance = random.Random(seed)
    story = [*receipts, answer]
    again = story + chance.choices(receipts, k=2)
    chance.shuffle(again)
    first, second = shown(await ended(office, story)), shown(await ended(office, again))
    assert first == second
    status, code, words = first
    given_with = {(each.status, each.code, each.words) for each in receipts}
    if isinstance(answer, Rejected):
        given_with.add((Status.FAILED, answer.code, answer.words))
    if status in UNSUCCESSFUL:
        assert (status, code, words) in given_with
    else:
        assert code is None and (words is None or words.endswith("parts delivered"))
