"""Who may see a fact, as it is stored with it: JSON text, made when the fact is written and read for every desk."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec
from msgspec import Struct

from connector.domain.agent import Agent
from connector.domain.conversation import Conversation
from connector.domain.rights import Rights, Visibility, visibility_of


class AgentVisibility(Struct, frozen=True):
    """Of a fact about an agent: for those who have one of the agent's accounts, and the agent.

    `owned`: how many conversations they own, by account. The event has the sum, which says to those who do not see all
    of these accounts what happens in the others. `is_private`: for the agent alone.
    """

    agent: str
    accounts: tuple[str, ...] = ()
    owned: dict[str, int] = {}
    is_private: bool = False

    def owned_for(self, rights: Rights) -> int | None:
        """How many of them are in accounts that these rights show; None: all."""
        if rights.agent == self.agent or all(map(rights.sees_account, self.owned)):
            return None
        return sum(count for account, count in self.owned.items() if rights.sees_account(account))


# Of conversations: for those who may see one of them. None of them: for those who see everything.
FactVisibility = tuple[Visibility, ...] | AgentVisibility

_encoder = msgspec.json.Encoder()
_decoder: msgspec.json.Decoder[FactVisibility] = msgspec.json.Decoder(FactVisibility)


def of_conversations(*conversations: Conversation) -> str:
    return _encoder.encode([visibility_of(one) for one in conversations]).decode()


def of_visibilities(*seen: Visibility) -> str:
    """Of a fact about no conversation, for those who may see one of these."""
    return _encoder.encode(seen).decode()


def of_agent(agent: Agent, owned: dict[str, int]) -> str:
    return _encoder.encode(AgentVisibility(agent.id, agent.accounts, owned)).decode()


def of_own(agent_id: str) -> str:
    """Of a fact for the desks of this agent alone."""
    return _encoder.encode(AgentVisibility(agent_id, is_private=True)).decode()


def of_everyone() -> str:
    """Of a fact for all desks."""
    return _encoder.encode(AgentVisibility("")).decode()


def differs(before: Conversation, after: Conversation) -> bool:
    """Whether others may see it after a change than before."""
    return (before.agent, before.rings, before.joined, before.skill, before.account) != (
        after.agent,
        after.rings,
        after.joined,
        after.skill,
        after.account,
    )


def decode(text: str) -> FactVisibility:
    return _decoder.decode(text)


def private_owner(text: str | None) -> str | None:
    """The agent whose desks alone may have the fact; None: it is not private."""
    if text is None or '"is_private":true' not in text:
        return None
    seen = decode(text)
    return seen.agent if isinstance(seen, AgentVisibility) and seen.is_private else None


def may_see(rights: Rights, visibility: FactVisibility) -> bool:
    if isinstance(visibility, AgentVisibility):
        sees_agent = not visibility.is_private and rights.sees_agent(visibility.accounts)
        return rights.agent == visibility.agent or sees_agent
    return may_see_any(rights, visibility)


def may_see_any(rights: Rights, visibilities: Iterable[Visibility]) -> bool:
    return rights.sees_everything or any(rights.may_see(one) for one in visibilities)
