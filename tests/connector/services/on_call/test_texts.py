"""Texts to the phones of those on call: sent through the outbox and its gate, bounded, and answered with "ack"."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec.structs import replace

from connector.domain.account import AccountMode
from connector.domain.alerts import GATHER_S, AlertRules
from connector.domain.conversation import ON_CALL, ConversationState
from connector.providers.values import Accepted, InboundText, Rejected
from connector.services.on_call.texts import is_ack
from connector.services.sending import attempt_outcomes, outbox
from connector.store.ports import Store
from connector.store.sql.store import SqlStore
from connector.wire import administration, requests
from tests.connector.services.on_call.test_watch import ROTA, alerts, known, look, night_office, overdue, pass_time
from tests.kit.stores import LINE, Place, audit_entries
from tests.kit.use_cases import OTHER_LINE, Office, consumer

ANN, BEN, LEA = "+14155550181", "+14155550182", "+14155550183"


async def texting(store: Store, **more: Any) -> Office:
    """An office in which Ann, Ben and Lea are on call, and have phones."""
    office = night_office(store)
    office.brand = replace(office.brand, on_call=AlertRules(ROTA, overdue_s=60, line=LINE, **more))
    for name, phone in (("ann", ANN), ("ben", BEN), ("lea", LEA)):
        await known(office, name, phone=phone)
    return office


async def sent(office: Office, outcome: Any = None) -> list[tuple[str, str]]:
    """What leaves now: to whom, and the text."""
    left: list[tuple[str, str]] = []
    while True:
        office.clock.advance(1)  # the line's pace
        begun = await office.do(outbox.claim, "n1", 50)
        for job, outgoing in begun:
            left.append((outgoing.consumer, outgoing.text))
            await office.do(attempt_outcomes.record, job, outcome or Accepted(f"out-{job.id}"))
        if not begun:
            return left


async def says(office: Office, text: str, phone: str = ANN, *, line: str = LINE, **more: Any) -> None:
    arrival = InboundText(ref=more.pop("ref", f"in-{office.ids.new()}"), line=line, consumer=phone, text=text)
    await office.take(arrival, account=office.lines[line].account, **more)


async def first_text(office: Office) -> str:
    await overdue(office, 2)
    await pass_time(office, GATHER_S + 10)
    ((to, text),) = await sent(office)
    assert to == ANN
    return text


async def open_ones(office: Office) -> list[str]:
    """The consumers of open conversations."""
    found = await office.store.read(lambda reading: reading.snapshot(office.now, 0).conversations)
    return [one.consumer for one in found if one.state is not ConversationState.CLOSED]


async def test_who_is_asked_is_texted_and_an_ack_ends_the_asking(place: Place) -> None:
    office = await texting(await place.open())
    text = await first_text(office)
    assert text.startswith("textdesk: orders: 2 overdue, since ") and text.endswith("Answer ack to look after it.")
    assert len(text) <= 160
    await pass_time(office, 300)
    assert [to for to, _ in await sent(office)] == [BEN]
    (alert,) = await alerts(office)
    assert [(step.texted, step.untexted) for step in alert.steps] == [(["ann"], []), (["ben"], [])]
    await says(office, " Ack. ", BEN)
    (alert,) = await alerts(office)
    assert alert.acknowledged_by == "ben"
    assert await sent(office) == [(BEN, "textdesk: yours now: orders: 2 overdue. Nobody else is asked.")]
    await pass_time(office, 1200)
    assert await sent(office) == []
    assert sorted(await open_ones(office)) == [consumer(0), consumer(1)]
    last = (await audit_entries(office.store))[-1]
    assert (last.actor, last.action) == ("ben", "alert_acknowledged") and '"way":"text"' in last.details


@pytest.mark.parametrize("text", ["ack", "ACK", "Ack.", "  ack  ", "ack!", "\nack\n", "“Ack”"])
def test_what_is_an_ack(text: str) -> None:
    assert is_ack(text)


@pytest.mark.parametrize(
    "text", ["", "ack please", "back", "acknowledged", "no ack", "a c k", "ack" * 2, "." * 30 + "ack"]
)
def test_what_is_none(text: str) -> None:
    assert not is_ack(text)


async def test_a_repeated_hook_acknowledges_nothing_new(store: SqlStore) -> None:
    office = await texting(store)
    await first_text(office)
    await says(office, "ack", ref="SM-ack")
    await sent(office)
    await office.text("Me too", consumer(9))
    await pass_time(office, office.brand.rules.of("orders").response_s + 110)
    assert [to for to, _ in await sent(office)] == [ANN]
    await says(office, "ack", ref="SM-ack")
    assert [one.acknowledged_by for one in await alerts(office)] == ["ann", None]
    await says(office, "ack", ref="SM-ack-2")
    assert [one.acknowledged_by for one in await alerts(office)] == ["ann", "ann"]


async def test_an_ack_when_nothing_waits_is_taken_and_not_answered(store: SqlStore) -> None:
    office = await texting(store)
    await first_text(office)
    (alert,) = await alerts(office)
    await office.ask(requests.Acknowledge([alert.id]), name="ben")
    for _ in range(5):
        await says(office, "ack")
    assert await sent(office) == []
    assert sorted(await open_ones(office)) == [consumer(0), consumer(1)], "nobody has to answer it"


async def test_whatever_else_comes_from_the_phone_is_a_conversation(store: SqlStore) -> None:
    office = await texting(store)
    await first_text(office)
    await says(office, "who is this?")
    assert ANN in await open_ones(office)
    conversation = await office.open_for(ANN)
    assert (conversation.entry_point, conversation.skill) == ("text_in", "orders")
    await says(office, "ack")
    assert [one.acknowledged_by for one in await alerts(office)] == ["ann"], "also while that is open"
    assert (await office.open_for(ANN)).last_text == "who is this?"


async def test_an_ack_from_elsewhere_or_unproven_acknowledges_nothing(store: SqlStore) -> None:
    office = await texting(store)
    await first_text(office)
    await says(office, "ack", "+14155550199")
    await says(office, "ack", OTHER_LINE and ANN, line=OTHER_LINE)
    await says(office, "ack", is_proven=False)
    assert [one.acknowledged_by for one in await alerts(office)] == [None]
    assert "+14155550199" in await open_ones(office)


async def test_a_recovered_ack_counts_for_what_was_texted_before_it(store: SqlStore) -> None:
    office = await texting(store)
    before = office.now
    await first_text(office)
    late = InboundText(ref="SM-old", line=LINE, consumer=ANN, text="ack", at=before)
    await office.take(late, account="shop", is_recovered=True)
    assert [one.acknowledged_by for one in await alerts(office)] == [None]
    await office.take(replace(late, ref="SM-new", at=office.now), account="shop", is_recovered=True)
    assert [one.acknowledged_by for one in await alerts(office)] == ["ann"]


async def test_a_stop_from_the_phone_holds_and_the_next_is_asked(store: SqlStore) -> None:
    office = await texting(store)
    await first_text(office)
    await says(office, "STOP")
    await says(office, "STOP", BEN)
    await pass_time(office, 630)
    assert [to for to, _ in await sent(office)] == [LEA]
    (alert,) = await alerts(office)
    assert [step.untexted for step in alert.steps] == [[], ["ben: has opted out"], []]
    await pass_time(office, 300)
    assert await sent(office) == [], "Ann has opted out as well"


async def test_a_stop_while_the_text_waits_stops_it(store: SqlStore) -> None:
    office = await texting(store)
    await overdue(office)
    await pass_time(office, GATHER_S + 10)
    await says(office, "STOP")
    assert await sent(office) == []


async def test_a_phone_gets_so_many_texts_an_hour(store: SqlStore) -> None:
    office = await texting(store, acknowledge_s=60, texts_per_hour=2)
    await first_text(office)
    await pass_time(office, 1700)
    texts = await sent(office)
    assert len([to for to, _ in texts if to == ANN]) == 1
    (alert,) = await alerts(office)
    refused = [words for step in alert.steps for words in step.untexted]
    assert refused and set(refused) <= {f"{name}: was sent 2 texts within the hour" for name in ("ann", "ben", "lea")}
    await pass_time(office, 2 * 3600)
    assert await sent(office) != []


async def test_what_confirms_an_ack_uses_up_nothing_of_what_asks(store: SqlStore) -> None:
    """Of the two texts an hour that may ask, each is answered and confirmed."""
    office = await texting(store, texts_per_hour=2)
    for number in range(3):
        await office.text("Hello", consumer(number))
        await pass_time(office, office.brand.rules.of("orders").response_s + 110)
        texts = [(to, "yours now" in text) for to, text in await sent(office)]
        assert texts == ([(ANN, False)] if number < 2 else []), number
        await says(office, "ack")
        texts = [(to, "yours now" in text) for to, text in await sent(office)]
        assert texts == ([(ANN, True)] if number < 2 else []), number
    (waiting,) = [one for one in await alerts(office) if one.acknowledged_by is None]
    assert waiting.steps[0].untexted == ["ann: was sent 2 texts within the hour"]


async def test_two_alerts_at_once_are_one_text_and_one_ack(store: SqlStore) -> None:
    office = await texting(store)
    for number in range(2):
        await office.text("Hello", consumer(number))
        await office.text("Hello", consumer(number + 5), line=OTHER_LINE)
    await pass_time(office, office.brand.rules.of("orders").response_s + 110)
    ((_, text),) = await sent(office)
    assert "orders: 2 overdue" in text and "bookings: 2 overdue" in text
    await says(office, "ack")
    assert [one.acknowledged_by for one in await alerts(office)] == ["ann", "ann"]
    assert len(await sent(office)) == 1


async def test_who_cannot_be_texted_is_asked_all_the_same(store: SqlStore) -> None:
    office = await texting(store)
    await known(office, "ann")
    await office.ask(administration.SetAccountMode("shop", AccountMode.DRAINING), name="ann")
    await overdue(office)
    await pass_time(office, 400)
    (alert,) = await alerts(office)
    assert [step.untexted for step in alert.steps] == [["ann: has no phone"], ["ben: the account is switched off"]]


async def test_a_text_that_fails_comes_back_to_nobody(store: SqlStore) -> None:
    office = await texting(store)
    await overdue(office)
    await pass_time(office, GATHER_S + 10)
    await sent(office, Rejected("30003", "Unreachable."))
    assert sorted(await open_ones(office)) == [consumer(0)]
    assert await office.events("send_failed") == []


async def test_the_conversation_of_the_texts_is_closed_and_of_no_agents_skill(store: SqlStore) -> None:
    office = await texting(store)
    await first_text(office)
    await pass_time(office, 1000)
    await sent(office)
    found = await office.store.read(lambda reading: reading.snapshot(office.now, 0).conversations)
    own = [one for one in found if one.entry_point == ON_CALL]
    assert {one.consumer for one in own} == {ANN, BEN, LEA}, "one for each phone"
    assert {(one.skill, one.state, one.agent) for one in own} == {("on call", ConversationState.CLOSED, None)}
    await look(office)
    assert not await look(office)


async def test_who_has_two_texts_acknowledges_both_by_two_answers_the_latest_first(store: SqlStore) -> None:
    office = await texting(store)
    await first_text(office)
    await office.text("A room?", consumer(8), line=OTHER_LINE)
    await pass_time(office, office.brand.rules.of("bookings").response_s + 60 + GATHER_S)
    texted = [to for to, _ in await sent(office)]
    assert texted.count(ANN) == 2, "about orders again, and about bookings"
    for done in (["bookings"], ["bookings", "orders"], ["bookings", "orders"]):
        await says(office, "ack")
        taken = [one.skill for one in await alerts(office) if one.acknowledged_by == "ann"]
        assert sorted(taken) == done
    assert [to for to, _ in await sent(office)] == [ANN, ANN], "one text for each that had an effect"
