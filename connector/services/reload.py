"""Taking over a changed configuration: the part of it that the store has."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from connector.domain.audit import AuditAction
from connector.services.accounts.first_seen import mark_first_seen
from connector.services.agents.provisioning import AgentSection, Provisioned, provision
from connector.services.audit.record import record
from connector.services.routing import queue
from connector.services.unit_of_work import UnitOfWork


def reload(
    uow: UnitOfWork,
    actor: str,
    agents: Sequence[AgentSection],
    accounts: Iterable[str],
    changed: Mapping[str, list[str]],
    *,
    needs_administrator: bool = False,
) -> Provisioned:
    """Store the agents and accounts of a configuration, and what has changed in it for the audit.

    `uow.brand` has the new settings: what waits is offered by them. What has a due time already keeps it.
    `actor`: an administrator, or empty for a signal; `needs_administrator`: see `provision`. Raises Refused.
    """
    provisioned = provision(uow, agents, actor, needs_administrator=needs_administrator)
    mark_first_seen(uow.tx, accounts, uow.now)
    record(uow, actor, AuditAction.RELOADED, details=changed)
    uow.at_end(queue.offer)
    return provisioned
