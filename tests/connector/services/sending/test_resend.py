"""Sending again what did not arrive: once, with its pictures, through all that a new reply passes."""

from __future__ import annotations

import pytest

from connector.domain.account import AccountMode
from connector.domain.conversation import Conversation
from connector.domain.media import MediaState
from connector.domain.refusals import Refused
from connector.domain.status import Status
from connector.providers.values import Accepted, DeliveryReceipt, Rejected, Uncertain
from connector.services import pictures
from connector.services.pictures import StoredPicture
from connector.services.request_table import execute
from connector.services.sending import attempt_outcomes, outbox
from connector.store.sql.store import SqlStore
from connector.wire import answers, requests
from connector.wire.refusals import RefusalCode
from tests.kit.stores import CONSUMER
from tests.kit.use_cases import Office, rules

REFUSED = Rejected("30007", "It was filtered.")


async def office_with_text(store: SqlStore) -> tuple[Office, Conversation]:
    office = Office(store, rules(segments_per_s=1e6))
    await office.sign_in()
    conversation = await office.text()
    await office.sign_in("bob")
    return office, conversation


async def end(office: Office, outcome: Accepted | Rejected | Uncertain) -> None:
    [(work, _)] = await office.do(outbox.claim, office.node, 32)
    await office.do(attempt_outcomes.record, work, outcome)


async def lost(office: Office, conversation: Conversation, text: str = "Hello to you") -> str:
    message_id = await office.reply(conversation, text)
    await end(office, REFUSED)
    return message_id


async def resend(office: Office, message_id: str, *, name: str = "ann", **more: object) -> str:
    answer = await office.ask(requests.Resend(message_id, **more), name=name)  # type: ignore[arg-type]
    assert isinstance(answer, answers.Written)
    return answer.message_id


async def refusal(office: Office, message_id: str, *, name: str = "ann", **more: object) -> Refused:
    with pytest.raises(Refused) as no:
        await resend(office, message_id, name=name, **more)
    assert no.value.words
    return no.value


async def test_the_two_are_joined_and_the_old_one_is_settled(store: SqlStore) -> None:
    office, conversation = await office_with_text(store)
    message_id = await lost(office, conversation, "On its way.")
    again = await resend(office, message_id)
    old, new = await office.message(message_id), await office.message(again)
    assert (old.resent_as, old.is_unsettled, old.settled_by, old.status) == (again, False, again, Status.FAILED)
    assert (new.resends, new.text, new.author, new.status) == (message_id, "On its way.", "ann", Status.QUEUED)
    found = await office.open_for(CONSUMER)
    assert (found.unsent, found.waiting_since) == (0, None)
    await end(office, REFUSED)
    assert (await office.open_for(CONSUMER)).waiting_since == conversation.waiting_since
    third = await resend(office, again)
    assert (await office.message(third)).resends == again


async def test_of_several_it_settles_the_one_and_the_others_are_still_owed(store: SqlStore) -> None:
    office, conversation = await office_with_text(store)
    first, second = await office.reply(conversation, "One"), await office.reply(conversation, "Two")
    await end(office, REFUSED)
    await end(office, REFUSED)
    await resend(office, first)
    found = await office.open_for(CONSUMER)
    assert found.unsent == 1 and found.waiting_since is not None and found.due_at is not None
    await resend(office, second)
    found = await office.open_for(CONSUMER)
    assert (found.unsent, found.waiting_since, found.due_at) == (0, None, None)


async def asked_since(office: Office, message_id: str) -> Conversation:
    """The conversation after the consumer has asked something, a minute after a reply that did not arrive."""
    office.clock.advance(60)
    asked = await office.text("And on Sunday?")
    assert asked.unsent == 1 and (await office.message(message_id)).is_unsettled
    return asked


