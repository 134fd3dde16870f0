"""Transferring a conversation to a skill or to an agent, without stranding its consumer."""

from __future__ import annotations

from msgspec.structs import replace

from connector.domain import transitions
from connector.domain.agent import Agent
from connector.domain.conversation import Conversation, ConversationState
from connector.domain.due import Deadline, deadline_for
from connector.domain.ownership import require_owner
from connector.domain.refusals import Refused
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


def transfer(uow: UnitOfWork, agent: str, request: requests.Transfer) -> answers.Transferred:
    conversation = uow.conversation(request.conversation_id)
    require_owner(conversation, agent)
    known = skills_of(conversation.account, uow.brand, uow.tx.staff(uow.now).agents)
    if request.skill is not None and request.skill not in known:
        raise Refused(RefusalCode.UNKNOWN_SKILL, unknown("skill", request.skill, known))
    if request.agent is not None:
        return _to_agent(uow, agent, conversation, request, request.agent)
    if request.skill is None:
        raise Refused(RefusalCode.BAD_REQUEST, "Name a skill or an agent to transfer it to.")
    return _to_skill(uow, agent, conversation, request, request.skill)


def _to_skill(
    uow: UnitOfWork, agent: str, conversation: Conversation, request: requests.Transfer, skill: str
) -> answers.Transferred:
    if skill == conversation.skill:
        raise Refused(RefusalCode.BAD_REQUEST, f"It is one of {skill} already; give it back to the queue instead.")
    others = [one for one in staff_loads(uow.tx, uow.now).candidates() if one.agent.id != agent]
    others = serving(conversation.account, others)
    asked, fallback_words = effective_skill(skill, others, uow.brand.rules)
    if asked is None:
        words = f"No other agent of {skill} or its fallbacks is online: the consumer would be left without an agent."
        raise Refused(RefusalCode.WOULD_STRAND, words)
    moved = _moved(uow, agent, conversation, skill, request.note)
    moved = save.conversation(uow, moved, events.ConversationTransferred, agent, skill, None)
    placed = place(uow, moved)
    placed = replace(placed, reason=f"transferred by {agent}: {placed.reason}")
    placed = save.conversation(uow, placed, event_of(placed))
    uow.at_end(queue.offer)
    return answers.Transferred(_whereabouts(uow, placed) + fallback_words)


def _to_agent(
    uow: UnitOfWork, agent: str, conversation: Conversation, request: requests.Transfer, to_agent: str
) -> answers.Transferred:
    target = uow.tx.agents.get(to_agent)
    if target is None or target.is_disabled or not target.serves(conversation.account):
        raise unknown_agent(to_agent, _colleagues(uow, agent, conversation.account))
    if target.id == agent:
        raise Refused(RefusalCode.BAD_REQUEST, "It is yours already.")
    if target.id not in uow.tx.agents.connected(uow.now):
        words = f"{target.name} has no desk open: the consumer would be left without an agent."
        raise Refused(RefusalCode.WOULD_STRAND, words)
    skill = request.skill or _skill_for(target, conversation)
    if not target.has(skill):
        raise Refused(RefusalCode.BAD_REQUEST, f"{target.name} does not have the skill {skill}.")
    moved = _moved(uow, agent, conversation, skill, request.note)
    moved = save.conversation(uow, moved, events.ConversationTransferred, agent, None, target.id)
    until = uow.now + uow.rules_of(moved).transfer_s * 1000
    rung = transitions.ringing(moved, (target.id,), until, f"for {target.id}, transferred by {agent}")
    rung = save.conversation(uow, rung, events.ConversationRang)
    uow.at_end(queue.offer)
    return answers.Transferred(_whereabouts(uow, rung))


def _colleagues(uow: UnitOfWork, agent: str, account: str) -> list[Agent]:
    """Those who can be named: of this account, and seen by the asker."""
    seen = [one for one in uow.tx.staff(uow.now).agents if one.id != agent and uow.rights.shows(one)]
    return [one for one in seen if one.serves(account) and not one.is_disabled]


def _moved(uow: UnitOfWork, agent: str, conversation: Conversation, skill: str, note: str) -> Conversation:
    if note:
        conversation, _ = notes.add(uow, agent, conversation, note)
    uow.tx.tallies.count_move(conversation, "transfers", agent, uow.now)
    return transitions.transferred(conversation, skill, agent, _deadline(uow, conversation, skill), uow.now)


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
            return f"{_name(uow, placed.agent)} has it now"
        case ConversationState.RINGING:
            return f"It is ringing {', '.join(_name(uow, one) for one in placed.rings)}"
    return f"It waits in the queue of {placed.skill}: {placed.reason}"


def _name(uow: UnitOfWork, agent: str | None) -> str:
    known = uow.tx.agents.get(agent) if agent is not None else None
    return known.name if known is not None else agent or "Nobody"
