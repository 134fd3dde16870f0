"""The automatic reply to a text with a card number: when it is sent, and that it answers nothing."""

from __future__ import annotations

import msgspec
import pytest

from connector.domain.conversation import Conversation
from connector.domain.message import Direction, Message
from connector.domain.sending_limits import SendingLimits
from connector.domain.status import Status
from connector.providers.values import InboundText, Rejected
from connector.services.sending import attempt_outcomes, outbox
from connector.store.sql.store import SqlStore
from connector.wire import administration, answers, requests
from tests.kit.stores import CONSUMER, LINE
from tests.kit.use_cases import Office

CARD = "my card is 4242 4242 4242 4242"
NOTICE = "Please do not text card numbers."


@pytest.fixture
async def office(store: SqlStore) -> Office:
    office = Office(store)
    office.brand = msgspec.structs.replace(office.brand, masking_notice=NOTICE)
    await office.sign_in()
    return office


async def sent(office: Office, consumer: str = CONSUMER) -> list[Message]:
    """The automatic replies to this consumer."""
    found = await office.store.write(lambda tx: tx.messages.history(consumer, None, 500))
    return [one for one in found if one.direction is Direction.REPLY and one.author is None]


async def test_the_notice_is_sent_once_a_day_and_changes_nothing_but_the_transcript(office: Office) -> None:
    before = await office.text("Hello")
    after = await office.text(CARD)
    assert [one.text for one in await sent(office)] == [NOTICE]
    assert after.last_seq == 3
    assert (after.waiting_since, after.due_at, after.agent) == (before.waiting_since, before.due_at, before.agent)
    assert (after.unread, after.last_direction, after.last_text) == (2, Direction.INBOUND, CARD)
    claimed = await office.do(outbox.claim, "n1", 10)
    assert [outgoing.text for _, outgoing in claimed] == [NOTICE]
    await office.text(CARD)
    office.clock.advance(23 * 3600)
    await office.text(CARD)
    assert len(await sent(office)) == 1
    office.clock.advance(2 * 3600)
    await office.text(CARD)
    assert len(await sent(office)) == 2
    assert len(await office.events("reply_written")) == 2


async def test_it_makes_no_reply_stale_and_is_not_undone_or_sent_again(office: Office) -> None:
    conversation = await office.text(CARD)
    answer = await office.ask(requests.Reply(conversation.id, "Thanks", seen=1))
    assert isinstance(answer, answers.Written)
    await office.ask(requests.UndoReply(answer.message_id))
    again = await office.open_for(CONSUMER)
    assert again.waiting_since == conversation.waiting_since
    assert again.last_text == CARD and again.last_direction is Direction.INBOUND


async def test_one_that_is_lost_does_not_come_back(office: Office) -> None:
    await office.text(CARD)
    [(job, _)] = await office.do(outbox.claim, "n1", 10)
    await office.do(attempt_outcomes.record, job, Rejected("30003", "unreachable"))
    [lost] = await sent(office)
    assert lost.status is Status.FAILED and not lost.is_unsettled
    conversation = await office.open_for(CONSUMER)
    assert conversation.unsent == 0 and conversation.waiting_since is not None


@pytest.mark.parametrize(
    ("text", "changes"),
    [
        ("Hello", {}),
        ("my number is +4915112345674", {}),
        (CARD, {"masking_notice": ""}),
        (CARD, {"masking_notice": "x" * 1601}),
        (f"{CARD}, please do not text me any more", {}),
    ],
)
async def test_none_is_sent_without_a_reason_or_a_notice_or_after_what_reads_like_an_opt_out(
    office: Office, text: str, changes: dict[str, str]
) -> None:
    office.brand = msgspec.structs.replace(office.brand, **changes)
    await office.text(text)
    assert await sent(office) == []


async def test_none_is_sent_to_who_opted_out_or_is_no_phone_or_by_an_account_that_is_off(office: Office) -> None:
    await office.take(InboundText("s", LINE, CONSUMER, "STOP"))
    await office.take(InboundText("a", LINE, CONSUMER, CARD))
    assert await sent(office) == []
    await office.take(InboundText("b", LINE, "12345", CARD))
    assert await sent(office, "12345") == []
    await office.ask(administration.SetAccountMode("main", "draining"))
    await office.take(InboundText("c", LINE, "+14155550199", CARD))
    assert await sent(office, "+14155550199") == []


async def test_none_is_sent_to_where_a_stranger_could_make_us_pay(office: Office) -> None:
    office.brand = msgspec.structs.replace(office.brand, sending=SendingLimits(countries=frozenset({"US"})))
    for number, is_sent in (("+14155550123", True), ("+4915112345678", False), ("+19005550123", False)):
        await office.take(InboundText(f"to {number}", LINE, number, CARD))
        assert bool(await sent(office, number)) is is_sent, number


async def test_none_is_sent_for_a_text_without_proof_or_one_that_was_missed(office: Office) -> None:
    await office.take(InboundText("a", LINE, CONSUMER, CARD), is_proven=False)
    await office.take(InboundText("b", LINE, CONSUMER, CARD), is_recovered=True)
    assert await sent(office) == []


async def test_what_was_decided_for_the_conversation_stays(office: Office) -> None:
    conversation: Conversation = await office.text(CARD)
    await office.ask(requests.Reply(conversation.id, "Thanks"))
    answered = await office.open_for(CONSUMER)
    assert answered.waiting_since is None
    office.clock.advance(25 * 3600)
    await office.text(CARD)
    waiting = await office.open_for(CONSUMER)
    assert waiting.waiting_since is not None and waiting.agent == conversation.agent
