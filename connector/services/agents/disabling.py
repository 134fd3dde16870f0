"""Disabling an agent: they may not sign in, and what is theirs goes to others."""

from __future__ import annotations

from msgspec import Struct
from msgspec.structs import replace

from connector.domain.agent import Agent
from connector.domain.audit import AuditAction
from connector.services import save
from connector.services.audit.record import record
from connector.services.routing.release import release_all
from connector.services.unit_of_work import UnitOfWork


class DisabledAgent(Struct, frozen=True):
    """The agent as saved, and how much was taken from them."""

    agent: Agent
    desks: int  # connected until then
    conversations: int  # owned until then


def disable(uow: UnitOfWork, actor: str, agent: Agent, because: str = "") -> DisabledAgent:
    """Save the agent as disabled, without desks. Their conversations go back to the queue; their replies are sent.

    Cores close the agent's connections when they read of it.
    """
    desks = uow.tx.agents.desks_of_agent(agent.id)
    for desk in desks:
        uow.tx.agents.remove_desk(desk.id)
    disabled = replace(agent, is_disabled=True, presence_at=uow.now)
    save.agent(uow, disabled, has_come=bool(agent.came_at))
    released = release_all(uow, agent.id)
    details: dict[str, str | int | list[str]] = {"conversations": released}
    record(uow, actor, AuditAction.AGENT_DISABLED, subject=agent.id, details=details | {"because": because})
    return DisabledAgent(disabled, sum(desk.lease_until > uow.now for desk in desks), released)
