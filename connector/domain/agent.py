"""Agents: who they are, their presence, and the desks they are connected with."""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct


class Presence(StrEnum):
    ONLINE = "online"
    BACK_SOON = "back_soon"
    AWAY = "away"


class Agent(Struct, frozen=True):
    """Somebody who answers. No skills means every skill."""

    id: str
    name: str
    skills: tuple[str, ...] = ()
    capacity: int = 4  # places that routing fills; taking more by hand is allowed
    presence: Presence = Presence.ONLINE
    presence_at: int = 0  # since when they are as they are, connected or not
    assigned_at: int = 0  # when routing last gave them a conversation
    presence_reason: str = ""  # of being away, in a word
    came_at: int = 0  # when they last signed in after having had no desk

    def has(self, skill: str) -> bool:
        return not self.skills or skill in self.skills


class PresenceSpan(Struct, frozen=True):
    """How long an agent was in one state. `state`: a presence, or offline."""

    agent: str
    state: str
    reason: str
    from_at: int
    until_at: int | None = None  # None: still


class Desk(Struct, frozen=True):
    """One connected terminal of an agent. It counts until its lease ends."""

    id: str
    agent: str
    node: str
    lease_until: int
