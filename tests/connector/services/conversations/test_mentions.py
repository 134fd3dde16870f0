"""Mentions: agents who are named in a note find it, where they may see the conversation, until they go there."""

from __future__ import annotations

import pytest

from connector.domain import fact_visibility
from connector.domain.refusals import Refused
from connector.store.sql.store import SqlStore
from connector.wire import answers, requests
from connector.wire.answers import Answer
from connector.wire.board import HandOn
from tests.kit.floor import Desks, desks
from tests.kit.use_cases import consumer


async def own(floor: Desks, name: str) -> list[tuple[str, str]]:
    found = await floor.office.question(requests.GetMentions(), name=name, is_administrator=False)
    assert {one.conversation_id for one in found.mentions} == {view.id for view in found.conversations}
    return [(one.conversation_id, one.by) for one in found.mentions]


async def told(floor: Desks) -> list[tuple[str, str | None]]:
    """Events about mentions, and the agent whose desks alone are sent each."""
    rows = await floor.office.store.read(lambda reading: reading.facts_after(0, 1000))
    facts = [row.fact for row in rows if row.fact.kind in ("mentioned", "mentions_seen")]
    seen = [fact_visibility.decode(fact.visibility or "") for fact in facts]
    assert all(isinstance(one, fact_visibility.AgentVisibility) and one.is_private for one in seen)
    return [(fact.kind, getattr(one, "agent", None)) for fact, one in zip(facts, seen, strict=True)]


def not_told(answer: Answer) -> list[str]:
    assert isinstance(answer, answers.Done | answers.Written | answers.Transferred | answers.HandedOn)
    return answer.not_told


@pytest.fixture
async def floor(store: SqlStore) -> Desks:
    made = desks(store)
    await made.come("ann")
    await made.come("bob")
    return made


async def test_a_mention_is_found_until_its_agent_goes_there(floor: Desks) -> None:
    one = await floor.office.text()
    await floor.come("away", skills=("orders",))
    answer = await floor.ask(requests.WriteNote(one.id, "@Bob, @bob and @away: ask @ann, @nobody"), "ann")
    assert not_told(answer) == []
    assert await own(floor, "bob") == await own(floor, "away") == [(one.id, "ann")]
    assert await own(floor, "ann") == []
    await floor.ask(requests.WriteNote(one.id, "@bob again"), "ann")
    assert await own(floor, "bob") == [(one.id, "ann")] * 2
    for _ in range(2):
        await floor.ask(requests.SeeMentions(one.id), "bob")
    assert await own(floor, "bob") == [] != await own(floor, "away")
    assert await told(floor) == [
        ("mentioned", "bob"),
        ("mentioned", "away"),
        ("mentioned", "bob"),
        ("mentions_seen", "bob"),
    ]


async def test_who_does_not_see_it_is_not_told_and_the_author_is(floor: Desks) -> None:
    one = await floor.office.text()
    await floor.come("cat", skills=("refunds",))
    assert not_told(await floor.ask(requests.WriteNote(one.id, "@cat, @bob"), "ann")) == ["cat"]
    assert await own(floor, "cat") == []
    assert await told(floor) == [("mentioned", "bob")]


async def test_a_note_with_a_transfer_is_for_who_sees_it_then(floor: Desks) -> None:
    one = await floor.office.text()
    await floor.come("cat", skills=("orders",))
    await floor.come("dee", skills=("bookings",))
    answer = await floor.ask(requests.Transfer(one.id, agent="dee", skill="bookings", note="@dee, @cat: go on"), "ann")
    assert not_told(answer) == ["cat"]
    assert await own(floor, "dee") == [(one.id, "ann")]


async def test_a_note_at_the_end_of_a_shift_says_once_who_does_not_see_all_of_it(floor: Desks) -> None:
    both = [await floor.office.text(consumer=consumer(number)) for number in range(2)]
    for one in both:
        if await floor.at(one) != ("assigned", "ann"):
            await floor.ask(requests.TakeOver(one.id), "ann")
    await floor.come("cat", skills=("refunds",))
    assert not_told(await floor.ask(HandOn("ann", note="@cat, @bob"), "ann")) == ["cat"]
    assert sorted(await own(floor, "bob")) == sorted((one.id, "ann") for one in both)


async def test_agents_who_are_disabled_are_words_like_others(floor: Desks) -> None:
    one = await floor.office.text()
    await floor.come("gone", is_disabled=True)
    assert not_told(await floor.ask(requests.WriteNote(one.id, "@gone"), "ann")) == []
    assert await told(floor) == []


async def test_what_an_agent_sees_no_more_is_no_mention(floor: Desks) -> None:
    one = await floor.office.text()
    await floor.come("cat", skills=("orders",))
    await floor.ask(requests.WriteNote(one.id, "@cat"), "ann")
    assert await own(floor, "cat") == [(one.id, "ann")]
    await floor.come("cat", skills=("refunds",))
    assert await own(floor, "cat") == []
    with pytest.raises(Refused):
        await floor.office.ask(requests.SeeMentions(one.id), name="cat", is_administrator=False)
