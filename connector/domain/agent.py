"""Agents, their presence and their desks."""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct

from connector.wire.limits import ID_LENGTH

MOST_CAPACITY = 10_000


class Presence(StrEnum):
    ONLINE = "online"
    BACK_SOON = "back_soon"
    AWAY = "away"


class Role(StrEnum):
    """What an agent is allowed to do: each role includes those before it."""

    AGENT = "agent"
    LEAD = "lead"
    ADMINISTRATOR = "administrator"

    def includes(self, other: Role) -> bool:
        return _ROLES.index(self) >= _ROLES.index(other)


_ROLES = tuple(Role)


class Sees(StrEnum):
    """Which conversations of others an agent may see."""

    SKILLS = "skills"  # those of the agent's skills, in the agent's accounts
    ACCOUNT = "account"  # all of the agent's accounts
    ALL = "all"  # all of every account


class Agent(Struct, frozen=True):
    """A person who answers. Without skills listed, an agent has all of them; without accounts listed, all of those."""

    id: str
    name: str
    skills: tuple[str, ...] = ()
    capacity: int = 4  # conversations that routing assigns; an agent may accept more
    presence: Presence = Presence.ONLINE
    presence_at: int = 0  # when presence or connection last changed
    assigned_at: int = 0  # when routing last assigned them a conversation
    presence_reason: str = ""  # of being away
    came_at: int = 0  # when they last signed in with no other desk connected
    role: Role = Role.AGENT
    sees: Sees = Sees.SKILLS
    accounts: tuple[str, ...] = ()
    os_user: str = ""  # the user of this host who signs in as this agent; empty: the one of the agent's name
    is_disabled: bool = False  # may not sign in, and is given nothing
    is_provisioned: bool = False  # defined by a section of the configuration
    phone: str = ""  # their own, to which alerts are texted while they are on call
    off_duty_by: str = ""  # who has ended their shift, they or a lead; empty: they are not off duty

    @property
    def is_off_duty(self) -> bool:
        return bool(self.off_duty_by)

    def has(self, skill: str) -> bool:
        return not self.skills or skill in self.skills

    def serves(self, account: str) -> bool:
        return not self.accounts or account in self.accounts


def name_flaw(name: str) -> str | None:
    """What is wrong with the name of an agent, in words; None: nothing."""
    if not name.isprintable() or not 1 <= len(name) <= ID_LENGTH:
        return f"a name has 1 to {ID_LENGTH} printable characters"
    return "a name neither begins nor ends with a blank" if name != name.strip() else None


class PresenceSpan(Struct, frozen=True):
    """A period an agent spent in one state: a presence, or `offline`."""

    agent: str
    state: str
    reason: str
    from_at: int
    until_at: int | None = None  # None: not ended


class Desk(Struct, frozen=True):
    """One connected terminal of an agent. It counts until its lease ends, and not while its line is silent."""

    id: str
    agent: str
    node: str
    lease_until: int
    signed_in_at: int = 0
    way: str = ""  # how it signed in: `token ID`, or `OS user NAME`
    source: str = ""  # the address it came from; empty over the Unix socket
    is_silent: bool = False  # it runs, and its terminal does not answer it


class AgentToken(Struct, frozen=True):
    """A token by which an agent signs in over the network, known by its SHA-256 in hexadecimal."""

    digest: str
    agent: str
    at: int  # when it was stored
    is_provisioned: bool = False  # it stands in the configuration
