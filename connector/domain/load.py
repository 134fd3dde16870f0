"""How much an agent has to do: what conversations weigh, and how many places an agent has."""

from __future__ import annotations

from msgspec.structs import replace

from connector.domain.agent import Agent
from connector.domain.conversation import Conversation
from connector.domain.skills import SkillRules

# Weights are whole thousandths, so that sums are exact and the same on every engine.
FULL_WEIGHT = 1000
# What routing gives may reach half a place beyond an agent's places, since light conversations seldom wake all at once.
OVERBOOKING = 500


def weight(conversation: Conversation, now: int) -> int:
    """From 1,000 while it waits for us down to its `light` when the consumer has been silent long enough."""
    since, at = conversation.idle_since, conversation.light_at
    if since is None or at is None:
        return FULL_WEIGHT
    if now >= at:
        return conversation.light
    if now <= since:
        return FULL_WEIGHT  # a clock has gone back
    return FULL_WEIGHT - (FULL_WEIGHT - conversation.light) * (now - since) // (at - since)


def waiting_for_agent(conversation: Conversation) -> Conversation:
    """It waits for us."""
    return replace(conversation, idle_since=None, light_at=None)


def waiting_for_consumer(conversation: Conversation, rules: SkillRules, now: int, *, at_once: bool) -> Conversation:
    """It waits for the consumer from now on. `at_once`: what was answered is old, so nobody expects a quick talk."""
    light_at = now if at_once else now + rules.idle_after_s * 1000
    return replace(conversation, idle_since=now, light_at=light_at, light=round(rules.idle_weight * FULL_WEIGHT))


def current_capacity(agent: Agent, rules: SkillRules, now: int) -> int:
    """How many places this agent has for a skill now: fewer while they warm up."""
    if rules.warm_up_s == 0:
        return agent.capacity
    return min(agent.capacity, 1 + max(0, now - agent.came_at) // (rules.warm_up_s * 1000))


def has_room(load: int, capacity: int) -> bool:
    """Whether one more that waits for us fits; the half place more is for those who have a place at all."""
    return capacity > 0 and load + FULL_WEIGHT <= capacity * FULL_WEIGHT + OVERBOOKING


def load_words(load: int) -> str:
    """A load as people read it."""
    return f"{load / FULL_WEIGHT:.1f}".removesuffix(".0")
