"""What agents decide about likely opt-outs, and what they record."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from msgspec.structs import replace

from connector.domain.conversation import Conversation
from connector.domain.refusals import Refused
from connector.domain.skill_rules import Rules, SkillRules
from connector.domain.status import Status
from connector.providers.values import InboundText
from connector.services.routing import explanation
from connector.services.sending import outbox
from connector.store.sql.store import SqlStore
from connector.wire import answers, requests
from connector.wire.refusals import RefusalCode
from tests.kit.folding import folded, stored
from tests.kit.stores import CONSUMER, LINE
from tests.kit.use_cases import OTHER_LINE, Office, rules

WISH = "please stop texting me"


async def flagged(store: SqlStore, *lines: Any) -> tuple[Office, Conversation]:
    """An office of Ann and Ben, and Ann's conversation, whose consumer may not want to be texted any more."""
    office = Office(store, *lines)
    await office.sign_in()
    await office.sign_in("ben", capacity=0)
    await office.text()
    return office, await office.text(WISH)


async def refusal(office: Office, request: requests.Request, *, name: str = "ann") -> Refused:
    with pytest.raises(Refused) as refused:
        await office.ask(request, name=name)
    return refused.value


async def test_a_likely_opt_out_blocks_on_every_line_and_writes_no_ledger(store: SqlStore) -> None:
    office, conversation = await flagged(store, rules(), rules(address=OTHER_LINE, account="second"))
    told = (await office.events("message_received"))[-1]
    for request in (
        requests.Reply(conversation.id, "Hello"),
        requests.Start(OTHER_LINE, CONSUMER, "Hello"),
        requests.Start(LINE, CONSUMER, "Hello"),
    ):
        refused = await refusal(office, request)
        assert (refused.code, refused.details["message_id"]) == (RefusalCode.LIKELY_OPT_OUT, told["message"]["id"])
        assert WISH not in refused.words
    assert await office.last_word() is None
    assert conversation.waiting_since is not None, "it waits for an agent, with a deadline"
    assert conversation.due_at is not None
    assert told["conversation"]["likely_opt_out"] == told["message"]["id"]
    assert await folded(store) == await stored(store, office.now)


async def test_an_agents_yes_is_an_opt_out_with_the_text_as_evidence(store: SqlStore) -> None:
    office, conversation = await flagged(store)
    await office.ask(requests.DecideOptOut(conversation.id, True))
    found = await office.last_word()
    assert found is not None
    assert (found.kind, found.author, found.evidence, found.line) == ("opted_out", "ann", WISH, LINE)
    assert found.message_id is not None
    assert (await refusal(office, requests.Reply(conversation.id, "Hello"))).code == RefusalCode.OPTED_OUT
    settled = await office.open_for(CONSUMER)
    assert (settled.agent, settled.waiting_since, settled.due_at, settled.unread) == ("ann", None, None, 0)
    assert await folded(store) == await stored(store, office.now)
    await office.ask(requests.Close(conversation.id))
    await office.take(InboundText("SM-9", LINE, CONSUMER, "START"))
    assert (found := await office.last_word()) is not None
    assert found.kind == "opted_in", "their own START lifts it"


async def test_of_who_has_opted_out_nothing_is_due_when_a_close_is_undone(store: SqlStore) -> None:
    office, conversation = await flagged(store)
    office.brand = replace(office.brand, rules=Rules(SkillRules(undo_s=5, reopen_s=0), known=("orders",)))
    await office.ask(requests.DecideOptOut(conversation.id, True))
    before = await office.open_for(CONSUMER)
    await office.ask(requests.Close(conversation.id))
    await office.ask(requests.Reopen(conversation.id))
    back = await office.open_for(CONSUMER)
    assert (back.agent, back.waiting_since, back.due_at) == ("ann", before.waiting_since, before.due_at)
    assert (back.waiting_since, back.due_at) == (None, None)
    await office.ask(requests.SetDue(conversation.id, office.now + 60_000))
    await office.ask(requests.SetDue(conversation.id, None))
    assert (await office.open_for(CONSUMER)).due_at is None, "nor when a reminder is removed"


