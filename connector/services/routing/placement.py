"""Placing a conversation: with the best agent available, ringing, or in the queue with the reason."""

from __future__ import annotations

from collections.abc import Callable, Collection

from msgspec.structs import replace

from connector.domain import transitions
from connector.domain.conversation import Conversation, ConversationState
from connector.domain.routing import choose, may_be_given
from connector.domain.skill_rules import RingMode
from connector.services import save
from connector.services.routing.staff_loads import StaffLoads, has_place, staff_loads
from connector.services.unit_of_work import UnitOfWork
from connector.wire import events
from connector.wire.views import ConversationView


def place(uow: UnitOfWork, conversation: Conversation, staff: StaffLoads | None = None) -> Conversation:
    """The conversation as routing leaves it: assigned, ringing, or queued with the reason. The caller saves it."""
    now = uow.now
    staff = staff or staff_loads(uow.tx, now, placing=conversation.id)
    candidates = staff.candidates()
    is_staffed = any(one.is_online for one in candidates)
    latest_owner = uow.tx.conversations.latest_owner(conversation.person) if is_staffed else None
    choice = choose(conversation, candidates, uow.brand.rules, latest_owner, now)
    if not choice.agents:
        return transitions.with_reason(conversation, choice.reason)
    rules = uow.brand.rules.of(choice.skill)
    if rules.ring is RingMode.RING_ALL and len(choice.agents) > 1:
        reason = f"rings every agent with room: {', '.join(choice.agents)}"
        conversation = _round(conversation, choice.agents)
        staff.ring(choice.agents)
        return transitions.ringing(conversation, choice.agents, now + rules.ring_s * 1000, reason)
    best = choice.agents[0]
    if (agent := staff.give(best, now)) is not None:
        uow.tx.agents.save(agent)
    if rules.ring is RingMode.AUTO:
        return transitions.assigned(conversation, best, choice.reason, now)
    conversation = _round(conversation, (best,))
    return transitions.ringing(conversation, (best,), now + rules.ring_s * 1000, choice.reason)


def reopened(uow: UnitOfWork, conversation: Conversation, reason: str) -> Conversation:
    """A closed one, or one in wrap-up, open again: back with its owner, while they are online and have room; else with
    the best agent available. The caller saves it."""
    owner, rules = conversation.agent, uow.brand.rules
    back = replace(transitions.queued(conversation, uow.now, reason), outcome="")
    known = (one for one in staff_loads(uow.tx, uow.now).candidates() if one.agent.id == owner)
    # Their rights may have shrunk since.
    there = next((one for one in known if one.is_online and may_be_given(one.agent, back, rules)), None)
    was_wrapping_up = conversation.state is ConversationState.WRAP_UP
    if there is not None and (was_wrapping_up or has_place(there, back.skill, rules, uow.now)):
        return transitions.assigned(back, there.agent.id, f"{reason}; {owner} knows it", uow.now)
    return place(uow, back)


def place_and_save(uow: UnitOfWork, conversation: Conversation) -> Conversation:
    placed = place(uow, conversation)
    return save.conversation(uow, placed, event_of(placed))


def event_of(placed: Conversation) -> Callable[[ConversationView], events.Event]:
    """The event of where it is: assigned, ringing or queued."""
    match placed.state:
        case ConversationState.ASSIGNED:
            return events.ConversationAssigned
        case ConversationState.RINGING:
            return events.ConversationRang
    return events.ConversationQueued


def _round(conversation: Conversation, agents: Collection[str]) -> Conversation:
    """Clear the list of tried agents when all of these have been tried."""
    return replace(conversation, tried=()) if set(agents) <= set(conversation.tried) else conversation
