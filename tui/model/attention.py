"""What needs the agent, in one order over their own conversations and the queue. Mutable.

Of those that need somebody for the same reason, their own come first: the queue's may be taken by others.

Agents go round: to the most urgent conversation that they have not been to in this round, and from the last one again
to the first. What has become more urgent since, or has another moment by which it has to be done, is new to the round.
Once they have done something about one, another round begins at the most urgent: what was only looked at comes back,
and what was done something about only when it has become more urgent, or when all others have been seen.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import IntEnum
from typing import NamedTuple

from connector.wire.views import ConversationView
from tui.model.conversations import is_looked_up
from tui.model.key_list import Key, KeyList


class Need(IntEnum):
    """Why a conversation needs the agent, most urgent first."""

    OVERDUE = 0
    RINGING = 1
    UNSENT = 2  # a reply was not sent, or may not have been, which may be being looked up; or a text may be an opt-out
    SOON = 3
    WAITING = 4
    MENTIONED = 5  # a colleague names them in a note there


class Place(NamedTuple):
    """A conversation among those that need the agent: number 2 of 5."""

    id: str
    number: int
    of: int


def need(view: ConversationView, me: str | None) -> Need | None:
    """Why the agent `me` has to turn to a conversation of theirs or of the queue; None where they need not."""
    if view.state == "ringing":
        return Need.RINGING if me in view.rings else None
    if view.state != "queued" and (view.state != "assigned" or view.agent != me):
        return None
    is_put_off = view.snoozed_until is not None or view.scheduled_at is not None
    if view.due_told == "overdue" and not is_put_off:
        return Need.OVERDUE
    if view.unsent or is_looked_up(view) or view.likely_opt_out:
        return Need.UNSENT
    if is_put_off:
        return None
    if view.due_told == "soon":
        return Need.SOON
    is_waiting = view.state == "queued" or view.waiting_since is not None or view.back_from != ""
    return Need.WAITING if is_waiting else None


def need_key(view: ConversationView, me: str | None) -> Key | None:
    """Sort key of a conversation that needs the agent, ending in its id."""
    found = need(view, me)
    return None if found is None else (found, _moment(view, found), view.id)


def _moment(view: ConversationView, why: Need) -> int:
    """By what moment conversations of one need are ordered; the core's rank is such a moment, too."""
    if why is Need.RINGING:
        return view.ring_until or 0
    if why is Need.WAITING and view.state == "queued":
        return view.rank
    return view.due_at or view.waiting_since or view.last_at


class Attention:
    """The conversations that need the agent, and which of them the agent has been to in this round."""

    def __init__(self, me: str | None = None, mentions: dict[str, int] | None = None) -> None:
        """`mentions`: when the agent was mentioned in a note, by conversation."""
        self._me = me
        self.mentions = {} if mentions is None else mentions
        self._keys = KeyList()
        self._seen: dict[str, Key] = {}  # as it was when the agent was there
        self._done: dict[str, int] = {}  # what the agent has done something about, with its `Need` then

    def __len__(self) -> int:
        return len(self._keys)

    @property
    def needs(self) -> dict[str, Need]:
        """All that need the agent, and why."""
        return {key[2]: _why(key) for key in self._keys}

    def add(self, views: Iterable[ConversationView]) -> None:
        """Conversations that were not here before."""
        self._keys.update(key for view in views if (key := self._key(view)) is not None)

    def change(self, old: ConversationView | None, new: ConversationView | None) -> None:
        """A conversation has changed, is new (`old` None) or is gone (`new` None)."""
        key, before = self._key(new), self._key(old)
        if before is not None and before != key:
            self._keys.discard(before)
        if key is not None and key != before:
            self._keys.add(key)
        if key is None and old is not None:
            self._seen.pop(old.id, None)
            self._done.pop(old.id, None)

    def mention(self, conversation_id: str, at: int | None, view: ConversationView | None) -> None:
        """A note there mentions the agent, who has not opened it since; `at` None: none any more."""
        before = self._key(view)
        if at is None:
            self.mentions.pop(conversation_id, None)
        else:
            self.mentions[conversation_id] = at
        key = self._key(view)
        if before is not None and before != key:
            self._keys.discard(before)
        if key is not None and key != before:
            self._keys.add(key)

    def go(self, left: ConversationView | None, to: ConversationView | None) -> None:
        """The agent goes to a conversation. When they have been to all others, all are new again."""
        left_id = None if left is None else left.id
        if any(key[2] != left_id and self._is_new(key) for key in self._keys):
            been_to = [left, to]
        else:
            self._seen.clear()
            self._done.clear()
            been_to = [to]
        self._seen.update((key[2], key) for one in been_to if (key := self._key(one)) is not None)

    def begin_round(self, done: ConversationView | None) -> None:
        """The agent has done something about a conversation, of which the core has not told yet. It may need them as
        before, as one that was given back or in which another reply was not sent."""
        self._seen.clear()
        if (key := self._key(done)) is not None:
            self._done[key[2]] = _why(key)

    def next(self, after: str | None) -> Place | None:
        """Where to go from `after`; None when nothing else needs the agent."""
        others = (key for key in self._keys if key[2] != after)
        found = next((key for key in others if self._is_new(key)), None)
        found = found or next((key for key in self._keys if key[2] != after), None)
        return None if found is None else self._place(found)

    def before(self, view: ConversationView | None) -> Place | None:
        """The one before a conversation in the order, from the first the last."""
        if not self._keys:
            return None
        key = self._key(view)
        found = self._keys[-1 if key is None else self._keys.bisect_left(key) - 1]
        return None if key is not None and found[2] == key[2] else self._place(found)

    def place(self, view: ConversationView | None) -> Place | None:
        """Where a conversation stands in the order, if it needs the agent."""
        key = self._key(view)
        return None if key is None else self._place(key)

    def _key(self, view: ConversationView | None) -> Key | None:
        if view is None:
            return None
        found, at = need_key(view, self._me), self.mentions.get(view.id)
        if found is None and at is not None:
            found = (Need.MENTIONED, at, view.id)
        return None if found is None else (2 * found[0] + (view.state == "queued"), found[1], view.id)

    def _place(self, key: Key) -> Place:
        return Place(key[2], self._keys.bisect_left(key) + 1, len(self._keys))

    def _is_new(self, key: Key) -> bool:
        if (why := _why(key)) >= self._done.get(key[2], len(Need)):
            return False
        seen = self._seen.get(key[2])
        return seen is None or why < _why(seen) or key[1] != seen[1]


def _why(key: Key) -> Need:
    """The need of a key, whose group says as well whether the conversation is the queue's."""
    return Need(key[0] // 2)
