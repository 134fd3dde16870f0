"""Agents, their presence and their desks."""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct


class Presence(StrEnum):
    ONLINE = "online"
    BACK_SOON = "back_soon"
    AWAY = "away"


class Agent(Struct, frozen=True):
    """A person who answers. Without skills listed, an agent has all of them."""

    id: str
    name: str
    skills: tuple[str, ...] = ()
    capacity: int = 4  # conversations that routing assigns; an agent may accept more
    presence: Presence = Presence.ONLINE
    presence_at: int = 0  # when presence or connection last changed
    assigned_at: int = 0  # when routing last assigned them a conversation
    presence_reason: str = ""  # of being away
    came_at: int = 0  # when they last signed in with no other desk connected

    def has(self, skill: str) -> bool:
        return not self.skills or skill in self.skills


class PresenceSpan(Struct, frozen=True):
    """A period an agent spent in one state: a presence, or `offline`."""

    agent: str
    state: str
    reason: str
    from_at: int
    until_at: int | None = None  # None: not ended


class Desk(Struct, frozen=True):
    """One connected terminal of an agent. It counts until its lease ends."""

    id: str
    agent: str
    node: str
    lease_until: int
