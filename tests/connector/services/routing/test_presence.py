"""Presence over kills, lost connections and leases: conversations stay with their owners for a while."""

from __future__ import annotations

import tempfile
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from connector.domain.conversation import Conversation, ConversationState
from connector.domain.refusals import Refused
from connector.domain.skill_rules import SkillRules
from connector.providers.values import InboundText
from connector.services.routing import absence
from connector.services.routing.desks import LEASE_S
from connector.store.sql.store import SqlStore, open_store
from connector.wire import requests
from connector.wire.refusals import RefusalCode
from tests.kit.floor import Floor
from tests.kit.folding import folded, stored
from tests.kit.rounds import rounds
from tests.kit.stores import LINE
from tests.kit.templates import copied
from tests.kit.use_cases import OTHER_LINE, Office, consumer, rules

GONE_AFTER_S = SkillRules().gone_s


async def test_after_a_kill_conversations_stay_with_their_owners_for_a_while(store: SqlStore) -> None:
    floor = Floor(Office(store))
    await floor.come("ann")
    waiting = await floor.office.text(consumer=consumer(1))
    answered = await floor.office.text(consumer=consumer(2))
    await floor.office.reply(answered)
    await floor.kill()
    assert await floor.presences() == [("ann", "online"), ("ann", "offline")]
    await floor.wait(GONE_AFTER_S - 1)
    for kept in (waiting, answered):
        assert (await floor.conversation(kept.id)).agent == "ann"

    await floor.wait(2)
    gone = await floor.conversation(waiting.id)
    assert (gone.state, gone.agent, gone.returned_by) == (ConversationState.QUEUED, None, None)
    assert (await floor.conversation(answered.id)).agent == "ann"  # its consumer waits for no answer

    await floor.come("ann")  # who may be given it again
    assert (await floor.conversation(waiting.id)).agent == "ann"
    assert await folded(store) == await stored(store, floor.office.now)


async def test_an_owner_who_reconnects_in_time_goes_on(store: SqlStore) -> None:
    floor = Floor(Office(store))
    await floor.come("ann")
    conversation = await floor.office.text()
    await floor.kill()
    await floor.wait(GONE_AFTER_S - 1)
    await floor.come("ann")
    await floor.wait(LEASE_S - 1)
    await floor.wait(GONE_AFTER_S)
    assert (await floor.conversation(conversation.id)).agent == "ann"
    assert await floor.office.events("conversation_queued") == []


async def test_after_a_kill_waiting_consumers_go_to_another_agent(store: SqlStore) -> None:
    floor = Floor(Office(store))
    await floor.come("ann")
    conversation = await floor.office.text()
    await floor.kill()
    await floor.come("bob")
    await floor.wait(GONE_AFTER_S - 1)
    assert (await floor.conversation(conversation.id)).agent == "ann"
    await floor.wait(2)
    assert (await floor.conversation(conversation.id)).agent == "bob"


async def test_an_agent_wrongly_shown_as_gone_is_shown_as_back(store: SqlStore) -> None:
    """The database was away for longer than a lease, and another core swept."""
    office = Office(store)
    floor = Floor(office)
    await floor.come("ann")
    office.clock.advance(LEASE_S + 1)
    await office.do(absence.sweep)
    queued = await office.text()
    assert queued.agent is None
    await floor.keep()
    assert await floor.presences() == [("ann", "online"), ("ann", "offline"), ("ann", "online")]
    assert (await floor.conversation(queued.id)).agent == "ann"


async def test_an_agent_whose_line_is_silent_is_given_nothing_and_loses_what_waits(store: SqlStore) -> None:
    floor = Floor(Office(store))
    place = await floor.come("ann")
    waiting = await floor.office.text(consumer=consumer(1))
    await floor.line(place, is_silent=True)
    (*_, last) = await floor.office.events("agent_changed")
    assert (last["agent"]["presence"], last["agent"]["reason"]) == ("offline", "line silent")
    assert (await floor.office.text(consumer=consumer(2))).agent is None
    await floor.wait(GONE_AFTER_S - 1)  # with leases that are renewed all the while
    assert (await floor.conversation(waiting.id)).agent == "ann"
    await floor.wait(2)
    gone = await floor.conversation(waiting.id)
    assert (gone.state, gone.agent) == (ConversationState.QUEUED, None)

    await floor.line(place, is_silent=False)
    assert (await floor.conversation(waiting.id)).agent == "ann"
    (*_, last) = await floor.office.events("agent_changed")
    assert (last["agent"]["presence"], last["agent"]["reason"]) == ("online", "")
    spans = await store.read(lambda reading: reading.presence_spans(0, "ann", 9))
    assert [(one.state, one.reason) for one in spans] == [
        ("online", ""),
        ("offline", "line silent"),
        ("online", ""),
    ]


