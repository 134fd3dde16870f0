"""Who owns a conversation: accepting, declining, giving back, taking over, joining."""

from __future__ import annotations

from msgspec.structs import replace

from connector.domain import ownership as ownership_rules
from connector.domain import transitions
from connector.domain.audit import AuditAction
from connector.domain.conversation import Conversation, ConversationState
from connector.domain.ownership import Hold, require_acceptable, require_open, require_owner
from connector.domain.refusals import Refused
from connector.services import save
from connector.services.audit.record import record
from connector.services.conversations import notes
from connector.services.routing import queue
from connector.services.routing.placement import place_and_save
from connector.services.unit_of_work import UnitOfWork
from connector.wire import events, requests
from connector.wire.refusals import RefusalCode


def require_writer(uow: UnitOfWork, agent: str, conversation: Conversation) -> None:
    """Raises Refused unless the agent may text the consumer."""
    ownership_rules.require_writer(conversation, agent, _hold(uow, conversation.agent or "", conversation), uow.now)


def _hold(uow: UnitOfWork, agent: str, conversation: Conversation) -> Hold:
    tx, now = uow.tx, uow.now
    expired = [desk for desk in tx.agents.expired_desks(now) if desk.agent == agent and not desk.is_silent]
    seen_until = max((desk.lease_until for desk in expired), default=0)
    return Hold(tx.agents.get(agent), agent in tx.agents.connected(now), uow.rules_of(conversation).gone_s, seen_until)


def accept(uow: UnitOfWork, agent: str, request: requests.Accept) -> None:
    """Taking by hand is not bounded by capacity: an agent who takes one more knows what they have."""
    conversation = uow.conversation(request.conversation_id)
    owner_hold = _hold(uow, conversation.agent, conversation) if conversation.agent else None
    require_acceptable(conversation, agent, owner_hold, uow.now)
    also_rang = [one for one in conversation.rings if one != agent]
    reason = "taken from the queue by hand"
    if conversation.rings:
        reason = f"{agent} took it when it rang"
    elif conversation.agent:
        reason = f"taken by hand: {conversation.agent} was gone"
    if conversation.handed_by:
        reason += f"; transferred by {conversation.handed_by}"
    taken = transitions.assigned(conversation, agent, reason, uow.now)
    if conversation.returned_by == agent:  # it undoes their own give-back, which then counts as no move
        taken = replace(taken, moves=max(0, taken.moves - 1))
    save.conversation(uow, taken, events.ConversationAssigned, also_rang)
    if also_rang:  # it no longer takes part of their capacity
        uow.at_end(queue.offer)


def accepted(uow: UnitOfWork, agent: str, conversation: Conversation) -> Conversation:
    """The conversation, which the agent accepts where it is free: queued, ringing, or theirs until their hold was over.
    It is one use case with what follows, so that when that is refused nothing was accepted."""
    is_free = conversation.state in (ConversationState.QUEUED, ConversationState.RINGING)
    is_mine = conversation.state is ConversationState.ASSIGNED and conversation.agent == agent
    if not is_free and not (is_mine and _hold(uow, agent, conversation).is_over(conversation, uow.now)):
        return conversation
    accept(uow, agent, requests.Accept(conversation.id))
    return uow.conversation(conversation.id)


def decline(uow: UnitOfWork, agent: str, request: requests.Decline) -> None:
    conversation = uow.conversation(request.conversation_id)
    if conversation.state is not ConversationState.RINGING or agent not in conversation.rings:
        raise Refused(RefusalCode.NOT_RINGING, "It does not ring at you, or no longer.")
    pass_on(uow, conversation, agent, f"{agent} declined it")


