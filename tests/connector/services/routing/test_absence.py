"""Owners who are silent, away, gone or sign off; and unusual staffing."""

from __future__ import annotations

import pytest

from connector.domain.conversation import ConversationState
from connector.domain.refusals import Refused
from connector.services.routing import presence
from connector.store.sql.store import SqlStore
from connector.wire import limits, requests
from connector.wire.refusals import RefusalCode
from tests.kit.floor import desks
from tests.kit.stores import LINE
from tests.kit.use_cases import OTHER_LINE, consumer

S = ConversationState


async def test_a_silent_owner_loses_the_conversation(store: SqlStore) -> None:
    floor = desks(store, silent_s=60)
    await floor.come("ann")
    one = await floor.office.text()
    await floor.come("bob")
    await floor.wait(59)
    assert await floor.at(one) == (S.ASSIGNED, "ann")
    await floor.wait(1)
    assert await floor.at(one) == (S.ASSIGNED, "bob")


@pytest.mark.parametrize(("away_s", "after"), [(100, "bob"), (0, "ann")])
async def test_an_owner_who_is_away_loses_the_conversation_later(store: SqlStore, away_s: int, after: str) -> None:
    floor = desks(store, away_s=away_s)
    await floor.come("ann")
    one = await floor.office.text()
    await floor.come("bob")
    await floor.ask(requests.SetPresence("away", "lunch"), "ann")
    await floor.wait(99)
    assert await floor.at(one) == (S.ASSIGNED, "ann")
    await floor.wait(1)
    assert await floor.at(one) == (S.ASSIGNED, after)


async def test_signing_off_leaves_no_conversation_behind(store: SqlStore) -> None:
    floor = desks(store, silent_s=60, away_s=100, gone_s=50)
    place = await floor.come("ann")
    closed, returned, put_off = [await floor.office.text(consumer=consumer(number)) for number in (1, 2, 3)]
    assert await floor.refused(requests.SignOff(), "ann") == RefusalCode.LEFT_BEHIND
    half = [requests.SignOffChoice(closed.id, "close"), requests.SignOffChoice(returned.id, "return")]
    assert await floor.refused(requests.SignOff(half), "ann") == RefusalCode.LEFT_BEHIND
    for wrong in (requests.SignOffChoice(put_off.id, "due"), requests.SignOffChoice(put_off.id, "nonsense", 1)):
        assert await floor.refused(requests.SignOff([*half, wrong]), "ann") == RefusalCode.BAD_REQUEST
        assert await floor.at(closed) == (S.ASSIGNED, "ann")  # nothing was half done
    morning = floor.now + 3_600_000
    await floor.ask(requests.SignOff([*half, requests.SignOffChoice(put_off.id, "due", morning)]), "ann")
    assert [(await floor.at(one))[0] for one in (closed, returned, put_off)] == [S.CLOSED, S.QUEUED, S.ASSIGNED]
    await floor.go(place)
    await floor.come("bob")
    await floor.wait(3599)
    assert await floor.at(put_off) == (S.ASSIGNED, "ann")  # as the agent chose
    await floor.wait(1)
    assert await floor.at(put_off) == (S.ASSIGNED, "bob")  # but she is not there
    await floor.demand_events_equal_snapshot()


async def test_presence_spans_beyond_the_limit_of_an_answer_are_refused(
    store: SqlStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A part of them would make a wrong sum of an agent's hours."""
    monkeypatch.setattr(limits, "PRESENCE_SPANS", 2)
    floor = desks(store)
    for agent in ("ann", "bob", "cyd"):
        await floor.come(agent)
    with pytest.raises(Refused, match="more than 2 spans"):
        await floor.office.look(presence.spans, requests.GetPresence(0))
    found = await floor.office.look(presence.spans, requests.GetPresence(0, "bob"))
    assert [span.agent for span in found.spans] == ["bob"]


async def test_presence_spans_have_their_reason(store: SqlStore) -> None:
    floor = desks(store)
    began = floor.now
    place = await floor.come("ann")
    await floor.wait(10)
    await floor.ask(requests.SetPresence("away", "lunch"), "ann")
    await floor.wait(20)
    await floor.ask(requests.SetPresence("online"), "ann")
    floor.office.clock.advance(-5)
    await floor.ask(requests.SetPresence("back_soon"), "ann")
    await floor.wait(30)
    await floor.go(place)
    spans = await store.read(lambda reading: reading.presence_spans(0, "ann", 9))
    assert [(each.state, each.reason, (each.from_at - began) // 1000) for each in spans] == [
        ("online", "", 0),
        ("away", "lunch", 10),
        ("online", "", 30),
        ("back_soon", "", 30),  # no span ends before it began
        ("offline", "", 55),
    ]
    assert [each.until_at for each in spans] == [*(each.from_at for each in spans[1:]), None]
    for presence_, reason in [("asleep", ""), ("away", "hunger"), ("online", "lunch")]:
        assert await floor.refused(requests.SetPresence(presence_, reason), "ann") == RefusalCode.BAD_REQUEST


async def test_one_consumer_on_two_lines_is_two_conversations_and_one_history(store: SqlStore) -> None:
    floor = desks(store)
    await floor.come("ann")
    first, second = await floor.office.text("To orders"), await floor.office.text("To bookings", line=OTHER_LINE)
    assert (first.id != second.id, first.skill, second.skill) == (True, "orders", "bookings")
    for one in (first, second):
        sent = await floor.office.message(await floor.office.reply(one))
        assert sent.line == one.line
    history = await store.read(lambda reading: reading.history(first.consumer, None, 9))
    assert [each.line for each in history] == [LINE, OTHER_LINE, LINE, OTHER_LINE]


async def test_an_agent_removed_from_the_configuration_leaves_no_orphan(store: SqlStore) -> None:
    floor = desks(store, gone_s=50, auto_close_s=10_000)
    place = await floor.come("ann", capacity=40)
    owned = [await floor.office.text(consumer=consumer(number)) for number in range(40)]
    for one in owned[:20]:
        await floor.office.reply(one)
    await floor.go(place)  # for good
    await floor.wait(50)
    states = [(await floor.at(one))[0] for one in owned]
    assert states == [S.ASSIGNED] * 20 + [S.QUEUED] * 20
    await floor.come("bob", capacity=100)
    assert {(await floor.at(one)) for one in owned[20:]} == {(S.ASSIGNED, "bob")}
    await floor.office.text(consumer=consumer(0))  # a consumer who writes again is assigned
    await floor.keep()
    assert await floor.at(owned[0]) == (S.ASSIGNED, "bob")
    await floor.wait(10_000)
    assert {(await floor.at(one))[0] for one in owned[1:20]} == {S.CLOSED}


async def test_a_second_desk_with_another_capacity_changes_the_agent(store: SqlStore) -> None:
    floor = desks(store)
    await floor.come("ann", capacity=2)
    await floor.come("ann", capacity=5)
    assert [each["agent"]["capacity"] for each in await floor.office.events("agent_changed")] == [2, 5]
    await floor.demand_events_equal_snapshot()


async def test_capacity_0_strands_no_consumer(store: SqlStore) -> None:
    floor = desks(store)
    await floor.come("ann", capacity=0)
    one = await floor.office.text()
    assert await floor.at(one) == (S.QUEUED, None)
    await floor.ask(requests.Accept(one.id), "ann")  # by hand
    assert await floor.at(one) == (S.ASSIGNED, "ann")