async def test_a_second_desk_keeps_an_agent_whose_line_is_silent_online(store: SqlStore) -> None:
    floor = Floor(Office(store))
    place, other = await floor.come("ann"), await floor.come("ann")
    await floor.line(place, is_silent=True)
    assert (await floor.office.text(consumer=consumer(1))).agent == "ann"
    await floor.go(other)
    assert (await floor.office.text(consumer=consumer(2))).agent is None
    gone_at = floor.office.now
    await floor.wait(GONE_AFTER_S - 1)
    await floor.go(place)  # at last, which gives her no more time
    ann = await store.read(lambda reading: reading.agent("ann"))
    assert ann is not None and ann.presence_at == gone_at
    assert await floor.presences() == [("ann", "online"), ("ann", "offline"), ("ann", "offline")]


NAMES = st.sampled_from(["ann", "bob", "cid"])
STEPS = st.one_of(
    st.tuples(st.just("come"), NAMES),
    st.tuples(st.just("go"), st.integers(0, 5)),
    st.tuples(st.just("line"), st.integers(0, 5)),
    st.tuples(st.just("kill")),
    st.tuples(st.just("wait"), st.sampled_from([1, LEASE_S - 1, LEASE_S + 1, GONE_AFTER_S + 1])),
    st.tuples(
        st.just("text"),
        st.integers(1, 4),
        st.sampled_from([LINE, OTHER_LINE]),
        st.sampled_from(["Hello", "Hello", "STOP", "START"]),
    ),
    st.tuples(
        st.just("find"),
        st.integers(1, 4),
        st.sampled_from([LINE, OTHER_LINE]),
        st.sampled_from(["Hello", "STOP", "START"]),
        st.sampled_from([0, 1, 60, 600]),
    ),
    st.tuples(st.just("away"), NAMES),
    st.tuples(st.just("online"), NAMES),
    st.tuples(st.sampled_from(["reply", "close", "return", "read"]), st.integers(0, 7)),
)


async def take_step(floor: Floor, step: tuple[str | int, ...]) -> None:
    office = floor.office
    match step:
        case ("come", str(name)):
            await floor.come(name, capacity=2)
        case ("go", int(number)):
            if floor.desks:
                await floor.go(list(floor.desks.values())[number % len(floor.desks)])
        case ("line", int(number)):
            if floor.desks:
                place = list(floor.desks.values())[number % len(floor.desks)]
                await floor.line(place, is_silent=not place.is_silent)
        case ("kill",):
            await floor.kill()
        case ("wait", int(seconds)):
            await floor.wait(seconds)
        case ("text", int(number), str(line), str(text)):
            await office.take(InboundText(office.ids.new(), line, consumer(number), text))
        case ("find", int(number), str(line), str(text), int(ago_s)):
            found = InboundText(office.ids.new(), line, consumer(number), text, at=office.now - ago_s * 1000)
            await office.take(found, is_recovered=True)
        case (("away" | "online") as wish, str(name)):
            with suppress(Refused):  # of an agent who has never connected a desk
                await office.ask(requests.SetPresence(wish), name=name)
        case (str(wish), int(number)):
            snapshot = await office.store.read(lambda reading: reading.snapshot(office.now, 0))
            mine = [one for one in snapshot.conversations if one.state is ConversationState.ASSIGNED and one.agent]
            if mine:
                await act(office, mine[number % len(mine)], wish)


async def act(office: Office, conversation: Conversation, wish: str) -> None:
    commands: dict[str, requests.Request] = {
        "reply": requests.Reply(conversation.id, "Hello to you"),
        "close": requests.Close(conversation.id),
        "return": requests.GiveBack(conversation.id),
        "read": requests.MarkRead(conversation.id),
    }
    try:
        await office.ask(commands[wish], name=conversation.agent or "")
    except Refused as no:
        assert no.code == RefusalCode.OPTED_OUT


@pytest.mark.slow
@settings(max_examples=rounds(40), deadline=None)
@given(st.lists(STEPS, min_size=5, max_size=40))
async def test_folding_every_event_equals_the_snapshot(steps: list[tuple[str | int, ...]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        store = await open_store(copied(Path(folder) / "textdesk.db"))
        floor = Floor(Office(store, rules(), rules(address=OTHER_LINE)))
        for step in steps:
            await take_step(floor, step)
        await floor.keep()
        assert await folded(store) == await stored(store, floor.office.now)
        await store.close()
