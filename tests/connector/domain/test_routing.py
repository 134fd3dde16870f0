"""Routing's choice of an agent."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from connector.domain.agent import Agent, Presence
from connector.domain.conversation import Conversation
from connector.domain.load import current_capacity, has_room
from connector.domain.routing import Candidate, choose, effective_skill, verdicts
from connector.domain.skill_rules import Rules, SkillRules
from tests.kit.stores import conversation

NOW = 1_000_000
# orders → bookings → refunds → orders: a circle. returns has no fallback; alone falls back on itself.
CHAIN = Rules(
    SkillRules(),
    {
        "orders": SkillRules(fallback="bookings"),
        "bookings": SkillRules(fallback="refunds"),
        "refunds": SkillRules(fallback="orders"),
        "patient": SkillRules(fallback="refunds", away_is_absent=False),
        "slow": SkillRules(warm_up_s=60),
        "alone": SkillRules(fallback="alone"),
    },
    known=("returns",),
)


def agent(name: str, load: int = 0, *, presence: str = "online", connected: bool = True, **more: object) -> Candidate:
    """`load` in thousandths."""
    person = Agent(id=name, name=name, presence=Presence(presence), **more)  # type: ignore[arg-type]
    return Candidate(person, connected, load)


def waiting(skill: str = "orders", **more: object) -> Conversation:
    return conversation(skill=skill, queued_at=500, **more)


# Who is there, what waits, whom they know; whom it is offered to, the best first.
CASES: dict[str, tuple[list[Candidate], Conversation, str | None, tuple[str, ...]]] = {
    "the least utilised": ([agent("ann", 2000), agent("bob", 1000)], waiting(), None, ("bob", "ann")),
    "utilised means share of places": (
        [agent("ann", 3000, capacity=10), agent("bob", 1000, capacity=2)],
        waiting(),
        None,
        ("ann", "bob"),
    ),
    "weights count, not conversations": ([agent("ann", 900), agent("bob", 1000)], waiting(), None, ("ann", "bob")),
    "assigned to longest ago among equals": (
        [agent("ann", assigned_at=20), agent("bob", assigned_at=10)],
        waiting(),
        "ann",
        ("bob", "ann"),
    ),
    "the consumer's latest owner among equals": ([agent("ann"), agent("bob")], waiting(), "bob", ("bob", "ann")),
    "then by id": ([agent("bob"), agent("ann")], waiting(), None, ("ann", "bob")),
    "only with the skill": (
        [agent("ann", skills=("refunds",)), agent("bob", skills=("orders",))],
        waiting(),
        None,
        ("bob",),
    ),
    "no skills means every skill": ([agent("ann")], waiting("returns"), None, ("ann",)),
    "half a place over": ([agent("ann", 3500), agent("bob", 3501)], waiting(), None, ("ann",)),
    "all agents full": ([agent("ann", 1000, capacity=1)], waiting(), None, ()),
    "capacity 0 gets nothing": ([agent("ann", capacity=0)], waiting(), None, ()),
    "warming up": (
        [agent("ann", 1000, came_at=NOW - 59_999), agent("bob", 1000, came_at=NOW - 60_000)],
        waiting("slow"),
        None,
        ("bob",),
    ),
    "no agents": ([], waiting(), None, ()),
    "no agent connected": ([agent("ann", connected=False)], waiting(), None, ()),
    "away and back soon get nothing": (
        [agent("ann", presence="away"), agent("bob", presence="back_soon")],
        waiting(),
        None,
        (),
    ),
    "not the agent who gave it back": ([agent("ann"), agent("bob", 3000)], waiting(returned_by="ann"), "ann", ("bob",)),
    "not even when no other agent is online": ([agent("ann")], waiting(returned_by="ann"), None, ()),
    "until they have been away and are back": (
        [agent("ann", presence_at=501), agent("bob", 3000)],
        waiting(returned_by="ann"),
        None,
        ("ann", "bob"),
    ),
    "an agent who missed the ring after the others": (
        [agent("ann"), agent("bob", 3000)],
        waiting(tried=("ann",)),
        None,
        ("bob",),
    ),
    "and again when all have": (
        [agent("ann"), agent("bob", 1000)],
        waiting(tried=("bob", "ann")),
        None,
        ("ann", "bob"),
    ),
    "and again when the others are full": (
        [agent("ann"), agent("bob", 4000)],
        waiting(tried=("ann",)),
        None,
        ("ann",),
    ),
    "a fallback": ([agent("ann", skills=("bookings",))], waiting(), None, ("ann",)),
    "a fallback's fallback": ([agent("ann", skills=("refunds",))], waiting(), None, ("ann",)),
    "its own skill, although full, before a fallback": (
        [agent("ann", 4000, skills=("orders",)), agent("bob", skills=("bookings",))],
        waiting(),
        None,
        (),
    ),
    "the first fallback with an agent online": (
        [
            agent("ann", 4000, skills=("bookings",), presence="away"),
            agent("bob", 3000, skills=("refunds",)),
        ],
        waiting(),
        None,
        ("bob",),
    ),
    "round the circle and no further": ([agent("ann", skills=("returns",))], waiting("refunds"), None, ()),
    "its own fallback": ([agent("ann", skills=("orders",))], waiting("alone"), None, ()),
    "no fallback": ([agent("ann", skills=("orders",))], waiting("returns"), None, ()),
    "an unknown skill": ([agent("ann", skills=("orders",))], waiting("nonsense"), None, ()),
    "away is absent": (
        [agent("ann", skills=("orders",), presence="away"), agent("bob", skills=("bookings",))],
        waiting(),
        None,
        ("bob",),
    ),
    "away is present": (
        [agent("ann", skills=("patient",), presence="away"), agent("bob", skills=("refunds",))],
        waiting("patient"),
        None,
        (),
    ),
    "but absent without a desk": (
        [agent("ann", skills=("patient",), connected=False), agent("bob", skills=("refunds",))],
        waiting("patient"),
        None,
        ("bob",),
    ),
}


@pytest.mark.parametrize("case", CASES.values(), ids=CASES.keys())
def test_choice(case: tuple[list[Candidate], Conversation, str | None, tuple[str, ...]]) -> None:
    candidates, one, latest_owner, expected = case
    choice = choose(one, candidates, CHAIN, latest_owner, NOW)
    assert choice.agents == expected
    assert choice.reason


@pytest.mark.parametrize(
    ("candidates", "one", "reason"),
    [
        ([agent("ann", 1550), agent("bob", 3000)], waiting(), "least busy of 2 with room: 1.6 of 4 places taken"),
        ([agent("ann")], waiting(), "the only agent with room: 0 of 4 places taken"),
        (
            [agent("ann", skills=("refunds",))],
            waiting(),
            "the only agent with room: 0 of 4 places taken (of refunds: nobody of orders is there)",
        ),
        ([agent("ann", 4000)], waiting(), "every agent online is full"),
        ([], waiting(), "nobody with the skill orders is online"),
        (
            [agent("ann", presence="away", skills=("patient",))],
            waiting("patient"),
            "everybody with the skill patient is away",
        ),
        ([agent("ann")], waiting(returned_by="ann"), "ann passed it on, and no other agent of orders is online"),
    ],
)
def test_reasons(candidates: list[Candidate], one: Conversation, reason: str) -> None:
    assert choose(one, candidates, CHAIN, None, NOW).reason == reason


def test_every_verdict_has_its_words() -> None:
    agents = [
        agent("ann", 1000),
        agent("bob", 3600),
        agent("cid", presence="back_soon"),
        agent("dan", connected=False),
        agent("eve", skills=("refunds",)),
        agent("fay"),
        agent("gil"),
        agent("hal", 1000, came_at=NOW),
    ]
    rules = Rules(SkillRules(warm_up_s=1))
    found = verdicts(waiting(returned_by="fay", tried=("gil",)), agents, rules, "ann", NOW)
    assert {one.agent: (one.fits, one.words) for one in found} == {
        "ann": (True, "1 of 4 places taken, knows this consumer"),
        "bob": (False, "is full: 3.6 of 4 places taken"),
        "cid": (False, "is back soon"),
        "dan": (False, "has no desk open"),
        "eve": (False, "does not have the skill orders"),
        "fay": (False, "gave it back"),
        "gil": (False, "declined it or let it ring; asked again after the others, and not at once"),
        "hal": (False, "is full: 1 of 1 places taken, still warming up"),
    }
    assert found[0].agent == "ann"


SKILLS = ["orders", "bookings", "refunds", "patient", "slow", "returns", "alone", "nonsense"]
NAMES = "abcdef"
candidates = st.lists(
    st.builds(
        agent,
        st.sampled_from(NAMES),
        st.one_of(st.integers(0, 5).map(lambda one: one * 1000), st.integers(0, 5000)),
        presence=st.sampled_from(["online", "online", "online", "away", "back_soon"]),
        connected=st.sampled_from([True, True, False]),
        capacity=st.integers(0, 4),
        skills=st.sampled_from([(), *((one,) for one in SKILLS)]),
        assigned_at=st.integers(0, 3),
        came_at=st.integers(NOW - 200_000, NOW),
        presence_at=st.sampled_from([0, 501]),
    ),
    unique_by=lambda one: one.agent.id,
)
some_agent = st.sampled_from([None, *NAMES])
waiters = st.builds(
    waiting,
    st.sampled_from(SKILLS),
    returned_by=some_agent,
    tried=st.lists(st.sampled_from(NAMES), unique=True).map(tuple),
)


@given(candidates, waiters, some_agent, st.integers())
def test_the_same_input_gives_the_same_choice(
    agents: list[Candidate], one: Conversation, latest_owner: str | None, seed: int
) -> None:
    shuffled = list(agents)
    random.Random(seed).shuffle(shuffled)
    assert choose(one, agents, CHAIN, latest_owner, NOW) == choose(one, shuffled, CHAIN, latest_owner, NOW)
    assert verdicts(one, agents, CHAIN, latest_owner, NOW) == verdicts(one, shuffled, CHAIN, latest_owner, NOW)


@given(candidates, waiters, some_agent)
def test_only_online_agents_with_the_skill_and_room_are_chosen(
    agents: list[Candidate], one: Conversation, latest_owner: str | None
) -> None:
    choice = choose(one, agents, CHAIN, latest_owner, NOW)
    by_id = {one.agent.id: one for one in agents}
    assert choice.skill in CHAIN.chain(one.skill)
    for name in choice.agents:
        chosen = by_id[name]
        assert chosen.is_online and chosen.agent.has(choice.skill)
        assert has_room(chosen.load, current_capacity(chosen.agent, CHAIN.of(choice.skill), NOW))
        assert chosen.load + 1000 <= chosen.agent.capacity * 1000 + 500


@given(candidates, waiters, some_agent)
def test_verdicts_agree_with_the_choice(agents: list[Candidate], one: Conversation, latest_owner: str | None) -> None:
    found = verdicts(one, agents, CHAIN, latest_owner, NOW)
    assert tuple(each.agent for each in found if each.fits) == choose(one, agents, CHAIN, latest_owner, NOW).agents
    assert sorted(each.agent for each in found) == sorted(each.agent.id for each in agents)
    assert all(each.words for each in found)
    fits = [each.fits for each in found]
    assert fits == sorted(fits, reverse=True)


@given(candidates, st.sampled_from(SKILLS))
def test_a_fallback_is_used_only_while_no_agent_of_the_skill_is_present(agents: list[Candidate], skill: str) -> None:
    effective, words = effective_skill(skill, agents, CHAIN)
    is_present = any(one.is_online and one.agent.has(skill) for one in agents)
    assert not is_present or (effective, words) == (skill, "")
    assert (effective in (None, skill)) == (words == "")


@pytest.mark.parametrize(
    ("skill", "chain"),
    [
        ("orders", ("orders", "bookings", "refunds")),
        ("refunds", ("refunds", "orders", "bookings")),
        ("patient", ("patient", "refunds", "orders", "bookings")),
        ("returns", ("returns",)),
        ("alone", ("alone",)),
        ("nonsense", ("nonsense",)),
    ],
)
def test_chains_end(skill: str, chain: tuple[str, ...]) -> None:
    assert CHAIN.chain(skill) == chain


def test_a_skill_without_rules_has_the_default_ones() -> None:
    rules = Rules(SkillRules(response_s=7, fallback="bookings"), known=("bookings",))
    assert rules.of("nonsense") == replace(rules.of("bookings"), name="nonsense")
    assert (rules.knows("nonsense"), rules.names) == (False, ("bookings",))
    assert rules.chain("bookings") == ("bookings",)
