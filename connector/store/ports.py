"""The store's ports. Their docstrings are the specification; one contract suite runs on every engine.

A use case is a plain function that takes a `Transaction` and returns a value. It runs in a writer thread, where
nothing can be awaited, so no network call can ever happen inside a transaction. Several use cases that wait at the
same moment share one commit; each still succeeds or fails alone. A use case may run more than once (its work is
rolled back first), so it does nothing but read and write through the transaction. Transactions take turns, those of
other cores included: what one has read stays true until it ends.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol, TypeVar

from connector.domain.account import AccountMode
from connector.domain.agent import PresenceSpan
from connector.domain.conversation import Conversation
from connector.domain.media import Upload
from connector.domain.message import Message
from connector.store.repositories import (
    AccountRepository,
    AgentRepository,
    AttemptRepository,
    ConsentLedger,
    ConversationRepository,
    FactLog,
    HookRepository,
    MarkRepository,
    MessageRepository,
    ReceiptRepository,
    RequestLog,
    UploadRepository,
    WorkQueue,
)
from connector.store.values import (
    AccountActivity,
    Assignments,
    ChangeKind,
    FactRow,
    HookState,
    LineDepth,
    RawHook,
    Staff,
    StoreSnapshot,
    TrafficCount,
    WorkDepth,
)

T = TypeVar("T")


class StoreUnavailable(Exception):
    """The store could not commit (disk full, database away). Says why in words.

    Nothing of the use case is kept, with one exception: when the connection to a database server breaks during the
    commit itself, nobody knows whether it was done. Use cases are made so that asking again does no harm.
    """


class CommitUnknown(StoreUnavailable):
    """The connection broke while the database was committing: what was to be written may or may not be there."""


class Raced(Exception):
    """Another writer opened the same conversation first; the store runs the use case again, which then finds it."""


class Transaction(Protocol):
    """All groups of one transaction."""

    @property
    def hooks(self) -> HookRepository: ...
    @property
    def conversations(self) -> ConversationRepository: ...
    @property
    def messages(self) -> MessageRepository: ...
    @property
    def attempts(self) -> AttemptRepository: ...
    @property
    def receipts(self) -> ReceiptRepository: ...
    @property
    def agents(self) -> AgentRepository: ...
    @property
    def consent(self) -> ConsentLedger: ...
    @property
    def work(self) -> WorkQueue: ...
    @property
    def marks(self) -> MarkRepository: ...
    @property
    def accounts(self) -> AccountRepository: ...
    @property
    def uploads(self) -> UploadRepository: ...
    @property
    def requests(self) -> RequestLog: ...
    @property
    def facts(self) -> FactLog: ...

    def staff(self, now: int) -> Staff:
        """Everybody, and what they have to do."""
        ...

    def purge(self, hooks_before: int, facts_before: int, requests_before: int, uploads_until: int) -> None:
        """Drop raw hooks, facts and remembered requests older than these moments, and uploads that expired by then.

        Messages, consent and the keys against repeats stay. Positions are never given out twice, and a reader who
        asks for facts that are gone is told so (see `Reading.floor`).
        """


class Reading(Protocol):
    """One consistent view of what is committed. Locks nothing."""

    def position(self) -> int:
        """The position of the latest fact; 0 when there has been none."""

    def floor(self) -> int:
        """Facts after this position are all still there."""

    def facts_after(self, position: int, limit: int) -> list[FactRow]:
        """The exact tail: the next `limit` facts in order."""

    def snapshot(self, now: int, closed_since: int) -> StoreSnapshot: ...

    def staff(self, now: int) -> Staff:
        """Everybody, and what they have to do."""
        ...

    def latest_owner(self, consumer: str) -> str | None:
        """See `ConversationRepository.latest_owner`."""

    def ahead_of(self, conversation: Conversation) -> int:
        """How many stand before it in its skill's queue."""
        ...

    def queue_lengths(self) -> dict[str, int]:
        """Skill to the number of conversations in its queue; skills without any are left out."""
        ...

    def assigned_since(self, at: int) -> dict[str, Assignments]:
        """Skill to the conversations that were last given to, or taken by, somebody since this moment."""
        ...

    def next_timer(self) -> int | None:
        """The earliest `timer_at` of all."""

    def presence_spans(self, since: int, agent: str | None) -> list[PresenceSpan]:
        """The spans that had not ended before this moment (of one agent), by agent and time."""
        ...

    def conversation(self, conversation_id: str) -> Conversation | None: ...

    def message(self, message_id: str) -> Message | None: ...

    def history(self, consumer: str, before: str | None, limit: int) -> list[Message]:
        """The consumer's latest `limit` messages on all lines and conversations whose id is below `before`, oldest
        first."""

    def hooks(self, states: Sequence[HookState], limit: int) -> list[RawHook]:
        """The newest hooks in these states, newest first."""

    def hook(self, hook_id: str) -> RawHook | None: ...

    def upload(self, token: str) -> Upload | None:
        """The upload served under this token."""

    def pictures_in_use(self, now: int) -> set[str]:
        """The digests that a message refers to, or an upload that has not expired."""

    def account_modes(self) -> dict[str, AccountMode]:
        """Accounts that are not active."""

    def mark(self, name: str) -> int | None: ...

    def traffic(self, since: int) -> list[TrafficCount]:
        """All messages written since this moment, counted."""

    def line_depths(self, kind: str) -> list[LineDepth]: ...

    def next_due(self, kind: str, now: int) -> int | None:
        """When something of this kind can next be claimed: due and free of a lease; None when there is nothing."""

    def work_depths(self, kind: str, now: int) -> list[WorkDepth]: ...

    def activity(self, account: str, since: int) -> AccountActivity: ...


class Store(Protocol):
    """One database. Safe to use from one event loop; several processes may open the same PostgreSQL database."""

    @property
    def name(self) -> str:
        """A random name given when the database was made; a desk that knows another name starts from a snapshot."""
        ...

    async def write(self, use_case: Callable[[Transaction], T]) -> T:
        """Run it in a transaction; return once its effects are committed and on disk.

        What `use_case` raises is raised here, and nothing of it is kept. Raises StoreUnavailable.
        """
        ...

    async def read(self, query: Callable[[Reading], T]) -> T: ...

    async def facts_after(self, position: int, limit: int) -> list[FactRow]:
        """As of a reading; those that this process committed lately cost no reading."""
        ...

    async def wait_for_change(self, what: ChangeKind, timeout_s: float, seen: int | None = None) -> int:
        """Return soon after somebody, in this process or another, has committed such a change, or after the time.

        Gives a number to pass as `seen` next time: a change since then ends that wait at once, so whoever looks
        between two waits misses nothing. It may return early for no reason.
        """
        ...

    async def close(self) -> None:
        """Finish what was accepted, then let go of the database."""
        ...
