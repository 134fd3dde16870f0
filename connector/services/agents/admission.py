"""Signing in: which agent a token or an OS user stands for, and whether they may."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from connector.base import agent_token
from connector.domain.agent import Agent, Desk, name_flaw
from connector.domain.audit import AuditAction
from connector.domain.refusals import Refused
from connector.domain.rights import Rights, rights_of
from connector.services import save
from connector.services.audit.record import record
from connector.services.routing import desks
from connector.services.unit_of_work import UnitOfWork
from connector.store.ports import Reading
from connector.wire.refusals import RefusalCode


class Principal(Struct, frozen=True):
    """The agent a connection has signed in as, and how. `agent_as_read`: as stored then; what they may do is read anew
    in each transaction."""

    agent: str
    agent_as_read: Agent
    is_administrator: bool  # by nature, whatever is stored: the OS user that runs the core, and root
    way: str  # `token ID`, or `OS user NAME`
    source: str = ""  # the address it came from; empty over the Unix socket
    token: str | None = None  # digest of the token
    user: str | None = None  # the OS user, where there is no token

    def flaw(self, agent: Agent | None, *, has_token: bool) -> Refused | None:
        """Why they may not be signed in any more, now that the agent is stored like this; None: they may.

        `has_token`: whether the token, if there is one, is stored.
        """
        if self.token is not None and not has_token:
            return Refused(RefusalCode.NOT_ALLOWED, "The token has been revoked.")
        if agent is None:
            return None
        if agent.is_disabled:
            return _disabled(agent.id)
        if self.user is not None and not self.is_administrator and (agent.os_user or agent.id) != self.user:
            return Refused(RefusalCode.NOT_ALLOWED, f"The agent {agent.id} belongs to the OS user {agent.os_user}.")
        return None

    @property
    def rights(self) -> Rights:
        return rights_of(self.agent_as_read, is_administrator=self.is_administrator)


def by_token(reading: Reading, digest: str, asked: str | None, source: str) -> Principal | None:
    """The agent of a token; None for a token that is not one of ours, or another agent's than the one asked for.

    Raises Refused for a disabled agent.
    """
    token = reading.token(digest)
    if token is None or asked not in (None, token.agent):
        return None
    agent = reading.agent(token.agent)
    if agent is None:
        return None
    way = f"token {agent_token.id_of(digest)}"
    return _admitted(Principal(agent.id, agent, is_administrator=False, way=way, source=source, token=digest))


def by_os_user(reading: Reading, user: str, asked: str | None, *, is_administrator: bool, capacity: int) -> Principal:
    """The agent of an OS user of this host: the one configured for them, else the one of their name, who is an ordinary
    agent where there is none yet. Administrators by nature may name any agent. Raises Refused, with the `agent` it is
    about in its details.

    `capacity`: of an agent who is new.
    """
    own = [one for one in reading.agents_of_os_user(user) if one.id != user]
    named = reading.agent(user)
    if named is None or named.os_user in ("", user):
        own.append(named or _ordinary(user, capacity))
        is_taken = False
    else:
        is_taken = True  # the agent of this name is another OS user's
    agent = next((one for one in own if one.id == asked), None)
    if asked is None:
        agent = _only(user, own, named, is_taken=is_taken)
    elif agent is None and is_administrator:
        agent = reading.agent(asked) or _ordinary(asked, capacity)
    elif agent is None:
        theirs = ", ".join(one.id for one in own) or "none"
        words = f"{user} may not work as {asked[:64]}; their agents are: {theirs}."
        known = [one.id for one in (reading.agent(asked), *own) if one is not None]
        raise Refused(RefusalCode.NOT_ALLOWED, words, agent=known[0] if known else "")
    assert agent is not None
    return _admitted(Principal(agent.id, agent, is_administrator, f"OS user {user}", user=user))


def _only(user: str, own: Sequence[Agent], named: Agent | None, *, is_taken: bool) -> Agent:
    """The agent of an OS user who names none."""
    configured = [one for one in own if one.os_user == user] or list(own)
    usable = [one for one in configured if not one.is_disabled] or configured
    if len(usable) > 1:
        names = ", ".join(one.id for one in usable)
        words = f"{user} has several agents, {names}: pick one with --agent NAME."
        raise Refused(RefusalCode.NOT_ALLOWED, words, agent=usable[0].id)
    if usable:
        return usable[0]
    assert is_taken and named is not None
    words = f"The agent {named.id} belongs to the OS user {named.os_user}, and there is none for {user}."
    raise Refused(RefusalCode.NOT_ALLOWED, words, agent=named.id)


def _ordinary(name: str, capacity: int) -> Agent:
    """A new agent with this name. Raises Refused for a name that no agent can have."""
    if (flaw := name_flaw(name)) is not None:
        raise Refused(RefusalCode.NOT_ALLOWED, f"{flaw[:1].upper()}{flaw[1:]}.")
    return Agent(name, name, capacity=capacity)


def _admitted(principal: Principal) -> Principal:
    _confirmed(principal, principal.agent_as_read, has_token=True)
    return principal


def _disabled(agent: str) -> Refused:
    words = f"The agent {agent} is disabled: ask an administrator."
    return Refused(RefusalCode.AGENT_DISABLED, words, agent=agent)


def still_admitted(reading: Reading, principal: Principal) -> Agent:
    """The agent as stored by now. Raises Refused when they may not sign in any more."""
    has_token = principal.token is not None and reading.token(principal.token) is not None
    return _confirmed(principal, reading.agent(principal.agent), has_token=has_token)


def sign_in(uow: UnitOfWork, principal: Principal, desk: Desk | None, *, is_recorded: bool) -> Agent:
    """Sign in, in the transaction that makes it known. `desk`: None for a script; `is_recorded`: in the audit.

    Raises Refused when the agent has been disabled, or the token revoked, since the principal was made.
    """
    has_token = principal.token is not None and uow.tx.tokens.get(principal.token) is not None
    agent = _confirmed(principal, uow.tx.agents.get(principal.agent), has_token=has_token)
    if desk is not None:
        agent = desks.connect(uow, agent, desk)
    elif not principal.is_administrator and uow.tx.agents.get(agent.id) is None:
        # From here on they are listed and can be changed. Who may name any agent makes none by a slip of the finger.
        save.agent(uow, agent, has_come=False)
    if is_recorded:
        details = {"way": principal.way, "source": principal.source, "as": "script" if desk is None else "desk"}
        record(uow, principal.agent, AuditAction.SIGNED_IN, subject=principal.agent, details=details)
    return agent


def _confirmed(principal: Principal, known: Agent | None, *, has_token: bool) -> Agent:
    if (flaw := principal.flaw(known, has_token=has_token)) is not None:
        raise flaw
    return known or principal.agent_as_read


def note_refusal(uow: UnitOfWork, agent: str, why: str, way: str, source: str) -> None:
    """Record in the audit that a sign-in as this agent was refused, if there is such an agent."""
    if uow.tx.agents.get(agent) is not None:
        details = {"why": why, "way": way, "source": source}
        record(uow, "", AuditAction.SIGN_IN_REFUSED, subject=agent, details=details)


def note_refusal_of_user(uow: UnitOfWork, user: str, why: str, way: str) -> None:
    """Record that an OS user is refused, under the first of the agents that the user can sign in as."""
    own = [agent.id for agent in uow.tx.agents.all() if (agent.os_user or agent.id) == user]
    if own:
        note_refusal(uow, own[0], why, way, source="")
