"""Promises of the core that must hold at any moment of a day, checked on a snapshot. Pure."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from connector.domain.agent import Agent, Presence
from connector.domain.conversation import Conversation, ConversationState, DueAlarm
from connector.domain.skill_rules import Rules
from connector.store.values import StoreSnapshot


class BrokenPromise(Exception):
    """The core did not keep a promise. The text says which."""


def check_promises(snapshot: StoreSnapshot, rules: Rules, now: int, late_s: int) -> None:
    """Raises BrokenPromise. `late_s`: how long after its deadline a sweep may come."""
    agents = {agent.id: agent for agent in snapshot.agents}
    for conversation in snapshot.conversations:
        if conversation.state is ConversationState.CLOSED:
            continue
        _demand(_is_in_one_place(conversation), conversation, "is not in exactly one place")
        if conversation.waiting_since is not None:
            _demand(conversation.due_at is not None, conversation, "waits, and no answer is due")
            # After the overdue alarm, the sweep for absent agents and the queue look after it.
            has_alarm = conversation.timer_at is not None or conversation.due_told is DueAlarm.OVERDUE
            _demand(has_alarm, conversation, "waits, and no alarm will ever be raised")
        late = conversation.timer_at is not None and conversation.timer_at < now
        _demand(not late, conversation, f"has a timer that should have run at {conversation.timer_at}")
        if conversation.state is ConversationState.ASSIGNED and conversation.waiting_since is not None:
            over_ms = _overdue_sweep_ms(conversation, agents, snapshot.connected, rules, now)
            _demand(over_ms <= late_s * 1000, conversation, f"waits for {conversation.agent}, who is not there")


def _is_in_one_place(one: Conversation) -> bool:
    is_offered = bool(one.rings) and one.ring_until is not None
    match one.state:
        case ConversationState.QUEUED:
            return one.agent is None and not one.rings and one.ring_until is None and one.queued_at is not None
        case ConversationState.RINGING:
            return one.agent is None and is_offered
        case ConversationState.ASSIGNED:
            return one.agent is not None and not one.rings and one.ring_until is None
        case ConversationState.WRAP_UP:
            return one.agent is not None and not one.rings and one.wrap_up_until is not None
    return True


def _overdue_sweep_ms(
    one: Conversation, agents: Mapping[str, Agent], connected: Collection[str], rules: Rules, now: int
) -> int:
    """For how long it should have been with another agent; 0 or less while it may stay."""
    agent = agents.get(one.agent or "")
    limits = rules.of(one.skill)
    since = max(agent.presence_at if agent else 0, one.assigned_at or 0, one.waiting_since or 0)
    if one.agent not in connected:
        return now - since - limits.gone_s * 1000
    if agent is None or agent.presence is Presence.ONLINE or not limits.away_s:
        return 0
    return now - since - limits.away_s * 1000


def _demand(is_so: bool, conversation: Conversation, words: str) -> None:
    if not is_so:
        raise BrokenPromise(f"conversation {conversation.id} ({conversation.state}) {words}")