async def test_what_the_consumer_has_asked_since_it_was_written_still_waits(store: SqlStore) -> None:
    office, conversation = await office_with_text(store)
    message_id = await lost(office, conversation)
    asked = await asked_since(office, message_id)
    office.clock.advance(60)
    again = await resend(office, message_id)
    found = await office.open_for(CONSUMER)
    assert (found.unsent, found.waiting_since, found.due_at) == (0, asked.last_at, asked.due_at)
    assert found.unread == asked.unread and found.idle_since is None
    await end(office, REFUSED)
    back = await office.open_for(CONSUMER)
    assert (back.unsent, back.waiting_since, back.due_at) == (1, conversation.waiting_since, asked.due_at)
    await resend(office, again)
    found = await office.open_for(CONSUMER)
    assert (found.waiting_since, found.due_at) == (asked.last_at, asked.due_at), "it still says what was written first"
    await office.reply(found, "On Sunday, too.")
    found = await office.open_for(CONSUMER)
    assert (found.waiting_since, found.due_at) == (None, None)


async def test_in_a_later_conversation_it_answers_nothing(store: SqlStore) -> None:
    office, conversation = await office_with_text(store)
    message_id = await office.reply(conversation)
    await office.ask(requests.Close(conversation.id))
    asked = await office.text("Another thing")
    assert asked.id != conversation.id
    assert asked.agent is not None
    await end(office, REFUSED)
    await resend(office, message_id, name=asked.agent)
    found = await office.open_for(CONSUMER)
    assert (found.id, found.unsent, found.waiting_since, found.due_at) == (asked.id, 0, asked.last_at, asked.due_at)


async def test_once_it_is_undone_the_consumer_waits_since_the_first_text_again(store: SqlStore) -> None:
    office, conversation = await office_with_text(store)
    message_id = await lost(office, conversation)
    asked = await asked_since(office, message_id)
    tomorrow = office.now + 24 * 3_600_000
    for due_at in (asked.due_at, tomorrow):
        if due_at == tomorrow:
            await office.ask(requests.SetDue(conversation.id, tomorrow))
        again = await resend(office, message_id)
        found = await office.open_for(CONSUMER)
        assert (found.unsent, found.waiting_since, found.due_at) == (0, asked.last_at, due_at)
        await office.ask(requests.UndoReply(again))
        found = await office.open_for(CONSUMER)
        assert (found.unsent, found.waiting_since, found.due_at) == (1, conversation.waiting_since, due_at)


async def test_an_uncertain_one_that_had_been_sent_answers_no_text_after_it(store: SqlStore) -> None:
    office, conversation = await office_with_text(store)
    message_id = await office.reply(conversation)
    await end(office, Uncertain("Twilio did not answer; it is unknown whether the message was sent."))
    office.clock.advance(60)
    asked = await office.text("And on Sunday?")
    await resend(office, message_id, even_if_uncertain=True)
    await office.take(DeliveryReceipt(Status.DELIVERED, "delivered", message_id=message_id))
    found = await office.open_for(CONSUMER)
    assert (found.waiting_since, found.due_at) == (asked.last_at, asked.due_at)


async def test_a_request_that_is_repeated_sends_once(store: SqlStore) -> None:
    office, conversation = await office_with_text(store)
    request = requests.Resend(await lost(office, conversation))
    first = await office.do(execute, "ann", "r1", request)
    assert await office.do(execute, "ann", "r1", request) == first
    with pytest.raises(Refused) as no:
        await office.do(execute, "ann", "r2", request)
    assert no.value.code is RefusalCode.TOO_LATE


@pytest.mark.parametrize("status", [Status.SENT, Status.DELIVERED])
async def test_what_is_under_way_or_delivered_is_not_sent_again(store: SqlStore, status: Status) -> None:
    office, conversation = await office_with_text(store)
    message_id = await office.reply(conversation)
    assert (await refusal(office, message_id)).code is RefusalCode.TOO_LATE
    await end(office, Accepted("SM1"))
    assert (await refusal(office, message_id)).code is RefusalCode.TOO_LATE
    await office.take(DeliveryReceipt(status, str(status), ref="SM1"))
    assert (await refusal(office, message_id)).code is RefusalCode.TOO_LATE
    assert (await refusal(office, message_id, name="bob")).code is RefusalCode.TOO_LATE


