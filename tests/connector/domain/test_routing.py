"""The best agent available, as a table."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connector.domain.routing import Candidate, Choice, choose
from connector.domain.skills import Rules
from connector.domain.values import Agent, Conversation, ConversationState


def waiting(skill: str = "orders", returned_by: str | None = None) -> Conversation:
    return Conversation(
        id="c",
        account="main",
        line="+15550100",
        consumer="+15550199",
        skill=skill,
        state=ConversationState.QUEUED,
        opened_at=0,
        last_at=0,
        returned_by=returned_by,
    )


def agent(name: str, *, capacity: int = 4, skills: tuple[str, ...] = (), assigned_at: int = 0) -> Agent:
    return Agent(id=name, name=name, capacity=capacity, skills=skills, assigned_at=assigned_at)


def chosen(conversation: Conversation, online: list[Agent], loads: dict[str, int], latest_owner: str | None) -> Choice:
    """By the usual rules, everybody connected, loads in whole conversations."""
    candidates = [Candidate(one, True, 1000 * loads.get(one.id, 0)) for one in online]
    return choose(conversation, candidates, Rules(), latest_owner, now=0)


CASES = {
    "the least utilised": ([agent("ann"), agent("bob")], {"ann": 2, "bob": 1}, None, None, "bob"),
    "utilised means share of capacity": (
        [agent("ann", capacity=10), agent("bob", capacity=2)],
        {"ann": 3, "bob": 1},
        None,
        None,
        "ann",
    ),
    "left alone the longest among equals": (
        [agent("ann", assigned_at=20), agent("bob", assigned_at=10)],
        {},
        None,
        None,
        "bob",
    ),
    "who knows the consumer among equals": ([agent("ann"), agent("bob")], {}, None, "bob", "bob"),
    "then by id": ([agent("bob"), agent("ann")], {}, None, None, "ann"),
    "only with the skill": (
        [agent("ann", skills=("refunds",)), agent("bob", skills=("orders",))],
        {},
        None,
        None,
        "bob",
    ),
    "no skills means every skill": ([agent("ann")], {}, None, None, "ann"),
    "not who gave it back": ([agent("ann"), agent("bob")], {"bob": 3}, "ann", "ann", "bob"),
    "nobody with the skill": ([agent("ann", skills=("refunds",))], {}, None, None, None),
    "nobody at all": ([], {}, None, None, None),
    "everybody full": ([agent("ann", capacity=1)], {"ann": 1}, None, None, None),
    "capacity 0 is given nothing": ([agent("ann", capacity=0)], {}, None, None, None),
    "only who gave it back": ([agent("ann")], {}, "ann", None, None),
}


@pytest.mark.parametrize("case", CASES.values(), ids=CASES.keys())
def test_choice(case: tuple[list[Agent], dict[str, int], str | None, str | None, str | None]) -> None:
    agents, loads, returned_by, latest_owner, expected = case
    choice = chosen(waiting(returned_by=returned_by), agents, loads, latest_owner)
    assert (choice.agents or (None,))[0] == expected
    assert choice.reason


agents = st.lists(
    st.builds(
        agent,
        st.sampled_from("abcdef"),
        capacity=st.integers(0, 4),
        skills=st.sampled_from([(), ("orders",), ("refunds",)]),
        assigned_at=st.integers(0, 3),
    ),
    unique_by=lambda one: one.id,
)


@given(agents, st.dictionaries(st.sampled_from("abcdef"), st.integers(0, 5)), st.randoms())
def test_the_same_input_gives_the_same_choice_and_never_beyond_capacity(
    online: list[Agent], loads: dict[str, int], chance: object
) -> None:
    shuffled = list(online)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    choice = chosen(waiting(), online, loads, None)
    assert choice == chosen(waiting(), shuffled, loads, None)
    for one in online:
        if one.id in choice.agents:
            assert loads.get(one.id, 0) < one.capacity
