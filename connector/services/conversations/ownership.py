"""Whose a conversation is: taking, declining, giving back, taking over, joining."""

from __future__ import annotations

from msgspec.structs import replace

from connector.domain import transitions
from connector.domain.conversation import Conversation, ConversationState
from connector.domain.ownership import Hold, require_acceptable, require_open, require_owner
from connector.domain.refusals import Refused
from connector.services import save
from connector.services.conversations import notes
from connector.services.routing.placement import Placement
from connector.services.settings import BrandSettings
from connector.store.ports import Transaction
from connector.wire import events
from connector.wire.refusals import RefusalCode


def hold_of(tx: Transaction, brand: BrandSettings, conversation: Conversation, agent: str, now: int) -> Hold:
    gone_s = brand.rules.of(conversation.skill).gone_s
    seen_until = max((desk.lease_until for desk in tx.agents.expired_desks(now) if desk.agent == agent), default=0)
    return Hold(tx.agents.get(agent), agent in tx.agents.connected(now), gone_s, seen_until)


def accept(tx: Transaction, brand: BrandSettings, conversation: Conversation, agent: str, now: int) -> None:
    """Taking by hand is not bounded by places: who takes one more knows what they have."""
    hold = hold_of(tx, brand, conversation, conversation.agent, now) if conversation.agent else None
    require_acceptable(conversation, agent, hold, now)
    also_rang = [one for one in conversation.rings if one != agent]
    reason = "taken from the queue by hand"
    if conversation.rings:
        reason = f"{agent} took it when it rang"
    elif conversation.agent:
        reason = f"taken by hand: {conversation.agent} was gone"
    if conversation.handed_by:
        reason += f"; handed over by {conversation.handed_by}"
    taken = save.update(tx, brand.rules, transitions.assigned(conversation, agent, reason, now))
    routing = Placement(brand.rules)
    tx.facts.append([routing.placed(tx, taken, now, also_rang)])
    if also_rang:  # it no longer takes a place of theirs
        routing.drain(tx, now)


def decline(tx: Transaction, brand: BrandSettings, conversation: Conversation, agent: str, now: int) -> None:
    if conversation.state is not ConversationState.RINGING or agent not in conversation.rings:
        raise Refused(RefusalCode.NOT_RINGING, "It does not ring at you, or no longer.")
    others = tuple(one for one in conversation.rings if one != agent)
    passed = transitions.ring_missed(conversation, (agent,), f"{agent} declined it")
    routing = Placement(brand.rules)
    if others and conversation.ring_until is not None:
        still = transitions.ringing(passed, others, conversation.ring_until, conversation.reason)
        still = save.update(tx, brand.rules, still)
        tx.facts.append([routing.placed(tx, still, now)])
    else:
        routing.settle(tx, passed, now)
    routing.drain(tx, now)


def give_back(
    tx: Transaction, brand: BrandSettings, conversation: Conversation, agent: str, note: str, now: int
) -> None:
    require_owner(conversation, agent)
    if note:
        conversation = notes.add(tx, brand, conversation, agent, note, now)
    back = transitions.queued(conversation, now, f"given back by {agent}", returned_by=agent)
    routing = Placement(brand.rules)
    routing.settle(tx, replace(back, moves=back.moves + 1), now)
    routing.drain(tx, now)


def take_over(tx: Transaction, brand: BrandSettings, conversation: Conversation, lead: str, now: int) -> None:
    """Whoever may do this was asked for at the door."""
    require_open(conversation)
    owner = conversation.agent
    if owner == lead:
        raise Refused(RefusalCode.BAD_REQUEST, "It is yours already.")
    words = f"taken over by {lead}" + (f" from {owner}" if owner else "")
    taken = save.update(tx, brand.rules, transitions.assigned(conversation, lead, words, now))
    told = save.fact(tx, brand.rules, taken, lambda view: events.ConversationTakenOver(view, lead, owner), now)
    tx.facts.append([told])
    Placement(brand.rules).drain(tx, now)


def join(tx: Transaction, brand: BrandSettings, conversation: Conversation, lead: str, now: int) -> None:
    require_open(conversation)
    if conversation.state is not ConversationState.ASSIGNED:
        raise Refused(RefusalCode.NOT_OWNER, "Nobody owns it yet: accept it instead.", agent=None)
    if lead == conversation.agent or lead in conversation.joined:
        raise Refused(RefusalCode.BAD_REQUEST, "You can write in it already.")
    _joined(tx, brand, conversation, (*conversation.joined, lead), lead, now)


def leave(tx: Transaction, brand: BrandSettings, conversation: Conversation, lead: str, now: int) -> None:
    if lead not in conversation.joined:
        raise Refused(RefusalCode.BAD_REQUEST, "You have not joined it.")
    _joined(tx, brand, conversation, tuple(one for one in conversation.joined if one != lead), lead, now)


def _joined(
    tx: Transaction, brand: BrandSettings, conversation: Conversation, joined: tuple[str, ...], by: str, now: int
) -> None:
    event = events.ConversationJoined if by in joined else events.ConversationLeft
    changed = replace(conversation, joined=joined, version=conversation.version + 1)
    changed = save.update(tx, brand.rules, changed)
    tx.facts.append([save.fact(tx, brand.rules, changed, lambda view: event(view, by), now)])
