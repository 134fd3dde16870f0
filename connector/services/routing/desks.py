"""Desks connect and disconnect, and their leases are renewed."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec.structs import replace

from connector.domain.agent import Agent, Desk, Presence
from connector.services import save, views
from connector.services.routing import queue
from connector.services.unit_of_work import UnitOfWork

# A desk that has not been heard of for this long is gone; its core renews the lease well before.
LEASE_S = 30


def connect(uow: UnitOfWork, new: Agent, desk: Desk) -> Agent:
    """A desk connects. Returns its agent as stored; `new` is stored where there is none of this name.

    An agent who signed off is online again with their next desk.
    """
    tx, now = uow.tx, uow.now
    known = tx.agents.get(new.id)
    agent = new if known is None else known
    was_connected = agent.id in tx.agents.connected(now)
    tx.agents.save_desk(desk)
    if was_connected:
        return agent
    if not desk.is_silent:
        agent = replace(agent, presence_at=now, came_at=now)
        if agent.is_off_duty:
            agent = replace(agent, presence=Presence.ONLINE, presence_reason="", off_duty_by="")
        uow.at_end(queue.offer)
    save.agent(uow, agent)
    return agent


def disconnect(uow: UnitOfWork, desk_id: str, agent_id: str) -> None:
    """A desk is gone. Its agent's conversations stay theirs for a while."""
    tx = uow.tx
    was_silent = any(desk.id == desk_id and desk.is_silent for desk in tx.agents.desks_of_agent(agent_id))
    tx.agents.remove_desk(desk_id)
    agent = tx.agents.get(agent_id)
    if agent is not None and agent_id not in tx.agents.connected(uow.now):
        # With a silent line the agent has been gone since it became silent.
        save.agent(uow, agent if was_silent else replace(agent, presence_at=uow.now))


def line_changed(uow: UnitOfWork, desk: Desk) -> None:
    """The line of a desk has become silent, as if the desk were gone, or has come back."""
    tx = uow.tx
    agent = tx.agents.get(desk.agent)
    if agent is None or agent.is_disabled:  # the desk is being closed
        return
    tx.agents.save_desk(desk)
    is_connected = agent.id in tx.agents.connected(uow.now)
    if is_connected is (tx.agents.current_state(agent.id) != views.OFFLINE):
        return
    agent = replace(agent, presence_at=uow.now)
    if is_connected:
        agent = replace(agent, came_at=uow.now)
        uow.at_end(queue.offer)
    save.agent(uow, agent)


def release_node(uow: UnitOfWork, node: str) -> None:
    """A core starts: the desks and the work it held when it last ended are released, however it ended. Its agents have
    the usual time to come back before their conversations are given to others."""
    for desk in uow.tx.agents.desks_of(node):
        disconnect(uow, desk.id, desk.agent)
    uow.tx.work.release_leases(node, uow.now)


def renew(uow: UnitOfWork, held: Sequence[Desk]) -> None:
    """Lengthen the leases of these desks. Agents who had been taken for gone are shown as connected again."""
    live = uow.tx.agents.connected(uow.now)
    disabled = {agent.id for agent in uow.tx.staff(uow.now).agents if agent.is_disabled}  # their desks are being closed
    held = [desk for desk in held if desk.agent not in disabled]
    for desk in held:
        uow.tx.agents.save_desk(desk)
    # Also after a clock went back, when leases that had ended are live again.
    agents = {desk.agent for desk in held if not desk.is_silent}
    back = {one for one in agents if one not in live or uow.tx.agents.current_state(one) == views.OFFLINE}
    for agent_id in sorted(back):
        agent = uow.tx.agents.get(agent_id)
        if agent is not None:
            save.agent(uow, agent)
    if back:
        uow.at_end(queue.offer)
