"""Who is at a desk: comings, goings, and conversations whose owner is gone."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec.structs import replace

from connector.domain import conversation as life
from connector.domain.values import Agent, ConversationState, Desk
from connector.services import routing
from connector.services.desk import tell_agent
from connector.store.base import Transaction

# A desk that has not been heard of for this long is gone; its core renews the lease well before.
LEASE_S = 30
# A dropped SSH line is back within this time; after it, waiting consumers are given to somebody else.
GONE_AFTER_S = 120


def sign_in(tx: Transaction, agent: Agent, desk: Desk, now: int) -> Agent:
    """A desk opens. `agent` is as configured; what is known of their presence is kept."""
    known = tx.agents.get(agent.id)
    if known is not None:
        agent = replace(agent, presence=known.presence, presence_at=known.presence_at, assigned_at=known.assigned_at)
    if agent != known:
        tx.agents.put(agent)
    was_connected = agent.id in tx.agents.live(now)
    tx.agents.put_desk(desk)
    if not was_connected:
        agent = replace(agent, presence_at=now)
        tx.agents.put(agent)
        tell_agent(tx, agent, now)
    if not was_connected or agent != known:  # come, or with other skills or another capacity than before
        routing.drain_queue(tx, now)
    return agent


def sign_off(tx: Transaction, desk_id: str, agent_id: str, now: int) -> None:
    """A desk is gone. Its agent's conversations stay theirs for a while."""
    tx.agents.drop_desk(desk_id)
    agent = tx.agents.get(agent_id)
    if agent is not None and agent_id not in tx.agents.live(now):
        agent = replace(agent, presence_at=now)
        tx.agents.put(agent)
        tell_agent(tx, agent, now)


def take_over(tx: Transaction, node: str, now: int) -> None:
    """A core starts: what it held when it last ended, however it ended, is nobody's now. Its agents have the usual
    time to come back before their consumers are given to somebody else."""
    for desk in tx.agents.desks_of(node):
        sign_off(tx, desk.id, desk.agent, now)
    tx.work.release_node(node, now)


def renew(tx: Transaction, held: Sequence[Desk], now: int) -> None:
    """Lengthen the leases of these desks. Who was taken for gone meanwhile is told to be back."""
    live = tx.agents.live(now)
    for desk in held:
        tx.agents.put_desk(desk)
    back = {desk.agent for desk in held} - live
    for agent_id in sorted(back):
        agent = tx.agents.get(agent_id)
        if agent is not None:
            tell_agent(tx, agent, now)
    if back:
        routing.drain_queue(tx, now)


def sweep(tx: Transaction, now: int) -> None:
    """Sign off desks whose lease has ended, and give waiting consumers of agents who stay away to somebody else."""
    for desk in tx.agents.expired(now):
        sign_off(tx, desk.id, desk.agent, now)
    live = tx.agents.live(now)
    for agent_id in tx.conversations.loads():
        agent = tx.agents.get(agent_id)
        if agent_id in live or (agent is not None and now - agent.presence_at < GONE_AFTER_S * 1000):
            continue
        for conversation in tx.conversations.assigned_to(agent_id):
            if conversation.waiting_since is None or conversation.state is not ConversationState.ASSIGNED:
                continue
            back = life.queued(conversation, now, f"{agent_id} is gone")
            back = routing.place(tx, back, now)
            tx.conversations.update(back)
            tx.facts.append([routing.placement_fact(tx, back, now)])
