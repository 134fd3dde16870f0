"""Placing conversations: with the best agent available, or in the queue with the reason."""

from __future__ import annotations

from msgspec.structs import replace

from connector.domain import conversation as life
from connector.domain.routing import Choice, choose
from connector.domain.values import Conversation
from connector.services import present
from connector.store.base import Transaction
from connector.store.values import Fact
from connector.wire import events

# How many of the longest waiting of a skill are looked at at once. Those behind them are looked at as soon as one of
# these has been placed.
_QUEUE_WINDOW = 50


def pick(tx: Transaction, conversation: Conversation, now: int) -> Choice:
    live = tx.agents.live(now)
    online = [agent for agent in tx.agents.all() if present.is_online(agent, live)]
    loads = tx.conversations.loads() if online else {}
    latest_owner = tx.conversations.latest_owner(conversation.consumer) if len(online) > 1 else None
    return choose(conversation, online, loads, latest_owner)


def place(tx: Transaction, conversation: Conversation, now: int) -> Conversation:
    """The conversation as routing leaves it: assigned, or queued with the reason why. The caller stores it."""
    choice = pick(tx, conversation, now)
    if choice.agent is None:
        return life.still_queued(conversation, choice.reason)
    agent = tx.agents.get(choice.agent)
    if agent is not None:
        tx.agents.put(replace(agent, assigned_at=now))
    return life.assigned(conversation, choice.agent, choice.reason)


def drain_queue(tx: Transaction, now: int) -> None:
    """Give waiting conversations to whoever has become free, the longest waiting of each skill first.

    A skill that nobody has online must not stand before the others.
    """
    live = tx.agents.live(now)
    loads = tx.conversations.loads()
    if not any(loads.get(agent.id, 0) < agent.capacity for agent in tx.agents.all() if present.is_online(agent, live)):
        return
    for skill in tx.conversations.queued_skills():
        while sum(_give(tx, waiting, now) for waiting in tx.conversations.queued(_QUEUE_WINDOW, skill)):
            pass


def _give(tx: Transaction, waiting: Conversation, now: int) -> bool:
    placed = place(tx, waiting, now)
    if placed.agent is None:
        return False
    tx.conversations.update(placed)
    tx.facts.append([placement_fact(tx, placed, now)])
    return True


def placement_fact(tx: Transaction, placed: Conversation, now: int) -> Fact:
    return told_placed(placed, is_opted_out(tx, placed.consumer), now)


def told_placed(placed: Conversation, opted_out: bool, now: int) -> Fact:
    view = present.conversation_view(placed, is_opted_out=opted_out)
    told: events.Event = events.ConversationQueued(view) if placed.agent is None else events.ConversationAssigned(view)
    return present.fact(told, now, placed.id)


def is_opted_out(tx: Transaction, consumer: str) -> bool:
    latest = tx.consent.latest(consumer)
    return latest is not None and latest.kind == "opted_out"
