"""Handing a conversation over to a skill or to an agent, without stranding its consumer."""

from __future__ import annotations

from msgspec.structs import replace

from connector.domain import transitions
from connector.domain.agent import Agent
from connector.domain.conversation import Conversation, ConversationState
from connector.domain.due import Deadline, deadline_for
from connector.domain.ownership import require_owner
from connector.domain.refusals import Refused
from connector.domain.routing import effective_skill
from connector.services import save
from connector.services.conversations import history, notes
from connector.services.routing.placement import Placement, floor
from connector.services.settings import BrandSettings
from connector.store.ports import Transaction
from connector.wire import answers, events, requests
from connector.wire.refusals import RefusalCode


def hand_over(
    tx: Transaction, brand: BrandSettings, conversation: Conversation, agent: str, command: requests.Transfer, now: int
) -> answers.Transferred:
    require_owner(conversation, agent)
    if command.skill is not None and not brand.rules.knows(command.skill):
        words = f"There is no skill {command.skill[:64]}. There are: {', '.join(brand.rules.names)}."
        raise Refused(RefusalCode.UNKNOWN_SKILL, words)
    if command.agent is not None:
        return _to_agent(tx, brand, conversation, agent, command, now)
    if command.skill is None:
        raise Refused(RefusalCode.BAD_REQUEST, "Name a skill or an agent to hand it to.")
    if command.skill == conversation.skill:
        raise Refused(
            RefusalCode.BAD_REQUEST, f"It is one of {command.skill} already; give it back to the queue instead."
        )
    others = [one for one in floor(tx, now).candidates() if one.agent.id != agent]
    asked, words = effective_skill(command.skill, others, brand.rules)
    if asked is None:
        refusal = f"Nobody else of {command.skill} is online, nor of its fallbacks: the consumer would be stranded."
        raise Refused(RefusalCode.WOULD_STRAND, refusal)
    moved = _moved(tx, brand, conversation, agent, command.skill, command.note, now)
    _tell(tx, brand, moved, agent, command.skill, None, now)
    routing = Placement(brand.rules)
    placed = routing.place(tx, moved, now)
    placed = save.update(tx, brand.rules, replace(placed, reason=f"handed over by {agent}: {placed.reason}"))
    tx.facts.append([routing.placed(tx, placed, now)])
    routing.drain(tx, now)
    return answers.Transferred(_what_became(placed) + words)


def _to_agent(
    tx: Transaction, brand: BrandSettings, conversation: Conversation, agent: str, command: requests.Transfer, now: int
) -> answers.Transferred:
    target = tx.agents.get(command.agent or "")
    if target is None:
        raise Refused(RefusalCode.UNKNOWN_AGENT, f"There is no agent {(command.agent or '')[:64]}.")
    if target.id == agent:
        raise Refused(RefusalCode.BAD_REQUEST, "It is yours already.")
    if target.id not in tx.agents.connected(now):
        words = f"{target.name} has no desk open: the consumer would be stranded."
        raise Refused(RefusalCode.WOULD_STRAND, words)
    skill = command.skill or _skill_for(target, conversation)
    if not target.has(skill):
        raise Refused(RefusalCode.BAD_REQUEST, f"{target.name} does not have the skill {skill}.")
    moved = _moved(tx, brand, conversation, agent, skill, command.note, now)
    _tell(tx, brand, moved, agent, None, target.id, now)
    until = now + brand.rules.of(skill).transfer_s * 1000
    rung = transitions.ringing(moved, (target.id,), until, f"for {target.id}, handed over by {agent}")
    rung = save.update(tx, brand.rules, rung)
    routing = Placement(brand.rules)
    tx.facts.append([routing.placed(tx, rung, now)])
    routing.drain(tx, now)
    return answers.Transferred(_what_became(rung))


def _moved(
    tx: Transaction, brand: BrandSettings, conversation: Conversation, agent: str, skill: str, note: str, now: int
) -> Conversation:
    if note:
        conversation = notes.add(tx, brand, conversation, agent, note, now)
    return transitions.transferred(conversation, skill, agent, _deadline(tx, brand, conversation, skill, now), now)


def _deadline(
    tx: Transaction, brand: BrandSettings, conversation: Conversation, skill: str, now: int
) -> Deadline | None:
    """Another skill makes another promise, from now on; the same one keeps its own."""
    if skill == conversation.skill:
        return None
    other = replace(conversation, skill=skill)
    return deadline_for(brand.rules.of(skill), now, is_first_contact=history.is_first_contact(tx, other, brand.rules))


def _skill_for(target: Agent, conversation: Conversation) -> str:
    return conversation.skill if target.has(conversation.skill) else target.skills[0]


def _tell(
    tx: Transaction, brand: BrandSettings, moved: Conversation, by: str, skill: str | None, agent: str | None, now: int
) -> None:
    moved = save.update(tx, brand.rules, moved)
    told = save.fact(tx, brand.rules, moved, lambda view: events.ConversationTransferred(view, by, skill, agent), now)
    tx.facts.append([told])


def _what_became(placed: Conversation) -> str:
    match placed.state:
        case ConversationState.ASSIGNED:
            return f"{placed.agent} has it now"
        case ConversationState.RINGING:
            return f"It rings at {', '.join(placed.rings)}"
    return f"It waits in the queue of {placed.skill}: {placed.reason}"
