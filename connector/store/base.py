"""The store's ports. Their docstrings are the specification; one contract suite runs on every engine.

A use case is a plain function that takes a `Transaction` and returns a value. It runs in a writer thread, where
nothing can be awaited, so no network call can ever happen inside a transaction. Several use cases that wait at the
same moment share one commit; each still succeeds or fails alone. A use case may run more than once (its work is
rolled back first), so it does nothing but read and write through the transaction. Transactions take turns, those of
other cores included: what one has read stays true until it ends.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from enum import StrEnum
from typing import Protocol, TypeVar

from msgspec import Struct

from connector.domain.status import Status
from connector.domain.values import (
    AccountMode,
    Agent,
    Attempt,
    ConsentEntry,
    Conversation,
    Desk,
    Direction,
    Message,
    Receipt,
    Upload,
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


class HookState(StrEnum):
    TAKEN = "taken"
    REFUSED = "refused"  # not genuine: kept in quarantine, opened nothing
    UNREADABLE = "unreadable"  # genuine, but not in a form we know
    WATCHED = "watched"  # not genuine, taken all the same: its account only watches signatures so far
    UNROUTABLE = "unroutable"  # genuine and readable, but for a number or account that is not ours


class Change(StrEnum):
    """What a commit can bring for those who wait."""

    FACTS = "facts"
    WORK = "work"  # some of it is new, done, due at another time, or free of its lease


class RawHook(Struct, frozen=True):
    """A vendor's HTTP call as it came in, kept before anything is concluded from it."""

    id: str
    at: int
    account: str
    path: str
    url: str
    headers: dict[str, str]
    body: bytes
    state: HookState
    reason: str = ""


class Fact(Struct, frozen=True):
    """Something that happened, in the very bytes desks are told (a wire event). Past tense, never changed."""

    at: int
    kind: str
    conversation_id: str | None
    body: bytes


class FactRow(Struct, frozen=True):
    position: int
    fact: Fact


class Work(Struct, frozen=True):
    """Something to be done outside a transaction: claimed under a lease, so that a dead worker's work is taken over.

    Work in one `lane` is done one at a time, in the order of `ordinal`; the next is not given out before the one
    before it is done. `kind` names the worker (`send`, `settle`).
    """

    id: str
    kind: str
    subject: str  # a message id
    account: str
    lane: str
    ordinal: str
    due_at: int
    tries: int = 0


class WorkDepth(Struct, frozen=True):
    """What waits for one account, now or for a later try; not what a worker holds under a live lease."""

    account: str
    waiting: int
    oldest_due_at: int  # of those waiting; in the future when all wait for a later try


class AccountActivity(Struct, frozen=True):
    """What an account's traffic says about it, read from what is stored."""

    account: str
    last_hook_at: int | None = None  # of the genuine ones: a forged hook is no sign of life
    last_send_at: int | None = None
    last_accepted_at: int | None = None
    failed: int = 0  # attempts refused since the asked moment
    refused_hooks: int = 0  # hooks that were not genuine since the asked moment
    unread_hooks: int = 0  # unreadable or unroutable hooks since the asked moment
    uncertain: int = 0  # replies since then of which nobody knows whether they were sent
    recovered: int = 0  # messages since then whose hook never came
    last_code: str | None = None
    last_words: str | None = None  # of the latest attempt, when it was not accepted


class Traffic(Struct, frozen=True):
    """Messages of one line that are alike: written within the same five minutes, and faring the same."""

    line: str
    direction: Direction
    status: Status
    code: str | None
    words: str | None
    bucket: int  # `at` divided by five minutes
    count: int
    last_at: int


class LineDepth(Struct, frozen=True):
    """What waits to be sent from one line."""

    line: str
    waiting: int
    oldest_due_at: int


class Snapshot(Struct, frozen=True):
    """Everything a desk starts from, as of one position."""

    position: int
    agents: tuple[Agent, ...]
    connected: frozenset[str]  # agents with a live desk
    conversations: tuple[Conversation, ...]  # every open one, and those closed since the asked moment
    opted_out: frozenset[str]  # consumers among them who may not be texted


class Hooks(Protocol):
    def add(self, hook: RawHook) -> None:
        """Keep a raw hook."""

    def set_state(self, hook_id: str, state: HookState, reason: str) -> bool:
        """Move a kept hook out of quarantine, say; False when it is not there or in that state already."""
        ...


class Conversations(Protocol):
    def get(self, conversation_id: str) -> Conversation | None:
        """The conversation, locked until the end of the transaction."""

    def open_for(self, line: str, consumer: str) -> Conversation | None:
        """The one that is not closed, locked until the end of the transaction."""

    def insert(self, conversation: Conversation) -> None:
        """Keep a new one. Raises Raced when another is already open for its line and consumer."""

    def update(self, conversation: Conversation) -> None:
        """Replace it by its id."""

    def queued(self, limit: int, skill: str | None = None) -> list[Conversation]:
        """Those in state queued (for one skill), longest waiting first (`waiting_since`, then `id`)."""

    def queued_skills(self) -> list[str]:
        """The skills that somebody waits for."""

    def loads(self) -> dict[str, int]:
        """Agent id to the number of conversations assigned to them."""

    def assigned_to(self, agent: str) -> list[Conversation]:
        """Those this agent owns, by id."""

    def latest_owner(self, consumer: str) -> str | None:
        """The agent of this consumer's latest closed conversation, if any."""


