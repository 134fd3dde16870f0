"""Adding, changing, disabling and enabling agents of the store."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

from msgspec.structs import replace

from connector.base.alike import meant
from connector.base.counted import count
from connector.domain.agent import MOST_CAPACITY, Agent, Role, Sees, name_flaw
from connector.domain.audit import AuditAction
from connector.domain.phones import read_phone
from connector.domain.refusals import Refused
from connector.services import save
from connector.services.agents import os_users
from connector.services.agents.definition import changed_fields, in_details
from connector.services.agents.disabling import disable
from connector.services.agents.listing import definition_view
from connector.services.audit.record import record
from connector.services.refusals import unknown_agent
from connector.services.routing import queue
from connector.services.unit_of_work import UnitOfWork
from connector.wire import administration, answers
from connector.wire.refusals import RefusalCode

_MOST_NAMES = 200  # skills or accounts of one agent


def add(uow: UnitOfWork, actor: str, request: administration.AddAgent) -> answers.AgentSaved:
    if (flaw := name_flaw(request.agent)) is not None:
        raise _bad(f"{flaw[:1].upper()}{flaw[1:]}")
    if (alike := _alike(uow, request.agent)) is not None:
        words = f"There is an agent {alike} already: `textdesk agent set {alike} …` changes them."
        raise Refused(RefusalCode.AGENT_EXISTS, words, agent=alike)
    agent = Agent(
        id=request.agent,
        name=request.name or request.agent,
        skills=tuple(request.skills),
        capacity=uow.brand.capacity if request.capacity is None else request.capacity,
        role=_role(request.role),
        sees=_sees(request.sees),
        accounts=tuple(request.accounts),
        os_user=request.os_user,
        phone=_phone(uow, request.phone),
    )
    _check(agent)
    save.agent(uow, agent, has_come=False)
    more = ("phone",) if agent.phone else ()
    details = in_details(agent, "role", "sees", "skills", "accounts", "os_user", *more)
    record(uow, actor, AuditAction.AGENT_ADDED, subject=agent.id, details=details)
    return _saved(uow, agent)


def change(uow: UnitOfWork, actor: str, request: administration.SetAgent) -> answers.AgentSaved:
    before = _changeable(uow, request.agent)
    agent = replace(
        before,
        name=before.name if request.name is None else request.name,
        skills=before.skills if request.skills is None else tuple(request.skills),
        capacity=before.capacity if request.capacity is None else request.capacity,
        role=before.role if request.role is None else _role(request.role),
        sees=before.sees if request.sees is None else _sees(request.sees),
        accounts=before.accounts if request.accounts is None else tuple(request.accounts),
        os_user=before.os_user if request.os_user is None else request.os_user,
        phone=before.phone if request.phone is None else _phone(uow, request.phone),
    )
    _check(agent)
    if actor == agent.id and before.role is Role.ADMINISTRATOR and agent.role is not Role.ADMINISTRATOR:
        raise _own("You cannot give up being an administrator yourself: have another administrator do it.")
    if fields := changed_fields(before, agent):
        save.agent(uow, agent, has_come=bool(agent.came_at))
        uow.at_end(queue.offer)
        record(uow, actor, AuditAction.AGENT_CHANGED, subject=agent.id, details=in_details(agent, *fields))
    return _saved(uow, agent)


def disable_agent(uow: UnitOfWork, actor: str, request: administration.DisableAgent) -> answers.AgentSaved:
    agent = _changeable(uow, request.agent)
    if actor == agent.id:
        raise _own("You cannot disable yourself: have another administrator do it.")
    if agent.is_disabled:
        return _saved(uow, agent)
    disabled = disable(uow, actor, agent)
    desks, conversations = disabled.desks, disabled.conversations
    words = f"Closed: {count(desks, 'desk')}."
    words += f" Back in the queue: {count(conversations, 'conversation')}."
    return _saved(uow, disabled.agent, [words])


def enable_agent(uow: UnitOfWork, actor: str, request: administration.EnableAgent) -> answers.AgentSaved:
    agent = known_agent(uow, request.agent)
    if agent.is_disabled:
        agent = replace(agent, is_disabled=False)
        save.agent(uow, agent, has_come=bool(agent.came_at))
        record(uow, actor, AuditAction.AGENT_ENABLED, subject=agent.id)
    return _saved(uow, agent)


def known_agent(uow: UnitOfWork, agent_id: str) -> Agent:
    """Raises Refused for an unknown one."""
    found = uow.tx.agents.get(agent_id)
    if found is None:
        refused = unknown_agent(agent_id, uow.tx.agents.all())
        raise Refused(refused.code, f"{refused.words} A new one: `textdesk agent add`.")
    return found


def provisioned(uow: UnitOfWork, agent_id: str, what: str) -> Refused:
    words = f"{what} in {uow.brand.file}, [agents.{agent_id}]: change that, and reload it or start the core again."
    return Refused(RefusalCode.PROVISIONED, words)


def _changeable(uow: UnitOfWork, agent_id: str) -> Agent:
    """Raises Refused for an agent that a section of the configuration defines."""
    agent = known_agent(uow, agent_id)
    if agent.is_provisioned:
        raise provisioned(uow, agent_id, f"{agent_id} is defined")
    return agent


def _check(agent: Agent) -> None:
    """Raises Refused for what no agent can have."""
    for field, value in {"name": agent.name, "os_user": agent.os_user}.items():
        if value and (flaw := name_flaw(value)) is not None:
            raise _bad(f"{field}: {flaw}")
    if not agent.name:
        raise _bad("name: an agent has a name")
    if not 0 <= agent.capacity <= MOST_CAPACITY:
        raise _bad(f"capacity is 0 to {MOST_CAPACITY:,}")
    for field, names in {"skills": agent.skills, "accounts": agent.accounts}.items():
        if len(names) > _MOST_NAMES or len(set(names)) < len(names):
            raise _bad(f"{field}: at most {_MOST_NAMES}, each once")
        if any(name_flaw(one) is not None for one in names):
            raise _bad(f"{field}: {name_flaw('')}, and neither begins nor ends with a blank")


def _saved(uow: UnitOfWork, agent: Agent, results: Sequence[str] = ()) -> answers.AgentSaved:
    """`results`: what the change led to."""
    accounts = {line.account for line in uow.brand.lines.values()}
    notes = [*results, *([] if agent.is_disabled else os_users.notes(agent, uow.tx.agents.all()))]
    notes += _unneeded(agent, uow.brand.rules.names, sorted(accounts))
    desks = [one for one in uow.tx.agents.desks_of_agent(agent.id) if one.lease_until > uow.now]
    return answers.AgentSaved(definition_view(agent, uow.tx.tokens.of(agent.id), desks), notes)


def _unneeded(agent: Agent, skills: Sequence[str], accounts: Sequence[str]) -> list[str]:
    """A sentence for each skill and account of the agent that no number has yet, and what that leads to."""
    notes = []
    is_idle = False
    for kind, names, known in (("skill", agent.skills, skills), ("account", agent.accounts, accounts)):
        strange = [name for name in names if name not in known]
        notes += [_unknown(kind, name, known) for name in strange]
        is_idle = is_idle or (bool(strange) and len(strange) == len(names))
    return [*notes, f"Until one does, {agent.id} is given no conversation."] if is_idle else notes


def _unknown(kind: str, name: str, known: Sequence[str]) -> str:
    alike = meant(name, known)
    there = f"There are: {', '.join(known)}." if known else "There is none."
    return f"No number needs the {kind} {name}{f': did you mean {alike}?' if alike else '.'} {there}"


def _role(role: str) -> Role:
    if role not in set(Role):
        raise _bad(f"role is one of {', '.join(Role)}")
    return Role(role)


def _sees(sees: str) -> Sees:
    if sees not in set(Sees):
        raise _bad(f"sees is one of {', '.join(Sees)}")
    return Sees(sees)


def _phone(uow: UnitOfWork, text: str) -> str:
    try:
        return read_phone(text, uow.brand.region, uow.brand.our_persons)
    except ValueError as error:
        raise _bad(f"phone: {error}") from None


def _alike(uow: UnitOfWork, name: str) -> str | None:
    """The agent with this name, however it is written."""
    return next((one.id for one in uow.tx.agents.all() if _plain(one.id) == _plain(name)), None)


def _plain(name: str) -> str:
    """What names are compared by, so that none looks like another's."""
    return unicodedata.normalize("NFKC", name).casefold()


def _bad(words: str) -> Refused:
    return Refused(RefusalCode.BAD_REQUEST, f"{words}.")


def _own(words: str) -> Refused:
    return Refused(RefusalCode.OWN_AGENT, words)
