"""Load and capacity of agents: what a conversation weighs, and how many an agent can have."""

from __future__ import annotations

from typing import Protocol

from msgspec.structs import replace

from connector.domain.agent import Agent
from connector.domain.conversation import Conversation
from connector.domain.skill_rules import SkillRules

# Weights are integer thousandths, so that sums are exact and the same on every database.
FULL_WEIGHT = 1000
# Routing may exceed an agent's capacity by half a place, since idle conversations seldom all wake at once.
OVERBOOKING = 500


class Weighable(Protocol):
    """What the weight of a conversation depends on; see `Conversation`."""

    @property
    def idle_since(self) -> int | None: ...
    @property
    def light_at(self) -> int | None: ...
    @property
    def light(self) -> int: ...


def weight(conversation: Weighable, now: int) -> int:
    """1,000 while the consumer waits; falls evenly to `light` while the consumer is silent."""
    since, at = conversation.idle_since, conversation.light_at
    if since is None or at is None:
        return FULL_WEIGHT
    if now >= at:
        return conversation.light
    if now <= since:
        return FULL_WEIGHT  # the clock was set back
    return FULL_WEIGHT - (FULL_WEIGHT - conversation.light) * (now - since) // (at - since)


def waiting_for_agent(conversation: Conversation) -> Conversation:
    """The conversation with full weight, because the consumer waits for an answer."""
    return replace(conversation, idle_since=None, light_at=None)


def waiting_for_consumer(conversation: Conversation, rules: SkillRules, now: int, *, at_once: bool) -> Conversation:
    """With falling weight, after an answer. `at_once`: without the fall, as a late answer seldom gets a quick reply."""
    light_at = now if at_once else now + rules.idle_after_s * 1000
    return replace(conversation, idle_since=now, light_at=light_at, light=round(rules.idle_weight * FULL_WEIGHT))


def current_capacity(agent: Agent, rules: SkillRules, now: int) -> int:
    """Capacity of an agent for a skill now: lower while they warm up."""
    if rules.warm_up_s == 0:
        return agent.capacity
    return min(agent.capacity, 1 + max(0, now - agent.came_at) // (rules.warm_up_s * 1000))


def has_room(load: int, capacity: int) -> bool:
    """Whether one more conversation of full weight fits. Overbooking needs a capacity of at least one."""
    return capacity > 0 and load + FULL_WEIGHT <= capacity * FULL_WEIGHT + OVERBOOKING


def load_words(load: int) -> str:
    """A load in places, for people."""
    return f"{load / FULL_WEIGHT:.1f}".removesuffix(".0")
