"""What a transaction can do, in groups. Docstrings are the specification; see `base`."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

from connector.domain.account import AccountMode
from connector.domain.agent import Agent, Desk, PresenceSpan
from connector.domain.attempts import Attempt
from connector.domain.consent import ConsentEntry
from connector.domain.conversation import Conversation
from connector.domain.delivery import Receipt
from connector.domain.media import Upload
from connector.domain.message import Message
from connector.store.values import Fact, HookState, RawHook, Work


class HookRepository(Protocol):
    def add(self, hook: RawHook) -> None:
        """Keep a raw hook."""

    def set_state(self, hook_id: str, state: HookState, reason: str) -> bool:
        """Move a kept hook out of quarantine, say; False when it is not there or in that state already."""
        ...


class ConversationRepository(Protocol):
    def get(self, conversation_id: str) -> Conversation | None:
        """The conversation, locked until the end of the transaction."""

    def open_for(self, line: str, consumer: str) -> Conversation | None:
        """The one that is not closed, locked until the end of the transaction."""

    def insert(self, conversation: Conversation) -> None:
        """Keep a new one. Raises Raced when another is already open for its line and consumer."""

    def update(self, conversation: Conversation) -> None:
        """Replace it by its id."""

    def queued(self, limit: int, skill: str) -> list[Conversation]:
        """The first of this skill's queue: by `rank`, then `id`."""

    def queued_skills(self) -> list[str]:
        """The skills that somebody waits for."""

    def assigned_to(self, agent: str) -> list[Conversation]:
        """Those this agent owns, by id."""

    def latest_owner(self, consumer: str) -> str | None:
        """The agent of this consumer's latest closed conversation that had one."""

    def latest_closed(self, line: str, consumer: str) -> Conversation | None:
        """The consumer's latest closed conversation on this line."""

    def has_closed(self, consumer: str) -> bool:
        """Whether a conversation with this consumer was closed before, on any line."""
        ...

    def due_timers(self, now: int, limit: int) -> list[Conversation]:
        """Those to which something has to happen by now, by `timer_at`, then `id`."""


class MessageRepository(Protocol):
    def add_once(self, message: Message) -> bool:
        """Keep it and say True; say False and keep nothing when (account, ref) is already there.

        A unique key decides, so of any number of simultaneous copies exactly one is kept. Without a `ref` (a reply
        not yet accepted) it is always kept.
        """

    def get(self, message_id: str) -> Message | None:
        """The message, locked until the end of the transaction."""

    def by_ref(self, account: str, ref: str) -> Message | None:
        """The message the provider knows by `ref`, locked until the end of the transaction."""

    def in_flight(self, account: str, line: str, consumer: str) -> list[Message]:
        """Replies sending or uncertain that there is still work on, oldest first."""

    def history(self, consumer: str, before: str | None, limit: int) -> list[Message]:
        """See `Reading.history`."""

    def update(self, message: Message) -> None: ...


class AttemptRepository(Protocol):
    def add(self, attempt: Attempt) -> None: ...

    def update(self, attempt: Attempt) -> None:
        """Replace it by (message_id, number)."""

    def latest(self, message_id: str) -> Attempt | None: ...


class ReceiptRepository(Protocol):
    def add_once(self, receipt: Receipt) -> bool:
        """Keep it, whether or not its message is known yet; False when the very same was kept before.

        The same means: equal account, ref, message_id, part, parts and raw_status.
        """

    def for_message(self, account: str, message_id: str, ref: str | None) -> list[Receipt]:
        """All kept for this message, by our id or by the provider's reference, oldest first."""


class AgentRepository(Protocol):
    def get(self, agent_id: str) -> Agent | None: ...

    def save(self, agent: Agent) -> None:
        """Insert or replace by id."""

    def all(self) -> list[Agent]:
        """Everybody, by id."""

    def save_desk(self, desk: Desk) -> None:
        """Insert or replace by id (a replaced desk has a longer lease)."""

    def remove_desk(self, desk_id: str) -> None: ...

    def desks_of(self, node: str) -> list[Desk]:
        """The desks that a core held, or held before it died."""

    def connected(self, now: int) -> set[str]:
        """Agents with at least one desk whose lease has not ended."""

    def expired_desks(self, now: int) -> list[Desk]:
        """Desks whose lease has ended and that nobody has dropped."""

    def current_state(self, agent_id: str) -> str | None:
        """The state of the agent's span that has not ended."""

    def begin_span(self, span: PresenceSpan) -> None:
        """The agent's last span ends where this one begins, never before its own beginning. Nothing changes when both
        say the same."""


class ConsentLedger(Protocol):
    def append(self, entry: ConsentEntry) -> None: ...

    def latest(self, consumer: str) -> ConsentEntry | None:
        """The consumer's last word, on any line of ours."""


class WorkQueue(Protocol):
    def add(self, work: Work) -> None: ...

    def claim(self, kind: str, node: str, now: int, limit: int, lease_until: int) -> list[Work]:
        """Up to `limit` that are due, first of their lane, and under no live lease; they are ours until then.

        Those of the lowest rank, and among these the longest due, are given first.
        No two callers get the same work while a lease lives. `tries` is counted up by each claim, and the returned
        value has the new count.
        """

    def done(self, work_id: str) -> None:
        """Remove it; the next of its lane may be claimed."""

    def make_due(self, account: str, now: int) -> None:
        """What waits for this account, and nobody holds, may be claimed now."""

    def promote_lane(self, lane: str, rank: int) -> None:
        """Nothing in this lane has a higher rank from now on, so that what stands in front holds up nothing of this
        rank for longer than it must."""

    def release_leases(self, node: str, now: int) -> None:
        """End every lease of this node; its work may be claimed again from `now` on."""

    def cancel(self, kind: str, subject: str) -> bool:
        """Remove what nobody has claimed yet; False when there is nothing, or somebody was faster."""
        ...

    def reschedule(self, work_id: str, due_at: int) -> None:
        """Give it back, to be claimed again from `due_at` on. It keeps its place in the lane."""


class MarkRepository(Protocol):
    """Moments under a name, e.g. until when an account's list has been gone through."""

    def get(self, name: str) -> int | None: ...

    def put(self, name: str, at: int) -> None: ...


class AccountRepository(Protocol):
    def mode(self, account: str) -> AccountMode:
        """Active unless somebody has said otherwise."""
        ...

    def set_mode(self, account: str, mode: AccountMode) -> None: ...


class UploadRepository(Protocol):
    def add(self, upload: Upload) -> None: ...

    def get(self, upload_id: str) -> Upload | None: ...


class RequestLog(Protocol):
    def answer(self, request_id: str) -> bytes | None:
        """What was answered to this request before, if it took effect."""

    def remember(self, request_id: str, agent: str, at: int, answer: bytes) -> None: ...


class FactLog(Protocol):
    def append(self, facts: Iterable[Fact]) -> None:
        """Tell them. They get their positions at the end of the transaction, in this order.

        Visible order is commit order on every engine: whoever has seen position n will never see a new fact at or
        below n.
        """
