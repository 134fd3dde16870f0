"""Who answers: the best agent available, by rules that can be read out. The same input gives the same choice."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from msgspec import Struct

from connector.domain.values import Agent, Conversation


class Choice(Struct, frozen=True):
    """`agent` is None when the conversation has to wait; `reason` says why, either way."""

    agent: str | None
    reason: str


def choose(
    conversation: Conversation, online: Iterable[Agent], loads: Mapping[str, int], latest_owner: str | None
) -> Choice:
    """The least utilised agent who is online, has the skill and a free place.

    Among equals: whom routing has left alone the longest, then who knows this consumer, then by id. Somebody who gave
    this conversation back is not asked again.
    """
    skilled = [agent for agent in online if not agent.skills or conversation.skill in agent.skills]
    others = [agent for agent in skilled if agent.id != conversation.returned_by]
    free = [agent for agent in others if loads.get(agent.id, 0) < agent.capacity]
    if not skilled:
        return Choice(None, f"nobody with the skill {conversation.skill} is online")
    if not others:
        return Choice(None, f"{conversation.returned_by} gave it back and nobody else is online")
    if not free:
        return Choice(None, "everybody online has a full desk")
    best = min(
        free,
        key=lambda agent: (
            loads.get(agent.id, 0) / agent.capacity,
            agent.assigned_at,
            agent.id != latest_owner,
            agent.id,
        ),
    )
    among = f"least busy of {len(free)} with room" if len(free) > 1 else "the only one with room"
    return Choice(best.id, f"{among}: {loads.get(best.id, 0)} of {best.capacity} places were taken")
