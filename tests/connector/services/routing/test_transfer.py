"""Transfers to a skill or an agent: no consumer is stranded."""

from __future__ import annotations

from typing import Any

import pytest

from connector.domain.agent import Role, Sees
from connector.domain.conversation import Conversation, ConversationState
from connector.domain.message import Direction
from connector.domain.refusals import Refused
from connector.domain.skill_rules import SkillRules
from connector.services.routing.transfer_targets import targets
from connector.store.sql.store import SqlStore
from connector.wire import answers, requests
from connector.wire.refusals import RefusalCode
from tests.kit.floor import Desks, desks
from tests.kit.stores import agent
from tests.kit.use_cases import OTHER_LINE, consumer

S = ConversationState


async def transferring(store: SqlStore, **usual: Any) -> tuple[Desks, Conversation]:
    """ann owns one of orders; bob is of bookings."""
    floor = desks(store, **({"response_s": 900} | usual), skills={"bookings": SkillRules(response_s=60, undo_s=0)})
    await floor.come("ann", skills=("orders",))
    one = await floor.office.text()
    await floor.come("bob", skills=("bookings",))
    return floor, one


async def test_a_transfer_to_another_skill_restarts_the_deadline_and_stores_the_note(store: SqlStore) -> None:
    floor, one = await transferring(store)
    await floor.wait(100)
    answer = await floor.ask(requests.Transfer(one.id, skill="bookings", note="Wants a table"), "ann")
    assert answer == answers.Transferred("bob has it now")
    moved = await floor.conversation(one.id)
    assert (moved.skill, moved.agent, moved.due_at, moved.moves) == ("bookings", "bob", floor.now + 60_000, 1)
    assert "transferred by ann" in moved.reason
    messages = await store.read(lambda reading: reading.history(one.consumer, None, 9))
    assert [(each.direction, each.text, each.author) for each in messages[1:]] == [
        (Direction.NOTE, "Wants a table", "ann")
    ]
    (told,) = await floor.office.events("conversation_transferred")
    assert (told["by"], told["to_skill"], told["to_agent"]) == ("ann", "bookings", None)
    await floor.demand_events_equal_snapshot()


async def test_a_lead_hands_one_that_waits_to_an_agent_and_others_accept_it_first(store: SqlStore) -> None:
    floor = desks(store)
    await floor.come("bob", skills=("orders",), capacity=0)
    await floor.come("lea", role=Role.LEAD, skills=("orders",), capacity=0)
    await floor.come("max", role=Role.LEAD, skills=("bookings",), sees=Sees.ALL, capacity=0)
    one = await floor.office.text()
    assert await floor.at(one) == (S.QUEUED, None)
    for name in ("bob", "max"):
        with pytest.raises(Refused, match="Accept this conversation first") as no:
            await floor.office.ask(requests.Transfer(one.id, agent="bob"), name=name, is_administrator=False)
        assert no.value.code == RefusalCode.NOT_OWNER, name
    handed = await floor.office.ask(requests.Transfer(one.id, agent="bob"), name="lea", is_administrator=False)
    assert handed == answers.Transferred("It is ringing bob")
    assert await floor.rings(one) == ("bob",)
    await floor.ask(requests.Accept(one.id), "bob")
    assert await floor.at(one) == (S.ASSIGNED, "bob")
    await floor.demand_events_equal_snapshot()


async def test_a_transfer_to_an_agent_of_the_same_skill_keeps_the_deadline(store: SqlStore) -> None:
    floor, one = await transferring(store)
    await floor.come("cid", skills=("orders",))
    await floor.wait(100)
    await floor.ask(requests.Transfer(one.id, agent="cid"), "ann")
    rung = await floor.conversation(one.id)
    assert (rung.state, rung.rings, rung.handed_by, rung.due_at) == (S.RINGING, ("cid",), "ann", one.due_at)
    assert "ann" in rung.reason and "cid" in rung.reason  # from whom, and for whom
    assert await floor.refused(requests.Reply(one.id, "Hi"), "ann") == RefusalCode.NOT_OWNER
    await floor.ask(requests.Accept(one.id), "cid")
    assert "transferred by ann" in (await floor.conversation(one.id)).reason


@pytest.mark.parametrize("presence_", ["online", "away"])
async def test_a_transfer_that_is_not_accepted_goes_on_to_the_skill(store: SqlStore, presence_: str) -> None:
    floor, one = await transferring(store, transfer_s=300)
    await floor.come("cid", skills=("orders",), capacity=0)  # full, or away: it rings at them all the same
    await floor.ask(requests.SetPresence(presence_), "cid")
    await floor.come("dan", skills=("orders",))
    await floor.ask(requests.Transfer(one.id, agent="cid"), "ann")
    await floor.wait(299)
    assert await floor.rings(one) == ("cid",)
    await floor.wait(1)
    assert await floor.at(one) == (S.ASSIGNED, "dan")  # not at ann or cid again while there is another agent