async def test_of_an_uncertain_one_it_is_said_first_what_is_known(store: SqlStore) -> None:
    office, conversation = await office_with_text(store)
    message_id = await office.reply(conversation)
    await end(office, Uncertain("Twilio did not answer; it is unknown whether the message was sent."))
    no = await refusal(office, message_id)
    assert no.code is RefusalCode.MAY_HAVE_ARRIVED and "Twilio did not answer" in no.words
    again = await resend(office, message_id, even_if_uncertain=True)
    assert (await office.message(message_id)).resent_as == again
    assert (await refusal(office, message_id, even_if_uncertain=True)).code is RefusalCode.TOO_LATE


async def test_it_passes_the_gate_and_the_guard_for_stale_replies(store: SqlStore) -> None:
    office, conversation = await office_with_text(store)
    message_id = await lost(office, conversation)
    assert (await refusal(office, message_id, name="bob")).code is RefusalCode.NOT_OWNER
    assert (await refusal(office, "unknown")).code is RefusalCode.UNKNOWN_MESSAGE
    seen = (await office.open_for(CONSUMER)).last_seq
    await office.text("Are you there?")
    stale = await refusal(office, message_id, seen=seen)
    assert stale.code is RefusalCode.STALE and [one.text for one in stale.messages] == ["Are you there?"]
    await office.do(lambda uow: uow.tx.accounts.set_mode("main", AccountMode.DRAINING))
    assert (await refusal(office, message_id)).code is RefusalCode.ACCOUNT_OFF
    await office.do(lambda uow: uow.tx.accounts.set_mode("main", AccountMode.ACTIVE))
    await office.text("STOP")
    assert (await refusal(office, message_id)).code is RefusalCode.OPTED_OUT
    assert (await office.open_for(CONSUMER)).unsent == 1


async def test_a_closed_conversation_is_reopened_first(store: SqlStore) -> None:
    office, conversation = await office_with_text(store)
    message_id = await lost(office, conversation)
    await office.ask(requests.Close(conversation.id))
    assert (await refusal(office, message_id)).code is RefusalCode.CLOSED


async def test_one_in_the_queue_is_accepted_with_it_where_that_is_asked(store: SqlStore) -> None:
    office, conversation = await office_with_text(store)
    message_id = await lost(office, conversation)
    await office.do(lambda uow: uow.tx.agents.remove_desk("desk of bob"))
    await office.do(lambda uow: uow.tx.agents.remove_desk("desk of ann"))
    await office.ask(requests.GiveBack(conversation.id))
    assert (await refusal(office, message_id)).code is RefusalCode.NOT_OWNER
    await resend(office, message_id, accept=True)
    assert (await office.open_for(CONSUMER)).agent == "ann"


async def test_pictures_go_with_it_and_are_served_for_another_day(store: SqlStore) -> None:
    office, conversation = await office_with_text(store)
    stored = await office.do(pictures.upload, "ann", StoredPicture("0" * 64, 9, "image/png"))
    named = requests.Reply(conversation.id, "Look", [stored.picture_id, "https://example.com/a.png"])
    answer = await office.ask(named)
    assert isinstance(answer, answers.Written)
    await end(office, REFUSED)
    office.clock.advance(48 * 3600)
    again = await office.message(await resend(office, answer.message_id))
    ours, theirs = again.media
    assert (ours.digest, ours.state, ours.content_type) == ("0" * 64, MediaState.STORED, "image/png")
    before = (await office.message(answer.message_id)).media
    assert ours.url != before[0].url and ours.url.startswith("https://desk.example.com/pictures/")
    assert theirs == before[1]
    token = ours.url.rpartition("/")[2]
    served = await store.read(lambda reading: reading.upload(token))
    assert served is not None and served.expires_at > office.now
