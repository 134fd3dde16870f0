"""The store's ports for search: an index of terms over all messages, beside what it is made from.

It is made by a task in the background, message after message by id, and can be made anew at any time: nothing else
depends on it. A message has a number in it, in the order of ids, so that the highest numbers are the latest messages.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from enum import StrEnum
from typing import Protocol

from msgspec import Struct

from connector.domain.conversation import Conversation, ConversationState
from connector.domain.message import Direction, Message, Part
from connector.domain.rights import Visibility
from connector.domain.search.documents import Document
from connector.domain.search.lookups import Lookup
from connector.domain.status import Status


class IndexDamaged(Exception):
    """The index cannot be used as it is stored. All else is as it was."""


class TookTooLong(Exception):
    """A question to the index was broken off."""


class IndexTrouble(StrEnum):
    NONE = ""
    DAMAGED = "damaged"  # until an administrator has it made anew
    UNSUPPORTED = "unsupported"  # SQLite was built without FTS5


class IndexState(Struct, frozen=True):
    """How far the index is. `version`: of the terms it has; empty: it was never begun."""

    version: str
    message_id: str  # of the last message in it
    number: int  # of that message
    total: int  # the number that the last of all messages will have, as far as is known
    trouble: IndexTrouble
    purge: int  # of removed terms from its segments: 0 done, 1 to be begun, 2 under way


class Narrowed(Struct, frozen=True):
    """What the database looks at before it reads a text. Empty: any."""

    statuses: frozenset[Status] = frozenset()
    states: frozenset[ConversationState] = frozenset()
    owners: frozenset[str] = frozenset()
    is_tagged: bool = False
    has_outcome: bool = False


ANY = Narrowed()


class SearchReading(Protocol):
    """Queries of `Reading`."""

    def state(self) -> IndexState:
        """DAMAGED also where it is only missing."""
        ...

    def messages_after(self, message_id: str, limit: int) -> list[Message]:
        """The first messages with ids above this one, by id."""
        ...

    def count_after(self, message_id: str) -> int:
        """How many messages have ids above this one. Reads them all."""
        ...

    def first_number(self, message_id: str) -> int | None:
        """The number of the first message with this id or a higher one, of those in the index."""
        ...

    def find(self, lookup: Lookup, below: int, limit: int) -> list[int]:
        """The highest `limit` numbers below this one of messages with these terms, highest first. `below`: at most
        one more than the number of the last message in the index.

        Raises IndexDamaged, TookTooLong.
        """
        ...

    def never_received(self, below: int, limit: int) -> list[FoundText]:
        """Replies that ended, and did not reach their consumer: the latest `limit` of those with numbers below this
        one, the latest first."""
        ...

    def moment_of(self, number: int) -> int | None:
        """When the message with this number was written; None where it is gone."""
        ...

    def candidates(self, numbers: Collection[int], narrowed: Narrowed = ANY) -> list[FoundMessage]:
        """The messages with these numbers of which this holds, the highest first; those that are gone are left out."""
        ...

    def candidates_of(self, ids: Collection[str]) -> list[FoundMessage]:
        """Those with these ids, the highest number first; those that are not in the index are left out."""
        ...

    def messages(self, ids: Collection[str]) -> dict[str, Message]:
        """By id."""
        ...

    def conversations_before(self, conversation_id: str, kind: ConversationKind, limit: int) -> list[Conversation]:
        """The highest `limit` of this kind with ids below this one, highest first."""
        ...

    def conversations(self, ids: Collection[str]) -> dict[str, Conversation]:
        """By id."""
        ...


class SearchIndex(Protocol):
    """The index, in a transaction."""

    def state(self) -> IndexState:
        """As stored."""
        ...

    def prepare(self) -> IndexState:
        """Begin the index where there is none, or one with other terms; find out whether it is whole."""
        ...

    def begin_anew(self) -> None:
        """Empty it, whatever state it is in."""

    def give_up(self) -> None:
        """Empty it as damaged: nothing is added until it is begun anew."""

    def add(self, after: str, documents: Sequence[Document], total: int = 0) -> bool:
        """Add the documents of the messages that follow this one; False where that was done already, or cannot be done.

        Messages that are gone meanwhile are left out. `total`: see `IndexState`. Raises IndexDamaged.
        """
        ...

    def complete(self, after: str) -> None:
        """No message follows this one: all are in the index."""

    def merge(self) -> bool:
        """Some milliseconds of joining what was added at various times. Returns whether more is to be joined. Raises
        IndexDamaged."""
        ...

    def purge(self) -> bool:
        """Some milliseconds of freeing the index from what was removed. Returns whether more is left. Raises
        IndexDamaged."""
        ...


class ConversationKind(Struct, frozen=True):
    """Which conversations are looked for without words. None: any."""

    states: tuple[ConversationState, ...] | None = None
    is_tagged: bool = False
    has_outcome: bool = False


class FoundText(Struct, frozen=True):
    """The text of a message that may be a hit."""

    message_id: str
    consumer: str
    text: str
    overflow: str
    part: Part | None


class FoundMessage(Struct, frozen=True):
    """A message that may be a hit, and its conversation."""

    number: int
    message_id: str
    conversation_id: str
    at: int
    direction: Direction
    status: Status
    author: str | None
    account: str
    line: str
    consumer: str
    person: str
    skill: str
    state: ConversationState
    agent: str | None
    rings: tuple[str, ...]
    joined: tuple[str, ...]
    outcome: str
    tags: tuple[str, ...]
    shown: str
    name: str
    text: str
    overflow: str
    part: Part | None

    @property
    def visibility(self) -> Visibility:
        """Of its conversation."""
        owner = () if self.agent is None else (self.agent,)
        return Visibility(self.account, self.skill, (*owner, *self.rings, *self.joined))
