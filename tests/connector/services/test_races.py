"""Two agents accept one conversation at the same moment, hundreds of times: one owns it, the other is refused."""

from __future__ import annotations

import asyncio

import pytest

from connector.domain.conversation import Conversation, ConversationState
from connector.domain.refusals import Refused
from connector.domain.skill_rules import RingMode, Rules, SkillRules
from connector.services.request_table import execute
from connector.services.routing import desks
from connector.services.unit_of_work import UnitOfWork, in_unit_of_work
from connector.store.ports import Store
from connector.wire import requests
from connector.wire.refusals import RefusalCode
from tests.kit.rounds import rounds
from tests.kit.stores import LINE, Place, agent, desk
from tests.kit.use_cases import Office, consumer

pytestmark = pytest.mark.slow

ROUNDS = rounds(1000)
AT_ONCE = 50  # rounds whose writers wait at the same time


def rules(ring: RingMode) -> Rules:
    return Rules(SkillRules(ring=ring, ring_s=1000, undo_s=0, reopen_s=0), known=("orders",))


async def sign_in(office: Office, *names: str) -> None:
    def connect(uow: UnitOfWork) -> None:
        for name in names:
            place = desk(id=f"desk of {name}", agent=name, lease_until=office.now + 10**12)
            desks.connect(uow, agent(id=name, name=name, capacity=2 * ROUNDS), place)

    await office.do(connect)


async def waiting(office: Office, numbers: range) -> list[str]:
    return [(await office.text(consumer=consumer(number))).id for number in numbers]


async def reach(office: Office, store: Store, conversation_id: str, name: str) -> str:
    """ "taken", or the code of the refusal, which names the owner."""
    key = f"{conversation_id} {name}"
    command = requests.Accept(conversation_id)
    try:
        await store.write(in_unit_of_work(office.live, office.now, execute, name, key, command))
    except Refused as no:
        other = {"ann": "bob", "bob": "ann"}[name]
        assert no.details == {"state": "assigned", "agent": other} and no.words == f"{other} has it already."
        return no.code
    return "taken"


@pytest.mark.parametrize("ring", [RingMode.AUTO, RingMode.RING_ALL])
async def test_two_accept_at_once(place: Place, ring: RingMode) -> None:
    """From two stores: on PostgreSQL those of two cores."""
    first, second = await place.cores(2)
    office = Office(first, skills=rules(ring))
    if ring is RingMode.RING_ALL:
        await sign_in(office, "ann", "bob")
    won = {"ann": 0, "bob": 0}
    for begin in range(0, ROUNDS, AT_ONCE):
        ids = await waiting(office, range(begin, begin + AT_ONCE))
        racers = []
        for number, one in enumerate(ids):  # agents take turns in asking first, and at which core
            pair = [(first, "ann"), (second, "bob")]
            racers += [reach(office, store, one, name) for store, name in (pair if number % 2 else pair[::-1])]
        ends = await asyncio.gather(*racers)
        for number, one in enumerate(ids):
            assert sorted(ends[2 * number : 2 * number + 2]) == [RefusalCode.NOT_QUEUED, "taken"]
            found = await owner(first, one)
            assert found.state is ConversationState.ASSIGNED and found.agent in won
            won[found.agent] += 1
    assert sum(won.values()) == ROUNDS
    told = await office.events("conversation_assigned")
    assert len(told) == ROUNDS
    for event in told if ring is RingMode.RING_ALL else []:
        assert {event["conversation"]["agent"], *event["also_rang"]} == {"ann", "bob"}


async def owner(store: Store, conversation_id: str) -> Conversation:
    found = await store.read(lambda reading: reading.conversation(conversation_id))
    assert found is not None
    return found


async def test_owner_and_lead_send_at_the_same_moment(place: Place) -> None:
    """Both have seen the same; one reply is stored, the other is refused as stale and shows it."""
    first, second = await place.cores(2)
    office = Office(first, skills=rules(RingMode.AUTO))
    await sign_in(office, "ann")
    for number in range(50):
        one = await office.text(consumer=consumer(number), line=LINE)
        await office.ask(requests.Join(one.id), name="lea")

        async def send(store: Store, name: str, one: Conversation = one) -> str:
            command = requests.Reply(one.id, f"From {name}", seen=one.last_seq)
            try:
                key = f"{one.id} {name}"
                await store.write(in_unit_of_work(office.live, office.now, execute, name, key, command))
            except Refused as no:
                assert [(each.text, each.author) for each in no.messages] == [
                    ("From ann", "ann") if name == "lea" else ("From lea", "lea")
                ]
                return no.code
            return "sent"

        assert sorted(await asyncio.gather(send(first, "ann"), send(second, "lea"))) == ["sent", RefusalCode.STALE]