def pass_on(uow: UnitOfWork, conversation: Conversation, agent: str, reason: str) -> None:
    """It does not ring at this agent any more."""
    others = tuple(one for one in conversation.rings if one != agent)
    passed = transitions.ring_missed(conversation, (agent,), reason, _again_at(uow, conversation))
    if others and conversation.ring_until is not None:
        still = transitions.ringing(passed, others, conversation.ring_until, conversation.reason)
        save.conversation(uow, still, events.ConversationRang)
    else:
        place_and_save(uow, passed)
    uow.at_end(queue.offer)


def _again_at(uow: UnitOfWork, conversation: Conversation) -> int:
    return uow.now + uow.rules_of(conversation).ring_s * 1000


def give_back(uow: UnitOfWork, agent: str, request: requests.GiveBack) -> None:
    conversation = uow.conversation(request.conversation_id)
    require_owner(conversation, agent)
    if request.note:
        conversation, _ = notes.add(uow, agent, conversation, request.note)
    if request.is_undo:
        back = transitions.queued(conversation, uow.now, f"{agent} has undone that it was theirs")
        place_and_save(uow, back)
        uow.at_end(queue.offer)
        return
    uow.tx.tallies.count_move(conversation, "give_backs", agent, uow.now)
    requeue(uow, conversation, f"given back by {agent}", returned_by=agent)


def requeue(uow: UnitOfWork, conversation: Conversation, reason: str, *, returned_by: str) -> None:
    """Back to the queue from its owner, to be placed with another agent where there is one."""
    back = transitions.queued(conversation, uow.now, reason, returned_by=returned_by)
    place_and_save(uow, replace(back, moves=back.moves + 1))
    uow.at_end(queue.offer)


def take_over(uow: UnitOfWork, lead: str, request: requests.TakeOver) -> None:
    conversation = uow.conversation(request.conversation_id)
    require_open(conversation)
    owner = conversation.agent
    if owner == lead:
        raise Refused(RefusalCode.BAD_REQUEST, "It is yours already.")
    if request.owner is not None and request.owner != (owner or ""):
        words = f"{uow.name_of(owner)} has it by now: look at it, and take it over if that is still right."
        raise Refused(RefusalCode.NOT_OWNER, words, agent=owner)
    reason = f"taken over by {lead}" + (f" from {owner}" if owner else "")
    uow.tx.tallies.count_move(conversation, "take_overs", lead, uow.now)
    taken = transitions.assigned(conversation, lead, reason, uow.now)
    save.conversation(uow, taken, events.ConversationTakenOver, lead, owner)
    details = {"from": owner or ""}
    record(uow, lead, AuditAction.TAKEN_OVER, subject=taken.id, person=taken.person, details=details)
    uow.at_end(queue.offer)


def join(uow: UnitOfWork, lead: str, request: requests.Join) -> None:
    conversation = uow.conversation(request.conversation_id)
    require_open(conversation)
    if conversation.state is not ConversationState.ASSIGNED:
        raise Refused(RefusalCode.NOT_OWNER, "No agent owns it yet: accept it instead.", agent=None)
    if lead == conversation.agent or lead in conversation.joined:
        raise Refused(RefusalCode.BAD_REQUEST, "You can write in it already.")
    save.conversation(uow, _with_joined(conversation, *conversation.joined, lead), events.ConversationJoined, lead)
    record(uow, lead, AuditAction.JOINED, subject=conversation.id, person=conversation.person)


def leave(uow: UnitOfWork, lead: str, request: requests.Leave) -> None:
    conversation = uow.conversation(request.conversation_id)
    if lead not in conversation.joined:
        raise Refused(RefusalCode.BAD_REQUEST, "You have not joined it.")
    left(uow, conversation, lead)


def left(uow: UnitOfWork, conversation: Conversation, lead: str) -> None:
    """Save that this lead, who has joined it, may no longer write beside its owner."""
    others = [one for one in conversation.joined if one != lead]
    save.conversation(uow, _with_joined(conversation, *others), events.ConversationLeft, lead)


def _with_joined(conversation: Conversation, *joined: str) -> Conversation:
    return replace(conversation, joined=joined, version=conversation.version + 1)