@pytest.mark.parametrize(
    ("command", "code"),
    [
        ({"skill": "refunds"}, RefusalCode.WOULD_STRAND),
        ({"skill": "nonsense"}, RefusalCode.UNKNOWN_SKILL),
        ({"skill": "orders"}, RefusalCode.BAD_REQUEST),
        ({"agent": "ann"}, RefusalCode.BAD_REQUEST),
        ({"agent": "nobody"}, RefusalCode.UNKNOWN_AGENT),
        ({"agent": "gone"}, RefusalCode.WOULD_STRAND),
        ({"agent": "bob", "skill": "refunds"}, RefusalCode.BAD_REQUEST),
        ({}, RefusalCode.BAD_REQUEST),
        ({"skill": "bookings", "note": "  "}, RefusalCode.EMPTY),
        ({"skill": "bookings", "note": "x" * 5001}, RefusalCode.TOO_LONG),
    ],
)
async def test_a_transfer_that_would_strand_is_refused_and_leaves_no_trace(
    store: SqlStore, command: dict[str, str], code: str
) -> None:
    floor, one = await transferring(store)
    await floor.go(await floor.come("gone"))
    before = await floor.conversation(one.id)
    assert await floor.refused(requests.Transfer(one.id, **command), "ann") == code
    assert await floor.conversation(one.id) == before


async def test_transfer_targets_say_how_each_would_take_it(store: SqlStore) -> None:
    floor, one = await transferring(store)
    question = requests.GetTargets(one.id)
    found = await floor.office.look(targets, question)
    assert isinstance(found, answers.Targets)
    skills = {each.skill: (each.online, each.waiting, each.goes_to, each.words) for each in found.skills}
    assert skills == {
        "bookings": (1, 0, "bookings", "taken at once"),
        "refunds": (0, 0, None, "no one of it or of its fallbacks is online"),
    }
    assert [(each.agent, each.can_take, each.words) for each in found.agents] == [
        ("bob", True, "0 of 4 places taken; is asked as bookings")
    ]


async def test_the_owner_is_no_transfer_target(store: SqlStore) -> None:
    floor = desks(store)
    await floor.come("ann", skills=("orders", "refunds"))
    one = await floor.office.text()
    question = requests.GetTargets(one.id)
    found = await floor.office.look(targets, question)
    assert isinstance(found, answers.Targets)
    assert {each.skill: each.goes_to for each in found.skills} == {"bookings": None, "refunds": None}
    assert await floor.refused(requests.Transfer(one.id, skill="refunds"), "ann") == RefusalCode.WOULD_STRAND


async def test_the_wait_for_a_skill_is_estimated_from_how_its_queue_moved(store: SqlStore) -> None:
    """Four were given within 200 s, so the one behind the one that waits has about 100 s to wait."""
    floor, one = await transferring(store)
    for number in (1, 2, 3, 4):
        await floor.office.text(consumer=consumer(number), line=OTHER_LINE)
        await floor.wait(50)
    await floor.office.text(consumer=consumer(5), line=OTHER_LINE)
    question = requests.GetTargets(one.id)
    found = await floor.office.look(targets, question)
    assert isinstance(found, answers.Targets)
    waits = {each.skill: (each.waiting, each.wait_s) for each in found.skills}
    assert waits == {"bookings": (1, 100), "refunds": (0, None)}


@pytest.mark.parametrize(
    ("named", "words"),
    [
        ({"agent": "Bob"}, "There is no agent Bob: did you mean bob?"),
        ({"agent": "rick smith"}, "There is no agent rick smith: did you mean rs (Rick Smith)?"),
        ({"agent": "xylophone"}, "There is no agent xylophone. There are: bob, rs (Rick Smith)."),
        ({"skill": "boking"}, "There is no skill boking: did you mean bookings?"),
    ],
)
async def test_a_target_that_there_is_not_is_refused_with_those_that_there_are(
    store: SqlStore, named: dict[str, str], words: str
) -> None:
    floor, one = await transferring(store)
    await store.write(lambda tx: tx.agents.save(agent(id="rs", name="Rick Smith")))
    await store.write(lambda tx: tx.agents.save(agent(id="gone", name="gone", is_disabled=True)))
    with pytest.raises(Refused) as no:
        await floor.ask(requests.Transfer(one.id, **named), "ann")
    assert no.value.words == words
