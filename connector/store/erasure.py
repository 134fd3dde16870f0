"""The store's ports for erasing a person: what is found of them, a page at a time, and its removal.

Finding reads what is committed and blocks no writer. Each removal is some ten milliseconds of the writer when it is
given at most `AT_ONCE` rows.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import Generic, Protocol, TypeVar

from msgspec import Struct

from connector.domain.conversation import Conversation
from connector.domain.message import Message
from connector.store.values import CounterKey, CounterRow, FactRow, RawHook, TallyRow

K = TypeVar("K")
V = TypeVar("V")

AT_ONCE = 200
"""Rows of messages or facts in one transaction."""
SCANNED_AT_ONCE = 2000
"""Rows of hooks, facts and answers looked at by one query."""


class Scanned(Struct, Generic[K, V], frozen=True):
    """What one query has found; `upto`: the key up to which it has looked, None at the end."""

    found: Sequence[V]
    upto: K | None


class StoredAnswer(Struct, frozen=True):
    """The remembered answer to a request."""

    id: str
    answer: bytes


class SearchedFile(Struct, frozen=True):
    """How often bytes were found in a file of the database, by the name of what was searched for.

    `free`: how many of these are outside of all rows, and no copy of what is in one; None where that is not known.
    """

    path: Path
    size: int
    found: Counter[str]
    free: Counter[str] | None


class Begun(Struct, frozen=True):
    """The latest erasure of a person: when it began, and the position of the latest fact then; None: by an earlier
    version, which did not record it."""

    at: int
    position: int | None


class ErasureReading(Protocol):
    """Queries of `Reading` for erasing."""

    def counts(self, person: str) -> dict[str, int]:
        """How many conversations, messages, consent entries and contacts there are of this person."""
        ...

    def was_erased(self, pseudonym: str) -> bool:
        """Whether the audit has an erasure of the person with this keyed hash."""
        ...

    def messages(self, person: str, until: str, limit: int) -> list[Message]:
        """Their first `limit` messages of conversations with ids up to `until`."""
        ...

    def hooks_at(self, account: str, moments: Collection[int]) -> list[RawHook]:
        """The hooks of this account that came at these moments: those of the messages that were stored with them."""
        ...

    def hooks_mentioning(self, needle: str, after: str, limit: int) -> Scanned[str, RawHook]:
        """Those with this in their address or body, among the first `limit` with ids above `after`."""
        ...

    def facts_mentioning(self, needle: str, after: int, limit: int) -> Scanned[int, FactRow]: ...

    def answers_mentioning(self, needle: str, after: str, limit: int) -> Scanned[str, StoredAnswer]: ...

    def counted_with(self, needle: str) -> list[CounterRow]:
        """The counters whose words or code have this in them."""
        ...

    def tallied_with(self, needle: str) -> list[TallyRow]:
        """The tallies whose outcome, which agents word, has this in it."""
        ...

    def are_erased(self, conversation_ids: Collection[str]) -> list[str]:
        """Which of these conversations were erased."""
        ...

    def rows_with(self, needles: Sequence[str]) -> dict[str, int]:
        """How many rows hold one of these, by `table.column`; of every column of every table that holds text or bytes.

        Reads the whole database.
        """
        ...


class Erasure(Protocol):
    """The removal, in a transaction."""

    def conversations(self, person: str, until: str, limit: int) -> list[Conversation]:
        """The person's with ids up to `until`: those that are open first, then the closed ones, the latest first."""
        ...

    def remove_conversations(self, conversations: Sequence[Conversation], at: int) -> None:
        """Delete their rows and all drafts of them, and remember their ids as erased."""

    def remove_messages(self, messages: Sequence[Message], *, is_recent: bool = True) -> dict[str, int]:
        """Delete them with their attempts, receipts, work, served pictures, and what was done with replies; how many
        rows of each.

        The provider's references stay, so that none is stored again; and where receipts may still come (`is_recent`),
        the ids of replies, which these name.
        """
        ...

    def closed_before(self, account: str, at: int, limit: int) -> list[Conversation]:
        """The first conversations of this account that were closed before this moment."""
        ...

    def messages_of(self, conversation: Conversation, limit: int) -> list[Message]:
        """Its first messages."""
        ...

    def first_message_at(self) -> int | None:
        """The moment of the oldest message."""
        ...

    def with_pictures(self, account: str, after: int, until: int) -> list[Message]:
        """Messages with pictures of after the first moment, up to the second."""
        ...

    def remove_old_hooks(self, account: str, at: int, limit: int) -> int:
        """Delete the first hooks that came before this moment, but genuine ones in quarantine; how many there were."""
        ...

    def is_erased(self, account: str, ref: str | None, message_id: str | None) -> bool:
        """Whether a message with this reference or id was there and was erased."""
        ...

    def remember_erased(self, account: str, ref: str) -> None:
        """Have `is_erased` know a reference, of a message that was erased before its provider had given it."""
        ...

    def begun(self, pseudonym: str) -> Begun | None:
        """The latest erasure of the person with this keyed hash, as the audit has it."""
        ...

    def position(self) -> int:
        """Of the latest fact, with those of this transaction."""
        ...

    def consent_entries(self, person: str) -> int:
        """How many there are under this key."""
        ...

    def remove_hooks(self, hook_ids: Sequence[str]) -> int: ...

    def replace_facts(self, bodies: Mapping[int, tuple[str, bytes]]) -> None:
        """Replace kind and body of the facts at these positions."""

    def replace_answers(self, answers: Sequence[StoredAnswer]) -> None: ...

    def recount(self, rows: Mapping[CounterKey, Sequence[CounterRow]]) -> None:
        """Count what these counters have under other keys."""
        ...

    def without_outcome(self, rows: Sequence[TallyRow]) -> None:
        """Count what these tallies have without an outcome."""
