"""Saved replies: who may see and change them, and what was done with a reply that was made of one."""

from __future__ import annotations

from collections.abc import Collection

from msgspec import Struct

from connector.domain.agent import Role, Sees
from connector.domain.rights import Rights

SHARED = ""  # the owner of those that are nobody's own


class SavedReply(Struct, frozen=True):
    """A text for reuse, with what is done as it is sent. Its fields are filled by whoever sends it."""

    id: str
    owner: str  # the agent whose own it is, or SHARED
    title: str
    category: str
    text: str
    shortcut: str  # unique among those of its owner; empty: none
    skills: tuple[str, ...]  # in whose conversations it is offered; none: in all
    language: str
    tags: tuple[str, ...]
    outcome: str
    due_s: int | None
    closes: bool
    version: str  # an id of ours, new with each change
    changed_at: int
    changed_by: str


class SavedReplyUses(Struct, frozen=True):
    """How often a saved reply was used: by all agents, and by one of them the last time."""

    saved_reply_id: str
    uses: int
    used_at: int | None


class ActionsDone(Struct, frozen=True):
    """What was done with a conversation as a reply in it was written, for the undo of both."""

    message_id: str
    at: int
    tags: tuple[str, ...]  # that it did not have before
    outcome: str  # that was set; empty: none
    outcome_before: str
    reminder_at: int | None  # that was set
    kept_reminder_at: int | None  # that it took the place of, and that an answer would not have cleared
    has_closed: bool


def may_see(rights: Rights, reply: SavedReply) -> bool:
    """One's own, and what is shared with one's skills. Who sees conversations of other skills sees theirs as well."""
    if reply.owner != SHARED:
        return reply.owner == rights.agent
    sees_all_skills = not rights.skills or rights.role is Role.ADMINISTRATOR or rights.sees is not Sees.SKILLS
    return sees_all_skills or not reply.skills or not set(rights.skills).isdisjoint(reply.skills)


def may_write(rights: Rights, owner: str, skills: Collection[str]) -> bool:
    """Store or remove a saved reply: one's own, and as a lead those that are shared with one's own skills alone."""
    if owner != SHARED:
        return owner == rights.agent
    if rights.role is Role.ADMINISTRATOR:
        return True
    return rights.role is Role.LEAD and (not rights.skills or (bool(skills) and set(skills) <= set(rights.skills)))
