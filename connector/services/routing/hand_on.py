"""The end of a shift: an agent's conversations are transferred or requeued. Undo returns those that were not accepted
since, and the agent's presence."""

from __future__ import annotations

from connector.domain import transitions
from connector.domain.agent import Agent, Role
from connector.domain.audit import AuditAction
from connector.domain.conversation import Conversation, ConversationState
from connector.domain.refusals import Refused
from connector.domain.rights import visibility_of
from connector.services import save
from connector.services.audit.record import record
from connector.services.conversations import notes, ownership
from connector.services.refusals import unknown
from connector.services.routing import presence, transfer
from connector.services.unit_of_work import UnitOfWork
from connector.wire import answers, events, limits, requests
from connector.wire.board import HandOn, NotHandedOnView, UndoHandOn
from connector.wire.refusals import RefusalCode

_NEVER = 1 << 62


def hand_on(uow: UnitOfWork, by: str, request: HandOn) -> answers.HandedOn:
    """Each goes where it was asked for, or stays theirs, with the reason; where none can go, nothing happens. Of two
    leads at once one ends the shift."""
    agent = _whose_shift(uow, by, request.shift_of)
    _require_sense(uow, by, agent, request)
    owned = sorted(uow.tx.conversations.assigned_to(agent.id), key=_longest_waiting_first)
    if not owned and agent.off_duty_by not in ("", agent.id, by):
        words = f"{agent.off_duty_by} has ended the shift of {agent.name}, who has nothing left to hand on."
        raise Refused(RefusalCode.NOT_OWNER, words, agent=agent.off_duty_by)
    presence.go_off_duty(uow, agent.id, by)
    moved: list[str] = []
    refused: list[tuple[str, Refused]] = []
    for one in owned[: limits.HANDED_ON]:
        try:
            _move(uow, by, uow.conversation(one.id), request)
        except Refused as no:  # before anything of this conversation has changed
            refused.append((one.id, no))
        else:
            moved.append(one.id)
    if refused and not moved:
        raise refused[0][1]
    details: dict[str, str | int | list[str]] = {"conversations": len(moved), "to": request.to or request.skill or ""}
    record(uow, by, AuditAction.HANDED_ON, subject=agent.id, details=details)
    left = [NotHandedOnView(one, no.words) for one, no in refused]
    return answers.HandedOn(moved, left, more=len(owned) > limits.HANDED_ON)


def undo(uow: UnitOfWork, by: str, request: UndoHandOn) -> answers.HandOnUndone:
    """Undo the end of a shift: reassign the conversations that no other agent has accepted, and restore the agent's
    presence. Raises Refused when the presence was changed since."""
    agent = _whose_shift(uow, by, request.shift_of)
    if agent.off_duty_by != by or agent.is_disabled:
        raise Refused(RefusalCode.TOO_LATE, f"That {agent.name} is off duty is not of your doing, or no longer so.")
    back: list[str] = []
    refused: list[NotHandedOnView] = []
    for one in dict.fromkeys(request.conversation_ids):
        conversation = uow.tx.conversations.get(one)
        if (words := _why_gone(uow, by, agent, conversation)) or conversation is None:
            refused.append(NotHandedOnView(one, words))
            continue
        theirs = transitions.assigned(conversation, agent.id, f"the end of the shift was undone by {by}", uow.now)
        save.conversation(uow, theirs, events.ConversationAssigned, [*conversation.rings])
        back.append(one)
    now = presence.back_on_duty(uow, agent.id)
    return answers.HandOnUndone(back, refused, now.presence, now.presence_reason)


def _why_gone(uow: UnitOfWork, by: str, agent: Agent, conversation: Conversation | None) -> str:
    """Why it cannot be theirs again; empty: it is as the end of their shift has left it."""
    if conversation is None or not uow.rights.may_see(visibility_of(conversation)):
        return "There is no such conversation."
    if conversation.state is ConversationState.ASSIGNED:
        if conversation.agent == by != agent.id:
            return ""  # they gave it to themselves, and give it up
        return f"{uow.name_of(conversation.agent)} has it by now."
    is_waiting = conversation.state in (ConversationState.QUEUED, ConversationState.RINGING)
    if not is_waiting or (conversation.returned_by != agent.id and conversation.handed_by != by):
        return f"It is not as {agent.name} has left it."
    return ""


def _whose_shift(uow: UnitOfWork, by: str, agent_id: str) -> Agent:
    """Raises Refused where it is neither the asker's own nor that of somebody whom they lead."""
    known, rights = uow.agent(agent_id), uow.rights
    if known.id == by or rights.leads_agent(known):
        return known
    if not rights.role.includes(Role.LEAD):
        raise Refused(RefusalCode.NOT_ALLOWED, f"Only leads end the shift of a colleague, such as {known.name}.")
    mine = ", ".join((*rights.skills, *rights.accounts))
    words = f"{known.name} has more skills or accounts than those that you lead: {mine}."
    raise Refused(RefusalCode.NOT_ALLOWED, words)


def _require_sense(uow: UnitOfWork, by: str, agent: Agent, request: HandOn) -> None:
    if request.to == agent.id:
        raise Refused(RefusalCode.BAD_REQUEST, f"They are {agent.name}'s already.")
    if request.skill is not None and request.skill not in uow.brand.rules.names:
        raise Refused(RefusalCode.UNKNOWN_SKILL, unknown("skill", request.skill, uow.brand.rules.names))
    if request.to not in (None, by):
        uow.agent(request.to)


def _longest_waiting_first(one: Conversation) -> tuple[int, str]:
    return one.waiting_since or _NEVER, one.id


def _move(uow: UnitOfWork, by: str, conversation: Conversation, request: HandOn) -> None:
    owner = conversation.agent or ""
    if by != owner and not uow.rights.may_lead(visibility_of(conversation)):
        words = f"It is of {conversation.skill}, {conversation.account}, which you do not lead."
        raise Refused(RefusalCode.NOT_ALLOWED, words)
    if request.to == by:
        if request.note:
            conversation, _ = notes.add(uow, by, conversation, request.note)
        ownership.take_over(uow, by, requests.TakeOver(conversation.id))
    elif request.to is not None:
        transfer.to_agent(uow, by, conversation, request.to, request.skill, request.note)
    elif request.skill is not None and request.skill != conversation.skill:
        transfer.to_skill(uow, by, conversation, request.skill, request.note)
    else:
        if request.note:
            conversation, _ = notes.add(uow, by, conversation, request.note)
        uow.tx.tallies.count_move(conversation, "give_backs", by, uow.now)
        ownership.requeue(uow, conversation, f"given back by {by} at the end of {owner}'s shift", returned_by=owner)
