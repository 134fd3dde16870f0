"""The keys of the desk's actions as people write them, by the place where they work."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

REPLIES = "replies"
"""The place of settings that give keys to saved replies, in which the action is a shortcut."""
REPLY_SLOTS = 12
"""So many saved replies can have keys of their own."""


def reply_binding(slot: int) -> str:
    """The id of the binding of a saved reply's own key."""
    return f"compose.reply-{slot}"


class KeySetting(NamedTuple):
    """Keys for an action. `place`: the only context in which they are meant; blank: wherever the action has keys."""

    action: str
    keys: tuple[str, ...]
    place: str = ""


class KeyNames(NamedTuple):
    by_action: Mapping[str, Mapping[str, tuple[str, ...]]] = {}
    """Ids of actions, and where they have which keys."""
    problems: tuple[str, ...] = ()
    """What of the agent's settings cannot be used, one sentence each."""
    replies: Mapping[str, str] = {}
    """Keys of saved replies while writing, by shortcut, in the order of their bindings."""

    def of(self, action_id: str, place: str) -> tuple[str, ...]:
        """All keys of an action in one place."""
        return self.by_action.get(action_id, {}).get(place, ())

    def name(self, action_id: str, *places: str) -> str:
        """Its first key in the first of these places where it has one, or anywhere; empty when there is none."""
        by_place = self.by_action.get(action_id, {})
        return next((by_place[place][0] for place in places or by_place if by_place.get(place)), "")


class OwnKeys(NamedTuple):
    """The keys of a desk."""

    names: KeyNames
    by_binding: Mapping[str, str]
    """Keys that are not the table's, separated by commas, by `place.action`."""