async def test_an_agents_no_lets_replies_go_until_a_later_text(store: SqlStore) -> None:
    office, conversation = await flagged(store)
    await office.ask(requests.DecideOptOut(conversation.id, False))
    assert await office.last_word() is None
    assert (await office.events("note_written"))[-1]["message"]["text"] == "No opt-out, as ann decided."
    assert await office.reply(conversation)
    await office.text(WISH)
    assert (await refusal(office, requests.Reply(conversation.id, "Hello"))).code == RefusalCode.LIKELY_OPT_OUT
    assert await folded(store) == await stored(store, office.now)


async def test_of_two_agents_who_decide_at_once_the_first_decides(store: SqlStore) -> None:
    office, conversation = await flagged(store, rules(), rules(address=OTHER_LINE, account="second"))
    await office.text(line=OTHER_LINE)
    other = await office.open_for(CONSUMER, line=OTHER_LINE)
    await office.ask(requests.GiveBack(other.id))
    ended = await asyncio.gather(
        office.ask(requests.DecideOptOut(conversation.id, True), name="ann"),
        office.ask(requests.DecideOptOut(other.id, False), name="ben"),
        return_exceptions=True,
    )
    (late,) = [one for one in ended if isinstance(one, Refused)]
    found = await office.last_word()
    decided = {True: ("opted_out", "ann"), False: None}[found is not None]
    assert (None if found is None else (found.kind, found.author)) == decided
    assert late.code in (RefusalCode.TOO_LATE, RefusalCode.NOT_OWNER)
    assert await folded(store) == await stored(store, office.now)


async def test_the_owner_decides(store: SqlStore) -> None:
    office, conversation = await flagged(store)
    refused = await refusal(office, requests.DecideOptOut(conversation.id, True), name="ben")
    assert refused.code == RefusalCode.NOT_OWNER
    assert await office.last_word() is None


async def test_what_waits_for_nobody_is_decided_by_any_agent_and_closed(store: SqlStore) -> None:
    office = Office(store)
    await office.sign_in("ben", capacity=0)
    conversation = await office.text(WISH)
    await office.ask(requests.DecideOptOut(conversation.id, True), name="ben")
    closed = await store.read(lambda reading: reading.conversation(conversation.id))
    assert closed is not None
    assert (closed.state, closed.closed_by) == ("closed", "ben")
    assert await folded(store) == await stored(store, office.now)


async def test_a_reply_that_waits_in_the_outbox_comes_back(store: SqlStore) -> None:
    office = Office(store)
    await office.sign_in()
    conversation = await office.text()
    written = await office.reply(conversation)
    await office.text(WISH)
    assert await office.do(outbox.claim, "n1", 10) == []
    message = await office.message(written)
    assert message.status is Status.FAILED
    assert message.words is not None
    assert "may not want to be texted" in message.words
    await office.ask(requests.DecideOptOut(conversation.id, False))
    assert await office.reply(conversation), "and can be sent again"


@pytest.mark.parametrize("is_wrap_up", [True, False])
async def test_it_cannot_be_closed_before_it_is_decided(store: SqlStore, is_wrap_up: bool) -> None:
    office, conversation = await flagged(store)
    close = requests.Close(conversation.id, outcome="" if is_wrap_up else "solved")
    assert (await refusal(office, close)).code == RefusalCode.LIKELY_OPT_OUT
    leaving = requests.SignOff([requests.SignOffChoice(conversation.id, "close")])
    assert (await refusal(office, leaving)).code == RefusalCode.LIKELY_OPT_OUT
    await office.ask(requests.DecideOptOut(conversation.id, False))
    await office.ask(close)


