"""The board: what each agent and skill has to do, within what the asker may see."""

from __future__ import annotations

from typing import Any

from connector.domain.agent import Role
from connector.domain.skill_rules import RingMode, SkillRules
from connector.store.sql.store import SqlStore
from connector.wire import answers, requests
from connector.wire.board import AgentOnBoardView, GetBoard, SkillOnBoardView
from tests.kit.floor import Desks, desks
from tests.kit.use_cases import OTHER_LINE, consumer


async def board(floor: Desks, name: str = "lea") -> tuple[dict[str, AgentOnBoardView], dict[str, SkillOnBoardView]]:
    found: Any = await floor.office.question(GetBoard(), name=name, is_administrator=False)
    assert isinstance(found, answers.Board)
    return {one.agent: one for one in found.agents}, {one.skill: one for one in found.skills}


async def busy(store: SqlStore) -> Desks:
    """ann has two of orders, of which she answers one late; bob, who left, one of bookings; one more waits."""
    floor = desks(store, response_s=60, idle_after_s=600, idle_weight=0.25, gone_s=10**6, old_after_s=10**6)
    await floor.come("lea", role=Role.LEAD, capacity=0)
    await floor.come("ann", skills=("orders",))
    first = await floor.office.text(consumer=consumer(1))
    await floor.wait(100)
    place = await floor.come("bob", skills=("bookings",), capacity=1)
    await floor.office.text(consumer=consumer(2))
    await floor.office.text(consumer=consumer(3), line=OTHER_LINE)
    await floor.office.text(consumer=consumer(4), line=OTHER_LINE)
    await floor.office.reply(first)
    await floor.go(place)
    return floor


async def test_it_says_what_everybody_has(store: SqlStore) -> None:
    floor = await busy(store)
    begun = floor.now
    await floor.wait(300)
    agents, skills = await board(floor)
    ann, bob = agents["ann"], agents["bob"]
    assert (ann.places, ann.conversations, ann.waiting, ann.overdue, ann.answered) == (1.6, 2, 1, 1, 1)
    assert ann.waits_since is not None and begun - 5_000 < ann.waits_since <= begun
    assert (bob.places, bob.conversations, bob.waiting, bob.overdue, bob.answered) == (1, 1, 1, 1, 0)
    orders, bookings = skills["orders"], skills["bookings"]
    assert (orders.queued, orders.online, orders.free, orders.waits_since) == (0, 2, 2.4, None)
    assert (bookings.queued, bookings.online, bookings.free, bookings.overdue) == (1, 1, 0, 1)
    assert bookings.waits_since is not None and bookings.waits_since <= begun
    assert (orders.answered, orders.in_time, bookings.answered) == (1, 0, 0)
    assert skills["refunds"] == SkillOnBoardView("refunds", is_open=True, online=1, answered=0, in_time=0)


async def test_what_rings_takes_a_place_and_is_told_apart(store: SqlStore) -> None:
    floor = desks(store, skills={"orders": SkillRules(ring=RingMode.RING_ALL, ring_s=30)})
    await floor.come("lea", role=Role.LEAD, capacity=0)
    await floor.come("ann", capacity=3)
    await floor.office.text()
    agents, skills = await board(floor)
    assert (agents["ann"].places, agents["ann"].conversations, agents["ann"].ringing) == (1, 0, 1)
    assert (skills["orders"].ringing, skills["orders"].queued, skills["orders"].free) == (1, 0, 2)


async def test_a_colleague_sees_loads_and_not_how_much_others_have_answered(store: SqlStore) -> None:
    floor = await busy(store)
    agents, _ = await board(floor, "ann")
    assert (agents["ann"].answered, agents["bob"].answered, agents["lea"].answered) == (1, None, None)
    assert agents["bob"].places == 1
    assert agents["bob"].conversations == 0  # ann does not see bookings
    _, skills = await board(floor, "ann")
    assert [*skills] == ["orders"]
    assert skills["orders"].answered is None


async def test_who_has_no_account_in_common_is_not_on_it(store: SqlStore) -> None:
    floor = desks(store)
    await floor.come("ann", accounts=("main",))
    await floor.come("cid", accounts=("other",))
    agents, _ = await board(floor, "ann")
    assert [*agents] == ["ann"]


async def test_it_is_the_same_after_everything_was_answered_and_closed(store: SqlStore) -> None:
    floor = await busy(store)
    for one in await floor.office.store.read(lambda reading: reading.desk_pages.open_of_agent("ann")):
        await floor.ask(requests.Close(one.id), "ann")
    agents, _ = await board(floor)
    assert agents["ann"] == AgentOnBoardView("ann", 0, answered=1)
