"""The end of a shift: to whom all goes that an agent owns."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from connector.base.counted import count
from connector.wire.board import HandOn
from connector.wire.views import AgentView
from tui.model.state import Model

VERB = "hand_on"


class ShiftTarget(NamedTuple):
    """Where they can go; neither skill nor agent: back to their queues."""

    words: str
    skill: str | None = None
    to: str | None = None


def why_not(model: Model, agent: AgentView | None) -> str | None:
    """Why this agent's shift cannot be ended here, if it cannot."""
    if agent is None:
        return "There is no agent here whose shift could end."
    is_own = model.agents.me is not None and agent.id == model.agents.me.id
    if not is_own and not model.agents.is_lead:
        return "Ending the shift of a colleague is for leads."
    if owned(model, agent) == 0 and agent.off_duty_by:
        return f"{agent.name} is off duty already, and has nothing left to hand on."
    return None


def owned(model: Model, agent: AgentView) -> int:
    """How many conversations of theirs go on, as the board has it."""
    board = model.fetched.board
    has = next((one.conversations for one in board.agents if one.agent == agent.id), None) if board else None
    return agent.assigned if has is None else has


def targets(model: Model, agent: AgentView) -> Sequence[ShiftTarget]:
    """The queues first, then oneself, skills with agents, and agents who are online, those with most places first."""
    board, me = model.fetched.board, model.agents.me
    found = [ShiftTarget("back to their queues")]
    if me is not None and me.id != agent.id:
        found.append(ShiftTarget("to yourself: all of them are yours at once", to=me.id))
    for skill in board.skills if board is not None else ():
        there = count(skill.online, "agent") + f" online, {skill.free:g} places free"
        found.append(ShiftTarget(f"to {skill.skill}: {there}", skill=skill.skill))
    places = {one.agent: one.places for one in board.agents} if board is not None else {}
    others = [one for one in model.agents.by_id.values() if one.presence == "online" and one.id != agent.id]
    others.sort(key=lambda one: (places.get(one.id, 0) - one.capacity, one.name, one.id))
    for one in others:
        if me is None or one.id != me.id:
            words = f"to {one.name}, whom they ring: {places.get(one.id, 0):g} of {one.capacity} places taken"
            found.append(ShiftTarget(words, to=one.id))
    return found


def hand_on(agent: AgentView, target: ShiftTarget, note: str) -> HandOn:
    return HandOn(agent.id, target.skill, target.to, note.strip())
