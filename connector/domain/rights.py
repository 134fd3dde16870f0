"""What an agent may see and do, by role, skills and accounts."""

from __future__ import annotations

from collections.abc import Collection
from functools import cached_property
from hashlib import sha256

import msgspec
from msgspec import Struct

from connector.domain.agent import Agent, Role, Sees
from connector.domain.conversation import Conversation


class Visibility(Struct, frozen=True, array_like=True):
    """What decides who may see a conversation. `people`: its owner, those it rings at, and those who joined."""

    account: str
    skill: str
    people: tuple[str, ...] = ()


def visibility_of(conversation: Conversation) -> Visibility:
    owner = () if conversation.agent is None else (conversation.agent,)
    return Visibility(conversation.account, conversation.skill, (*owner, *conversation.rings, *conversation.joined))


class Rights(Struct, frozen=True, dict=True):
    """The rights of one agent. No skills or accounts listed: all of them."""

    agent: str
    role: Role = Role.AGENT
    skills: tuple[str, ...] = ()
    accounts: tuple[str, ...] = ()
    sees: Sees = Sees.SKILLS

    @cached_property
    def sees_everything(self) -> bool:
        if self.role is Role.ADMINISTRATOR or self.sees is Sees.ALL:
            return True
        return not self.accounts and (not self.skills or self.sees is Sees.ACCOUNT)

    @cached_property
    def digest(self) -> str:
        """Another one for other sight; empty for all who see everything."""
        if self.sees_everything:
            return ""
        return sha256(msgspec.json.encode((self.agent, self.skills, self.accounts, self.sees))).hexdigest()[:16]

    def may_see(self, visibility: Visibility) -> bool:
        if self.sees_everything or self.agent in visibility.people:
            return True
        if self.sees is Sees.ACCOUNT:
            return self.has_account(visibility.account)
        return self.may_take(visibility.account, visibility.skill)

    def may_take(self, account: str, skill: str) -> bool:
        """Own a conversation of this account and skill: by routing, by accepting it, by transfer, by texting first."""
        return self.has_account(account) and (not self.skills or skill in self.skills)

    def may_lead(self, visibility: Visibility) -> bool:
        """Act on colleagues' conversations of this kind: take over, join, override."""
        if self.role is Role.ADMINISTRATOR:
            return True
        return self.role is Role.LEAD and self.may_take(visibility.account, visibility.skill)

    def leads_agent(self, agent: Agent) -> bool:
        """Whether they lead all that routing could give this agent."""
        if self.role is Role.ADMINISTRATOR:
            return True
        return self.role is Role.LEAD and _covers(self.skills, agent.skills) and _covers(self.accounts, agent.accounts)

    def has_account(self, account: str) -> bool:
        return not self.accounts or account in self.accounts

    def sees_account(self, account: str) -> bool:
        """Its state, lines and traffic."""
        return self.role is Role.ADMINISTRATOR or self.sees is Sees.ALL or self.has_account(account)

    def shows(self, agent: Agent) -> bool:
        return agent.id == self.agent or self.sees_agent(agent.accounts)

    def sees_agent(self, accounts: Collection[str]) -> bool:
        """A colleague with these accounts (none: all): one who has an account in common."""
        if self.role is Role.ADMINISTRATOR or self.sees is Sees.ALL or not self.accounts or not accounts:
            return True
        return not set(self.accounts).isdisjoint(accounts)


def _covers(mine: Collection[str], theirs: Collection[str]) -> bool:
    """Of both, none listed stands for all."""
    return not mine or (bool(theirs) and set(theirs) <= set(mine))


def rights_of(agent: Agent, *, is_administrator: bool = False) -> Rights:
    """The rights of a stored agent. `is_administrator`: whatever their role, by the way they have signed in."""
    role = Role.ADMINISTRATOR if is_administrator else agent.role
    return Rights(agent.id, role, agent.skills, agent.accounts, agent.sees)
