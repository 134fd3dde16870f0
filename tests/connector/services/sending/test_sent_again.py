"""A reply that the provider is proven not to have is sent again by itself, and no other."""

from __future__ import annotations

import pytest

from connector.domain.status import Status
from connector.providers.values import (
    Accepted,
    DeliveryReceipt,
    NotFound,
    Outcome,
    Outgoing,
    Uncertain,
)
from connector.services.sending import attempt_outcomes, outbox, references
from connector.store.sql.store import SqlStore
from connector.store.values import Work
from connector.wire import requests
from tests.kit.look_ups import alike, cut_off, look_up, look_up_until_the_end, states
from tests.kit.stores import CONSUMER
from tests.kit.use_cases import Office, rules


@pytest.fixture
async def office(store: SqlStore) -> Office:
    office = Office(store, rules(segments_per_s=1e9))
    await office.sign_in()
    return office


async def begin(office: Office) -> list[tuple[Work, Outgoing]]:
    return await office.do(outbox.claim, office.node, 32)


async def send(office: Office, outcome: Outcome) -> None:
    [(work, _)] = await begin(office)
    await office.do(attempt_outcomes.record, work, outcome)


async def test_a_reply_the_provider_never_had_is_sent_again_by_itself_and_fails_in_the_end(office: Office) -> None:
    message_id = await cut_off(office, "Hello to you")
    for _ in range(2):
        await look_up_until_the_end(office, NotFound())
        message = await office.message(message_id)
        assert (message.status, message.words) == (
            Status.SENDING,
            "the provider has no record of it; it is tried again by itself within 1 s. There is nothing to do.",
        )
        assert (await office.open_for(CONSUMER)).unsent == 0
        await send(office, Uncertain("The connection broke."))
    await look_up_until_the_end(office, NotFound())
    message = await office.message(message_id)
    assert (message.status, message.words) == (
        Status.FAILED,
        "not sent: the provider has no record of it, tried 3 times",
    )
    assert await begin(office) == [] and message.is_unsettled


async def test_a_reply_that_was_sent_again_by_itself_is_accepted_like_any_other(office: Office) -> None:
    message_id = await cut_off(office, "Hello to you")
    await look_up_until_the_end(office, NotFound())
    await send(office, Accepted("SM1"))
    message = await office.message(message_id)
    assert (message.status, message.words, message.ref) == (Status.ACCEPTED, None, "SM1")


@pytest.mark.parametrize(
    "what", ["the consumer wrote", "the agent wrote", "they wrote in another conversation", "late"]
)
async def test_what_would_come_too_late_is_not_sent_again_by_itself(office: Office, what: str) -> None:
    message_id = await cut_off(office, "Hello to you")
    conversation = await office.open_for(CONSUMER)
    match what:
        case "the consumer wrote":
            await office.text("Are you there?")
        case "the agent wrote":
            office.clock.advance(0.1)  # the line's pace
            await office.reply(conversation, "I mean Tuesday.")
            await send(office, Accepted("SM2"))
        case "they wrote in another conversation":
            await office.ask(requests.Close(conversation.id))
            await office.text("Hello again")
        case "late":
            office.clock.advance(2 * 3600 + 1)
    await look_up_until_the_end(office, NotFound())
    message = await office.message(message_id)
    assert message.status is Status.FAILED and (message.words or "").startswith("not sent")
    assert message.is_unsettled and (await office.open_for(CONSUMER)).unsent == 1
    assert await begin(office) == []


async def test_a_receipt_for_a_reply_that_waits_to_be_sent_again_stops_that(office: Office) -> None:
    message_id = await cut_off(office, "Hello to you")
    await look_up_until_the_end(office, NotFound())
    await office.take(DeliveryReceipt(Status.DELIVERED, "delivered", ref="SM1", message_id=message_id))
    assert await begin(office) == []
    assert (await office.message(message_id)).status is Status.DELIVERED


async def test_either_call_of_a_reply_that_was_sent_again_proves_it_sent(office: Office) -> None:
    """The provider's list lagged, and has both now."""
    message_id = await cut_off(office)
    await look_up_until_the_end(office, NotFound())
    await send(office, Uncertain("The connection broke."))
    office.clock.advance(3)
    await look_up(office, alike("SM1", "SM2"))
    assert await states(office, message_id) == [("accepted", "SM2")]


async def test_a_reply_that_waits_to_be_sent_again_does_not_go_out_when_it_may_have_been_sent(office: Office) -> None:
    waits = await cut_off(office)
    await look_up_until_the_end(office, NotFound())
    assert await states(office, waits) == [("sending", None)]
    other = await office.reply(await office.open_for(CONSUMER), "Yes.")  # behind it in the outbox
    message = await office.message(waits)
    await office.do(references.look_up_again, message)
    assert [outgoing.message_id for _, outgoing in await begin(office)] == [other]
    assert await states(office, waits) == [("uncertain", None)]