async def test_why_names_it(store: SqlStore) -> None:
    office, conversation = await flagged(store)
    explained = await office.look(explanation.explain, requests.Explain(conversation.id))
    assert any("reads like an opt-out" in words for words in explained.next)


async def test_a_stop_settles_it(store: SqlStore) -> None:
    office, conversation = await flagged(store)
    await office.text("STOP")
    assert (await refusal(office, requests.DecideOptOut(conversation.id, False))).code == RefusalCode.TOO_LATE
    await office.text("START")
    assert await office.reply(conversation)
    assert await folded(store) == await stored(store, office.now)


@pytest.mark.parametrize("written", ["+14155550111", "+1 (415) 555-0111", "4155550111", "001 415 555 0111\n"])
async def test_an_opt_out_is_recorded_under_any_spelling_with_its_evidence(store: SqlStore, written: str) -> None:
    line = "+14155550100"
    office = Office(store, rules(address=line))
    await office.sign_in()
    conversation = await office.text(consumer="+14155550111", line=line)
    answer = await office.ask(requests.OptOut(written, "  said so on the phone, 14:10 "))
    assert answer == answers.ConsentRecorded("+14155550111", True)
    found = await office.last_word("+14155550111")
    assert found is not None
    assert (found.kind, found.author, found.evidence) == ("opted_out", "ann", "said so on the phone, 14:10")
    assert (found.consumer, found.rule) == ("+14155550111", "recorded by ann")
    (told,) = await office.events("consent_changed")
    assert (told["conversation"]["id"], told["conversation"]["opted_out"]) == (conversation.id, True)
    assert (await refusal(office, requests.Reply(conversation.id, "Hello"))).code == RefusalCode.OPTED_OUT
    await office.ask(requests.OptIn(written, "asked for it again by mail"), name="ben")
    assert await office.reply(conversation)
    assert (found := await office.last_word("+14155550111")) is not None
    assert (found.kind, found.author) == ("opted_in", "ben")
    assert await folded(store) == await stored(store, office.now)


async def test_without_a_conversation_desks_are_told_of_the_consumer(store: SqlStore) -> None:
    office = Office(store)
    await office.ask(requests.OptOut("+14155550123", "by mail"))
    (told,) = await office.events("consent_changed")
    assert (told["consumer"], told["opted_out"], told["conversation"]) == ("+14155550123", True, None)


@pytest.mark.parametrize("written", ["5678", "00442", "+1 303 555 9", "5550121", "0123", "70107"])
async def test_what_is_no_whole_number_is_not_recorded(store: SqlStore, written: str) -> None:
    office = Office(store, rules(address="+14155550100"))
    await office.sign_in()
    await office.text(consumer="+14155555678", line="+14155550100")
    for request in (requests.OptOut(written, "by phone"), requests.OptIn(written, "by phone")):
        assert (await refusal(office, request)).code == RefusalCode.BAD_REQUEST
    assert await office.events("consent_changed") == []


async def test_a_short_code_with_a_conversation_can_be_recorded(store: SqlStore) -> None:
    office = Office(store)
    await office.sign_in()
    await office.text(consumer="70107")
    assert await office.ask(requests.OptOut("70107", "by phone")) == answers.ConsentRecorded("70107", True)


@pytest.mark.parametrize(
    ("consumer", "because", "code"),
    [
        (CONSUMER, " \n", RefusalCode.EMPTY),
        (CONSUMER, "x" * 5001, RefusalCode.TOO_LONG),
        ("AMAZON", "by mail", RefusalCode.BAD_REQUEST),
        ("", "by mail", RefusalCode.BAD_REQUEST),
    ],
)
async def test_what_cannot_be_recorded_is_refused(
    store: SqlStore, consumer: str, because: str, code: RefusalCode
) -> None:
    office = Office(store)
    for request in (requests.OptOut(consumer, because), requests.OptIn(consumer, because)):
        assert (await refusal(office, request)).code == code
    assert await office.events("consent_changed") == []
