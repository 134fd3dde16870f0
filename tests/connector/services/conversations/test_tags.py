"""Tags of conversations, set at any time by whoever sees them."""

from __future__ import annotations

from connector.domain.agent import Sees
from connector.domain.conversation import ConversationState as S
from connector.store.sql.store import SqlStore
from connector.wire import answers, requests
from tests.kit.floor import Desks, desks
from tests.kit.use_cases import consumer


async def tags(floor: Desks, conversation_id: str) -> tuple[str, ...]:
    return (await floor.conversation(conversation_id)).tags


async def used(floor: Desks, name: str) -> list[str]:
    answer = await floor.office.question(requests.GetTags(), name=name, is_administrator=False)
    assert isinstance(answer, answers.Tags)
    return answer.tags


async def test_tags_are_set_in_every_state_and_stay(store: SqlStore) -> None:
    floor = desks(store, reopen_s=600, wrap_up_s=30)
    one = await floor.office.text()
    await floor.ask(requests.SetTags(one.id, ["#refund", " late "]), "bob")  # who does not own it
    assert await tags(floor, one.id) == ("refund", "late")
    await floor.come("ann")
    assert await floor.at(one) == (S.ASSIGNED, "ann")
    await floor.ask(requests.SetTags(one.id, ["VIP", "Refund"], ["late"]), "ann")
    assert await tags(floor, one.id) == ("refund", "VIP")
    await floor.ask(requests.Close(one.id), "ann")
    await floor.ask(requests.SetTags(one.id, ["in wrap-up"]), "ann")
    await floor.ask(requests.WrapUp(one.id, tags=["paid", "vip"]), "ann")
    assert await tags(floor, one.id) == ("refund", "VIP", "in wrap-up", "paid")
    await floor.ask(requests.SetTags(one.id, remove=["IN WRAP-UP", "never there"]), "bob")
    await floor.ask(requests.Reopen(one.id), "ann")
    assert await tags(floor, one.id) == ("refund", "VIP", "paid")
    await floor.demand_events_equal_snapshot()


async def test_all_desks_are_told_once_and_nothing_else_changes(store: SqlStore) -> None:
    floor = desks(store)
    await floor.come("ann")
    one = await floor.office.text()
    await floor.ask(requests.SetTags(one.id, ["late"]), "bob")
    await floor.ask(requests.SetTags(one.id, ["LATE"], ["other"]), "bob")
    [told] = await floor.office.events("tags_set")
    assert (told["by"], told["conversation"]["tags"]) == ("bob", ["late"])
    now = await floor.conversation(one.id)
    assert (now.due_at, now.unread, now.rank, now.timer_at) == (one.due_at, one.unread, one.rank, one.timer_at)


async def test_removed_goes_before_added_so_that_a_full_list_can_change(store: SqlStore) -> None:
    floor = desks(store)
    one = await floor.office.text()
    await floor.ask(requests.SetTags(one.id, [f"t{number}" for number in range(10)]), "ann")
    await floor.ask(requests.SetTags(one.id, ["other"], ["t0"]), "ann")
    assert len(await tags(floor, one.id)) == 10


async def test_a_masked_tag_is_removed_by_what_agents_read(store: SqlStore) -> None:
    floor = desks(store)
    one = await floor.office.text()
    await floor.ask(requests.SetTags(one.id, ["4111111111111111"]), "ann")
    [told] = await floor.office.events("tags_set")
    [shown] = told["conversation"]["tags"]
    assert "4111111111111111" not in shown
    assert await used(floor, "ann") == [shown]
    await floor.ask(requests.SetTags(one.id, remove=[shown]), "ann")
    assert await tags(floor, one.id) == ()


async def test_tags_of_late_are_those_of_conversations_one_sees(store: SqlStore) -> None:
    floor = desks(store)
    await floor.come("ann", skills=("orders",), accounts=("main",), sees=Sees.SKILLS)
    await floor.come("bob", skills=("bookings",), accounts=("main",), sees=Sees.SKILLS)
    for number, names in enumerate((["late", "vip"], ["Late"], ["refund"], ["late", "vip"])):
        one = await floor.office.text(consumer=consumer(number))
        await floor.ask(requests.SetTags(one.id, names), "ann")
        if number % 2:
            await floor.ask(requests.Close(one.id), "ann")
    assert await used(floor, "ann") == ["late", "vip", "refund"]
    assert await used(floor, "bob") == []
