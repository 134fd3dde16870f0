"""Consent and sends at the same moment, from two stores: on PostgreSQL those of two cores."""

from __future__ import annotations

import asyncio

import msgspec
import pytest

from connector.domain.refusals import Refused
from connector.domain.status import Status
from connector.providers.values import InboundText
from connector.services.consent import decisions
from connector.services.conversations import inbound
from connector.services.sending import outbox, reply
from connector.services.unit_of_work import in_unit_of_work
from connector.store.ports import Store
from connector.wire import requests
from connector.wire.refusals import RefusalCode
from tests.kit.stores import LINE, Place, told
from tests.kit.use_cases import Office, consumer

pytestmark = pytest.mark.slow

ROUNDS = 30


async def outcome(store: Store, office: Office, use_case: object, *args: object) -> object:
    """What it returned, or the code of its refusal."""
    try:
        return await store.write(in_unit_of_work(office.live, office.now, use_case, *args))  # type: ignore[arg-type]
    except Refused as no:
        return no.code


async def test_a_stop_while_an_agent_presses_send(place: Place) -> None:
    """Either the reply is refused, or it is in the outbox and never leaves: the ledger was first when its turn came."""
    first, second = await place.cores(2)
    office = Office(first)
    await office.sign_in()
    ends: list[object] = []
    for number in range(ROUNDS):
        conversation = await office.text(consumer=consumer(number))
        stop = InboundText(f"SM-stop-{number}", LINE, consumer(number), "STOP")
        asks = [
            outcome(first, office, reply.reply, "ann", requests.Reply(conversation.id, "Hello")),
            outcome(second, office, inbound.take_arrivals, "main", [stop]),
        ]
        done = await asyncio.gather(*(asks if number % 2 else asks[::-1]))
        ends.append(done[0 if number % 2 else 1])
        assert (await office.last_word(consumer(number))).kind == "opted_out"  # type: ignore[union-attr]
    assert await office.do(outbox.claim, "n1", ROUNDS) == []
    stored = [one for one in ends if one != RefusalCode.OPTED_OUT]
    for one in stored:
        assert (await office.message(one.message_id)).status is Status.FAILED  # type: ignore[attr-defined]


async def test_a_stop_while_a_worker_claims(place: Place) -> None:
    """What was begun was begun before the opt-out was stored; all else has failed."""
    first, second = await place.cores(2)
    office = Office(first)
    await office.sign_in()
    replies = {}
    for number in range(ROUNDS):
        conversation = await office.text(consumer=consumer(number))
        replies[await office.reply(conversation)] = number
    stops = [InboundText(f"SM-stop-{number}", LINE, consumer(number), "STOP") for number in range(ROUNDS)]
    claimed: list[str] = []

    async def claim() -> None:
        for _ in range(ROUNDS // 5):
            use_case = in_unit_of_work(office.live, office.now, outbox.claim, "n2", 5)
            claimed.extend(job.subject for job, _ in await second.write(use_case))

    async def stop() -> None:
        for arrival in stops:
            await first.write(in_unit_of_work(office.live, office.now, inbound.take_arrivals, "main", [arrival]))

    await asyncio.gather(claim(), stop())
    facts = [
        (one["type"], one.get("message_id"), one.get("consumer"), one.get("status")) for one in await all_facts(office)
    ]
    for message_id, number in replies.items():
        began = next((at for at, one in enumerate(facts) if one[1] == message_id and one[3] == "sending"), None)
        stopped = next(at for at, one in enumerate(facts) if one[0] == "consent_changed" and one[2] == consumer(number))
        assert (began is not None) == (message_id in claimed)
        assert began is None or began < stopped
        if began is None:
            assert (await office.message(message_id)).status in (Status.FAILED, Status.QUEUED)
    assert await office.do(outbox.claim, "n1", ROUNDS) == []


async def all_facts(office: Office) -> list[dict[str, object]]:
    return [msgspec.json.decode(row.fact.body) for row in await told(office.store)]


async def test_two_agents_decide_at_once(place: Place) -> None:
    first, second = await place.cores(2)
    office = Office(first)
    for number in range(ROUNDS):
        conversation = await office.text("please stop texting me", consumer=consumer(number))
        yes, no = requests.DecideOptOut(conversation.id, True), requests.DecideOptOut(conversation.id, False)
        asks = [
            outcome(first, office, decisions.decide, "ann", yes),
            outcome(second, office, decisions.decide, "ben", no),
        ]
        ends = await asyncio.gather(*(asks if number % 2 else asks[::-1]))
        assert sorted(map(str, ends)) == ["None", "too_late"]
        found = await office.last_word(consumer(number))
        won = ends[0 if number % 2 else 1] is None  # ann
        assert (None if found is None else (found.kind, found.author)) == (("opted_out", "ann") if won else None)
