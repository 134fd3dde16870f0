"""Agents of the configuration, as a core stores them at its start and at each reload."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from msgspec import Struct
from msgspec.structs import replace

from connector.base import agent_token
from connector.domain.agent import Agent, AgentToken, Role
from connector.domain.audit import AuditAction
from connector.domain.refusals import Refused
from connector.services import save
from connector.services.agents.definition import changed_fields, in_details, with_definition
from connector.services.agents.disabling import disable
from connector.services.agents.tokens import remove
from connector.services.audit.record import record
from connector.services.routing import queue
from connector.services.unit_of_work import UnitOfWork
from connector.wire.refusals import RefusalCode


class AgentSection(Struct, frozen=True):
    """A section of the configuration: the agent it defines, and the digest of the token in it."""

    agent: Agent
    token: str | None = None


class Provisioned(Struct, frozen=True):
    """What provisioning has changed, by agent, and whether an agent of the store is an administrator now."""

    added: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    disabled: tuple[str, ...] = ()  # those whose section is gone
    has_administrator: bool = False

    def words(self, file: str) -> list[str]:
        """A sentence for each kind of change."""
        kinds = {
            f"agents added by {file}": self.added,
            f"agents changed by {file}": self.changed,
            f"agents disabled, as {file} has no section for them any more (`textdesk agent enable NAME` makes one an"
            " agent of the store; when several cores share the database, give all of them the same sections)": (
                self.disabled
            ),
        }
        return [f"{words}: {', '.join(names)}" for words, names in kinds.items() if names]


def provision(
    uow: UnitOfWork, sections: Sequence[AgentSection], actor: str = "", *, needs_administrator: bool = False
) -> Provisioned:
    """Make the stored agents those of the sections. Repeating it changes nothing.

    An agent with a section is defined by it alone. One whose section is gone is disabled, and belongs to the store from
    then on. Agents that never had a section are left as they are, and so are tokens that were issued. `actor`: the
    administrator who has the configuration reloaded; empty for a start or a signal. `needs_administrator`: no OS user
    is one by nature, so that the last one is not taken away: raises Refused.
    """
    known = {agent.id: agent for agent in uow.tx.agents.all()}
    added, changed, disabled = [], [], []
    for section in sections:
        before = known.get(section.agent.id)
        agent = with_definition(before, replace(section.agent, is_provisioned=True, is_disabled=False))
        has_new_token = _store_token(uow, actor, section)
        if before is None:
            added.append(agent.id)
            record(uow, actor, AuditAction.AGENT_ADDED, subject=agent.id, details=_details(uow, agent))
        elif agent != before:
            changed.append(agent.id)
            fields = changed_fields(before, agent)
            record(uow, actor, AuditAction.AGENT_CHANGED, subject=agent.id, details=_details(uow, agent, *fields))
        if agent != before or has_new_token:
            save.agent(uow, agent, has_come=bool(agent.came_at))
            uow.at_end(queue.offer)
    named = {section.agent.id for section in sections}
    for agent in known.values():
        if agent.is_provisioned and agent.id not in named:
            _withdraw_tokens(uow, actor, agent.id)
            disable(
                uow, actor, replace(agent, is_provisioned=False), f"{uow.brand.file} has no section for them any more"
            )
            disabled.append(agent.id)
    remaining = _administrators(uow.tx.agents.all())
    if needs_administrator and not remaining and (last := _administrators(known.values())):
        raise _no_administrator(uow.brand.file, last[0])
    return Provisioned(tuple(added), tuple(changed), tuple(disabled), bool(remaining))


def _administrators(agents: Iterable[Agent]) -> list[str]:
    return [agent.id for agent in agents if agent.role is Role.ADMINISTRATOR and not agent.is_disabled]


def _no_administrator(file: str, last: str) -> Refused:
    words = (
        f"{file}: it would leave no administrator, and with [desks] group no user is one by nature. Keep"
        f" [agents.{last}] with administrator = true, or make another agent one. Nothing was changed."
    )
    return Refused(RefusalCode.CANNOT_RELOAD, words, cause="configuration")


def _details(uow: UnitOfWork, agent: Agent, *fields: str) -> dict[str, str | int | list[str]]:
    return {"file": uow.brand.file, **in_details(agent, *(fields or ("role", "sees", "skills", "accounts", "os_user")))}


def _store_token(uow: UnitOfWork, actor: str, section: AgentSection) -> bool:
    """Have the section's token, and no other one of a section, stand for the agent. Whether anything changed."""
    before = [token for token in uow.tx.tokens.of(section.agent.id) if token.is_provisioned]
    if [token.digest for token in before] == ([] if section.token is None else [section.token]):
        return False
    _withdraw_tokens(uow, actor, section.agent.id)
    if section.token is not None:
        if (other := uow.tx.tokens.get(section.token)) is not None and other.agent != section.agent.id:
            remove(uow, actor, other)  # so that what it has signed in is closed
        uow.tx.tokens.save(AgentToken(section.token, section.agent.id, uow.now, is_provisioned=True))
        details = {"token": agent_token.id_of(section.token), "file": uow.brand.file}
        record(uow, actor, AuditAction.TOKEN_ISSUED, subject=section.agent.id, details=details)
    return True


def _withdraw_tokens(uow: UnitOfWork, actor: str, agent_id: str) -> None:
    """Remove the tokens of the agent's section."""
    for token in uow.tx.tokens.of(agent_id):
        if token.is_provisioned:
            uow.tx.tokens.remove(token.digest)
            details = {"token": agent_token.id_of(token.digest), "file": uow.brand.file}
            record(uow, actor, AuditAction.TOKEN_REVOKED, subject=agent_id, details=details)
