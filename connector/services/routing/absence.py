"""Conversations whose owner is away or gone for too long."""

from __future__ import annotations

from collections.abc import Sequence

from connector.domain import transitions
from connector.domain.agent import Agent, Desk, Presence
from connector.domain.conversation import Conversation
from connector.domain.timers import promised_until
from connector.services.routing import desks, queue
from connector.services.routing.placement import place_and_save
from connector.services.routing.presence import in_words
from connector.services.unit_of_work import UnitOfWork


def maintain(uow: UnitOfWork, held: Sequence[Desk]) -> None:
    """Renew the leases of this core's desks, then handle the expired leases of all cores."""
    desks.renew(uow, held)
    uow.finish()  # agents who are back are given what waits before conversations of others are moved
    sweep(uow)


def sweep(uow: UnitOfWork) -> None:
    """Disconnect desks whose lease has ended, give waiting consumers of absent agents to others, and offer the queue to
    places that became free by time alone: conversations grow light, and agents warm up."""
    for desk in uow.tx.agents.expired_desks(uow.now):
        desks.disconnect(uow, desk.id, desk.agent)
    staff = uow.tx.staff(uow.now)
    known = {agent.id: agent for agent in staff.agents}
    for agent_id in staff.loads:
        agent = known.get(agent_id)
        is_connected = agent_id in staff.connected
        if agent is not None and is_connected and agent.presence is Presence.ONLINE:
            continue
        for conversation in uow.tx.conversations.assigned_to(agent_id):
            reason = _absence(uow, conversation, agent_id, agent, is_connected=is_connected)
            if conversation.waiting_since is not None and reason is not None:
                place_and_save(uow, transitions.queued(conversation, uow.now, reason))
    uow.at_end(queue.offer)
    uow.at_end(queue.refresh_reasons)


def _absence(
    uow: UnitOfWork, conversation: Conversation, agent_id: str, agent: Agent | None, *, is_connected: bool
) -> str | None:
    """Why its owner's absence has lasted too long, or None."""
    now, rules = uow.now, uow.rules_of(conversation)
    # A reply that waits for its moment is sent first, also where this comes before the timer at that moment.
    if now < promised_until(conversation) or conversation.scheduled_at is not None:
        return None
    since = max(agent.presence_at if agent else 0, conversation.assigned_at or 0)
    if not is_connected:
        return f"{agent_id} is gone" if now - since >= rules.gone_s * 1000 else None
    since = max(since, conversation.waiting_since or 0)
    if agent is None or not rules.away_s or now - since < rules.away_s * 1000:
        return None
    return f"{agent_id} is {in_words(agent)}"