class Messages(Protocol):
    def add_once(self, message: Message) -> bool:
        """Keep it and say True; say False and keep nothing when (account, ref) is already there.

        A unique key decides, so of any number of simultaneous copies exactly one is kept. Without a `ref` (a reply
        not yet accepted) it is always kept.
        """

    def get(self, message_id: str) -> Message | None:
        """The message, locked until the end of the transaction."""

    def by_ref(self, account: str, ref: str) -> Message | None:
        """The message the provider knows by `ref`, locked until the end of the transaction."""

    def under_way(self, account: str, line: str, consumer: str) -> list[Message]:
        """Replies sending or uncertain that there is still work on, oldest first."""

    def update(self, message: Message) -> None: ...


class Attempts(Protocol):
    def add(self, attempt: Attempt) -> None: ...

    def update(self, attempt: Attempt) -> None:
        """Replace it by (message_id, number)."""

    def latest(self, message_id: str) -> Attempt | None: ...


class Receipts(Protocol):
    def add_once(self, receipt: Receipt) -> bool:
        """Keep it, whether or not its message is known yet; False when the very same was kept before.

        The same means: equal account, ref, message_id, part, parts and raw_status.
        """

    def for_message(self, account: str, message_id: str, ref: str | None) -> list[Receipt]:
        """All kept for this message, by our id or by the provider's reference, oldest first."""


class Agents(Protocol):
    def get(self, agent_id: str) -> Agent | None: ...

    def put(self, agent: Agent) -> None:
        """Insert or replace by id."""

    def all(self) -> list[Agent]:
        """Everybody, by id."""

    def put_desk(self, desk: Desk) -> None:
        """Insert or replace by id (a replaced desk has a longer lease)."""

    def drop_desk(self, desk_id: str) -> None: ...

    def desks_of(self, node: str) -> list[Desk]:
        """The desks that a core held, or held before it died."""

    def live(self, now: int) -> set[str]:
        """Agents with at least one desk whose lease has not ended."""

    def expired(self, now: int) -> list[Desk]:
        """Desks whose lease has ended and that nobody has dropped."""


class Consent(Protocol):
    def append(self, entry: ConsentEntry) -> None: ...

    def latest(self, consumer: str) -> ConsentEntry | None:
        """The consumer's last word, on any line of ours."""


class WorkList(Protocol):
    def add(self, work: Work) -> None: ...

    def claim(self, kind: str, node: str, now: int, limit: int, lease_until: int) -> list[Work]:
        """Up to `limit` that are due, first of their lane, and under no live lease; they are ours until then.

        No two callers get the same work while a lease lives. `tries` is counted up by each claim, and the returned
        value has the new count.
        """

    def done(self, work_id: str) -> None:
        """Remove it; the next of its lane may be claimed."""

    def hasten(self, account: str, now: int) -> None:
        """What waits for this account, and nobody holds, may be claimed now."""

    def release_node(self, node: str, now: int) -> None:
        """End every lease of this node; its work may be claimed again from `now` on."""

    def postpone(self, work_id: str, due_at: int) -> None:
        """Give it back, to be claimed again from `due_at` on. It keeps its place in the lane."""


class Marks(Protocol):
    """Moments under a name, e.g. until when an account's list has been gone through."""

    def get(self, name: str) -> int | None: ...

    def put(self, name: str, at: int) -> None: ...


class Accounts(Protocol):
    def mode(self, account: str) -> AccountMode:
        """Active unless somebody has said otherwise."""
        ...

    def set_mode(self, account: str, mode: AccountMode) -> None: ...


class Uploads(Protocol):
    def add(self, upload: Upload) -> None: ...

    def get(self, upload_id: str) -> Upload | None: ...


class Requests(Protocol):
    def answer(self, request_id: str) -> bytes | None:
        """What was answered to this request before, if it took effect."""

    def remember(self, request_id: str, agent: str, at: int, answer: bytes) -> None: ...


class Facts(Protocol):
    def append(self, facts: Iterable[Fact]) -> None:
        """Tell them. They get their positions at the end of the transaction, in this order.

        Visible order is commit order on every engine: whoever has seen position n will never see a new fact at or
        below n.
        """


class Transaction(Protocol):
    """All groups of one transaction."""

    @property
    def hooks(self) -> Hooks: ...
    @property
    def conversations(self) -> Conversations: ...
    @property
    def messages(self) -> Messages: ...
    @property
    def attempts(self) -> Attempts: ...
    @property
    def receipts(self) -> Receipts: ...
    @property
    def agents(self) -> Agents: ...
    @property
    def consent(self) -> Consent: ...
    @property
    def work(self) -> WorkList: ...
    @property
    def marks(self) -> Marks: ...
    @property
    def accounts(self) -> Accounts: ...
    @property
    def uploads(self) -> Uploads: ...
    @property
    def requests(self) -> Requests: ...
    @property
    def facts(self) -> Facts: ...

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

    def snapshot(self, now: int, closed_since: int) -> Snapshot: ...

    def loads(self) -> dict[str, int]:
        """Agent id to the number of conversations assigned to them."""

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

    def modes(self) -> dict[str, AccountMode]:
        """Accounts that are not active."""

    def mark(self, name: str) -> int | None: ...

    def traffic(self, since: int) -> list[Traffic]:
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

    async def changed(self, what: Change, timeout_s: float, seen: int | None = None) -> int:
        """Return soon after somebody, in this process or another, has committed such a change, or after the time.

        Gives a number to pass as `seen` next time: a change since then ends that wait at once, so whoever looks
        between two waits misses nothing. It may return early for no reason.
        """
        ...

    async def close(self) -> None:
        """Finish what was accepted, then let go of the database."""
        ...
