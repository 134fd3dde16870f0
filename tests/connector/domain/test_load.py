"""Weights of conversations, and capacity of agents."""

from __future__ import annotations

import pytest

from connector.domain import load
from connector.domain.agent import Agent
from connector.domain.conversation import Conversation
from connector.domain.skill_rules import SkillRules
from tests.kit.stores import conversation

RULES = SkillRules(idle_weight=0.1, idle_after_s=240)
ANSWERED = load.waiting_for_consumer(conversation(), RULES, 1_000_000, at_once=False)
OLD = load.waiting_for_consumer(conversation(), RULES, 1_000_000, at_once=True)


@pytest.mark.parametrize(
    ("one", "after_s", "weight"),
    [
        (conversation(), 0, 1000),
        (conversation(), 10**6, 1000),
        (ANSWERED, -5, 1000),  # a clock has gone back
        (ANSWERED, 0, 1000),
        (ANSWERED, 60, 775),
        (ANSWERED, 120, 550),
        (ANSWERED, 239.999, 101),
        (ANSWERED, 240, 100),
        (ANSWERED, 10**6, 100),
        (OLD, 0, 100),
        (OLD, -5, 1000),
        (load.waiting_for_agent(OLD), 0, 1000),
        (load.waiting_for_consumer(conversation(), SkillRules(idle_after_s=0), 1_000_000, at_once=False), 0, 100),
        (load.waiting_for_consumer(conversation(), SkillRules(idle_weight=0), 1_000_000, at_once=True), 0, 0),
        (load.waiting_for_consumer(conversation(), SkillRules(idle_weight=1), 1_000_000, at_once=False), 10**6, 1000),
    ],
)
def test_weight(one: Conversation, after_s: float, weight: int) -> None:
    assert load.weight(one, 1_000_000 + round(after_s * 1000)) == weight


@pytest.mark.parametrize(
    ("taken", "places", "has_room"),
    [
        (0, 1, True),
        (500, 1, True),
        (501, 1, False),
        (1000, 1, False),
        (3500, 4, True),
        (3501, 4, False),
        (0, 0, False),  # not even the half place
        (0, -1, False),
    ],
)
def test_overbooking(taken: int, places: int, has_room: bool) -> None:
    assert load.has_room(taken, places) is has_room


@pytest.mark.parametrize(
    ("after_s", "warm_up_s", "capacity", "places"),
    [
        (0, 90, 4, 1),
        (89.999, 90, 4, 1),
        (90, 90, 4, 2),
        (270, 90, 4, 4),
        (10**6, 90, 4, 4),
        (-1000, 90, 4, 1),  # a clock has gone back
        (0, 90, 0, 0),
        (0, 0, 4, 4),
    ],
)
def test_warm_up(after_s: float, warm_up_s: int, capacity: int, places: int) -> None:
    agent = Agent(id="ann", name="Ann", capacity=capacity, came_at=1_000_000)
    now = 1_000_000 + round(after_s * 1000)
    assert load.current_capacity(agent, SkillRules(warm_up_s=warm_up_s), now) == places


@pytest.mark.parametrize(("load_", "words"), [(0, "0"), (1000, "1"), (1550, "1.6"), (3100, "3.1")])
def test_load_in_words(load_: int, words: str) -> None:
    assert load.load_words(load_) == words
