"""Transferring a conversation to a skill or to an agent, without stranding its consumer."""

from __future__ import annotations

from msgspec.structs import replace

from connector.domain import transitions
from connector.domain.agent import Agent
from connector.domain.conversation import Conversation, ConversationState
from connector.domain.due import Deadline, deadline_for
from connector.domain.ownership import require_owner
from connector.domain.refusals import Refused
from connector.domain.rights import visibility_of
from connector.domain.routing import effective_skill, serving
from connector.services import save
from connector.services.conversations import notes, transcript
from connector.services.refusals import unknown, unknown_agent
from connector.services.routing import queue
from connector.services.routing.borders import skills_of
from connector.services.routing.placement import event_of, place
from connector.services.routing.staff_loads import staff_loads
from connector.services.unit_of_work import UnitOfWork
from connector.wire import answers, events, requests
from connector.wire.refusals import RefusalCode

_WAITS = (ConversationState.QUEUED, ConversationState.RINGING)


def transfer(uow: UnitOfWork, agent: str, request: requests.Transfer) -> answers.Transferred:
    """Of the asker; of those that wait for an agent also by who leads them."""
    conversation = uow.conversation(request.conversation_id)
    if conversation.state not in _WAITS or not uow.rights.may_lead(visibility_of(conversation)):
        require_owner(conversation, agent)
    if request.agent is not None:
        return to_agent(uow, agent, conversation, request.agent, request.skill, request.note)
    if request.skill is None:
        raise Refused(RefusalCode.BAD_REQUEST, "Name a skill or an agent to transfer it to.")
    return to_skill(uow, agent, conversation, request.skill, request.note)


def to_skill(uow: UnitOfWork, by: str, conversation: Conversation, skill: str, note: str) -> answers.Transferred:
    """From its owner to the agents of another skill."""
    _require_known(uow, conversation, skill)
    if skill == conversation.skill:
        raise Refused(RefusalCode.BAD_REQUEST, f"It is one of {skill} already; give it back to the queue instead.")
    others = [one for one in staff_loads(uow.tx, uow.now).candidates() if one.agent.id != conversation.agent]
    others = serving(conversation.account, others)
    asked, fallback_words = effective_skill(skill, others, uow.brand.rules)
    if asked is None:
        words = f"No other agent of {skill} or its fallbacks is online: the consumer would be left without an agent."
        raise Refused(RefusalCode.WOULD_STRAND, words)
    moved = _moved(uow, by, conversation, skill, note)
    moved = save.conversation(uow, moved, events.ConversationTransferred, by, skill, None)
    placed = place(uow, moved)
    placed = replace(placed, reason=f"transferred by {by}: {placed.reason}")
    placed = save.conversation(uow, placed, event_of(placed))
    uow.at_end(queue.offer)
    return answers.Transferred(_whereabouts(uow, placed) + fallback_words)


def to_agent(
    uow: UnitOfWork, by: str, conversation: Conversation, agent: str, skill: str | None, note: str
) -> answers.Transferred:
    """From its owner to another agent, at whom it rings. `skill`: another one that it becomes of."""
    if skill is not None:
        _require_known(uow, conversation, skill)
    target = uow.tx.agents.get(agent)
    if target is None or target.is_disabled or not target.serves(conversation.account):
        raise unknown_agent(agent, _colleagues(uow, conversation))
    if target.id == conversation.agent:
        raise Refused(RefusalCode.BAD_REQUEST, "It is yours already.")
    if target.id not in uow.tx.agents.connected(uow.now):
        words = f"{target.name} has no desk open: the consumer would be left without an agent."
        raise Refused(RefusalCode.WOULD_STRAND, words)
    skill = skill or _skill_for(target, conversation)
    if not target.has(skill):
        raise Refused(RefusalCode.BAD_REQUEST, f"{target.name} does not have the skill {skill}.")
    moved = _moved(uow, by, conversation, skill, note)
    moved = save.conversation(uow, moved, events.ConversationTransferred, by, None, target.id)
    until = uow.now + uow.rules_of(moved).transfer_s * 1000
    rung = transitions.ringing(moved, (target.id,), until, f"for {target.id}, transferred by {by}")
    rung = save.conversation(uow, rung, events.ConversationRang)
    uow.at_end(queue.offer)
    return answers.Transferred(_whereabouts(uow, rung))


def _require_known(uow: UnitOfWork, conversation: Conversation, skill: str) -> None:
    known = skills_of(conversation.account, uow.brand, uow.tx.staff(uow.now).agents)
    if skill not in known:
        raise Refused(RefusalCode.UNKNOWN_SKILL, unknown("skill", skill, known))


def _colleagues(uow: UnitOfWork, conversation: Conversation) -> list[Agent]:
    """Those who can be named: of its account, and seen by the asker."""
    seen = [one for one in uow.tx.staff(uow.now).agents if one.id != conversation.agent and uow.rights.shows(one)]
    return [one for one in seen if one.serves(conversation.account) and not one.is_disabled]


def _moved(uow: UnitOfWork, by: str, conversation: Conversation, skill: str, note: str) -> Conversation:
    if note:
        conversation, _ = notes.add(uow, by, conversation, note)
    uow.tx.tallies.count_move(conversation, "transfers", by, uow.now)
    return transitions.transferred(conversation, skill, by, _deadline(uow, conversation, skill), uow.now)


def _deadline(uow: UnitOfWork, conversation: Conversation, skill: str) -> Deadline | None:
    """The deadline of another skill, counted from now; None for the same skill, whose deadline stays."""
    if skill == conversation.skill:
        return None
    is_first = transcript.is_first_contact(uow, replace(conversation, skill=skill))
    return deadline_for(uow.brand.rules.of(skill), uow.now, is_first_contact=is_first)


def _skill_for(target: Agent, conversation: Conversation) -> str:
    return conversation.skill if target.has(conversation.skill) else target.skills[0]


def _whereabouts(uow: UnitOfWork, placed: Conversation) -> str:
    match placed.state:
        case ConversationState.ASSIGNED:
            return f"{uow.name_of(placed.agent)} has it now"
        case ConversationState.RINGING:
            return f"It is ringing {', '.join(uow.name_of(one) for one in placed.rings)}"
    return f"It waits in the queue of {placed.skill}: {placed.reason}"
