"""Taking all conversations from an agent who is to have none."""

from __future__ import annotations

from connector.services.conversations import ownership
from connector.services.unit_of_work import UnitOfWork


def release_all(uow: UnitOfWork, agent: str) -> int:
    """Give what the agent owns, and what rings at them, to others, and end what they have joined. Returns how many
    conversations they owned.

    The caller has saved them as disabled, so that nothing comes back to them. What they wrap up ends by its timer.
    """
    owned = uow.tx.conversations.assigned_to(agent)
    for conversation in owned:
        ownership.requeue(uow, conversation, f"{agent} is disabled", returned_by=agent)
    for conversation in uow.tx.staff(uow.now).ringing:
        if agent in conversation.rings:
            ownership.pass_on(uow, conversation, agent, f"{agent} is disabled")
    for conversation in uow.tx.conversations.joined():
        if agent in conversation.joined:
            ownership.left(uow, conversation, agent)
    return len(owned)
