"""The repositories of a transaction. Their docstrings are the specification; see `ports`."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import tzinfo
from typing import Protocol

from connector.domain.account import AccountMode
from connector.domain.agent import Agent, AgentToken, Desk, PresenceSpan
from connector.domain.attempts import Attempt
from connector.domain.audit import AuditEntry
from connector.domain.consent.entries import ConsentEntry, LikelyOptOut
from connector.domain.contact import Contact
from connector.domain.conversation import Conversation
from connector.domain.delivery import Receipt
from connector.domain.draft import Draft
from connector.domain.media import Upload
from connector.domain.message import Message
from connector.domain.note_mentions import Mention
from connector.domain.pseudonyms import Pseudonyms
from connector.domain.rights import Visibility
from connector.domain.saved_reply import ActionsDone, SavedReply
from connector.domain.scheduled import ScheduledReply
from connector.domain.sending_limits import SpanOfSends
from connector.store.marks import MarkKey
from connector.store.values import AheadLimits, Fact, HookState, RawHook, Work


class HookRepository(Protocol):
    def add(self, hook: RawHook) -> None:
        """Store it. One that is charged to a budget takes the place of the oldest, where the budget is exceeded (see
        `store.hook_budgets`); the others stay until they are purged.

        The counters have it under its account, unless that is one that we do not have, whose name may be any.
        """

    def set_state(self, hook_id: str, state: HookState, reason: str) -> bool:
        """Change the state of a stored hook, which is then charged to no budget; False when there is no such hook or it
        has that state already."""
        ...


class ConversationRepository(Protocol):
    def get(self, conversation_id: str) -> Conversation | None:
        """The conversation, locked until the end of the transaction."""

    def open_for(self, line: str, person: str) -> Conversation | None:
        """The one that is not closed, locked until the end of the transaction."""

    def open_of(self, person: str) -> list[Conversation]:
        """All of this person that are not closed, by id."""

    def insert(self, conversation: Conversation) -> None:
        """Store a new one. Raises Raced when another is already open for its line and person."""

    def update(self, conversation: Conversation) -> None:
        """Replace it by its id."""

    def queued(self, limit: int, skill: str, account: str | None = None) -> list[Conversation]:
        """The first in the queue of this skill, of all accounts or of one: by `rank`, then `id`."""

    def queued_skills(self) -> list[str]:
        """The skills with a conversation in their queue, by name."""

    def assigned_to(self, agent: str) -> list[Conversation]:
        """Those assigned to this agent, by id; not those in wrap-up."""

    def owned_by_account(self, agent: str) -> dict[str, int]:
        """How many this agent owns, those in wrap-up included."""

    def joined(self) -> list[Conversation]:
        """Those that an agent has joined, by id."""

    def latest_owner(self, person: str) -> str | None:
        """The owner of this person's latest closed conversation that had one."""

    def latest_closed(self, line: str, person: str) -> Conversation | None:
        """The person's latest closed conversation on this line."""

    def closed_of(self, person: str, since: int) -> list[Conversation]:
        """This person's that were closed at this time or later, on any line."""
        ...

    def has_closed(self, person: str) -> bool:
        """Whether there is a closed conversation with this person, on any line."""
        ...

    def visibilities_with(self, person: str) -> dict[str, Visibility]:
        """Of all conversations with this person, by id."""
        ...

    def rename_closed(self, person: str, name: str) -> None:
        """Give all of this person's that are closed another name and version, where they have not got it."""

    def ahead_of(self, limits: AheadLimits) -> list[Conversation]:
        """Conversations with a moment later than these."""
        ...

    def due_timers(self, now: int, limit: int) -> list[Conversation]:
        """The first whose timer is due: by `timer_at`, then `id`."""


class MessageRepository(Protocol):
    def add_once(self, message: Message) -> bool:
        """Store it and return True; return False and store nothing when (account, ref) is already there.

        A unique key decides, so of any number of simultaneous copies exactly one is stored. Without a `ref` (a reply
        not yet accepted) it is always stored.
        """

    def get(self, message_id: str) -> Message | None:
        """The message, locked until the end of the transaction."""

    def by_ref(self, account: str, ref: str) -> Message | None:
        """The message the provider knows by `ref`, locked until the end of the transaction."""

    def without_ref(self, like: Message, since: int) -> list[Message]:
        """The replies with the text of this one, from its line to its person at any of their numbers, that have no
        `ref` and were written since then; the oldest first."""

    def unsettled(self, line: str, person: str) -> list[Message]:
        """Replies from this line to this person that wait for an agent's decision, of all conversations; by id."""
        ...

    def is_looked_up(self, account: str, line: str, person: str) -> bool:
        """Whether an agent's reply from this line to this person is uncertain, and no agent has dealt with it or has
        to."""
        ...

    def settled_by(self, by: str) -> list[Message]:
        """Replies that this reply settled, or closing this conversation; oldest first."""
        ...

    def replies_in(self, conversation: Conversation) -> list[Message]:
        """The replies of a conversation, the latest first; of one with very many, not the oldest."""
        ...

    def has_inbound(self, person: str) -> bool:
        """Whether this person has ever written to us."""
        ...

    def history(self, person: str, before: str | None, limit: int) -> list[Message]:
        """See `Reading.history`."""

    def update(self, message: Message) -> None:
        """Replace it by its id, unless it is gone. A `ref` that another message of its account has stays with the first
        of them; one that this message loses is free again."""


class AttemptRepository(Protocol):
    def add(self, attempt: Attempt) -> None: ...

    def update(self, attempt: Attempt) -> None:
        """Replace it by (message_id, number)."""

    def latest(self, message_id: str) -> Attempt | None:
        """The one with the highest number."""

    def all_of(self, message_id: str) -> list[Attempt]:
        """All of this reply, by number."""
        ...


class ReceiptRepository(Protocol):
    def add_once(self, receipt: Receipt) -> bool:
        """Store it, whether or not its message is known yet; False when it repeats a stored one.

        A repeat has the same account, ref, message_id, part, parts, raw_status, code and words.
        """

    def for_message(self, account: str, message_id: str, ref: str | None) -> list[Receipt]:
        """All receipts for this message, by our id or by the provider's reference, oldest first."""


class AgentRepository(Protocol):
    def get(self, agent_id: str) -> Agent | None: ...

    def save(self, agent: Agent) -> None:
        """Insert or replace by id."""

    def all(self) -> list[Agent]:
        """All agents, by id."""

    def save_desk(self, desk: Desk) -> None:
        """Insert or replace by id (a replaced desk has a longer lease)."""

    def remove_desk(self, desk_id: str) -> None: ...

    def desks_of(self, node: str) -> list[Desk]:
        """The desks connected to this node, or that were when it died."""

    def desks_of_agent(self, agent_id: str) -> list[Desk]:
        """The agent's desks, also those whose lease has ended."""

    def connected(self, now: int) -> set[str]:
        """Agents with at least one desk whose lease has not ended."""

    def desks_until_after(self, at: int) -> list[Desk]:
        """Desks whose lease ends after this moment."""
        ...

    def expired_desks(self, now: int) -> list[Desk]:
        """Desks whose lease has ended and that have not been removed."""

    def current_state(self, agent_id: str) -> str | None:
        """The state of the agent's presence span that has not ended."""

    def spans_since(self, agent_id: str, at: int) -> list[PresenceSpan]:
        """The agent's presence spans that had not ended by then, in their order."""

    def begin_span(self, span: PresenceSpan) -> None:
        """Store a span; the agent's last one ends where it begins, never before its own beginning. Nothing changes when
        the last one has the same state and reason."""


class TokenRepository(Protocol):
    """Agents' tokens, each known by its digest."""

    def get(self, digest: str) -> AgentToken | None: ...

    def of(self, agent_id: str) -> list[AgentToken]:
        """The agent's, the oldest first."""

    def beginning_with(self, start: str) -> list[AgentToken]:
        """Those whose digest begins with these hexadecimal digits."""

    def save(self, token: AgentToken) -> None:
        """Insert or replace by digest."""

    def remove(self, digest: str) -> None: ...


class SendCounts(Protocol):
    def of(self, agent: str, since: int, slots_since: int) -> list[SpanOfSends]:
        """What the agent sent in the slots that begin at or after `since`: those before `slots_since` by hour, in one
        span from the first of an hour to the last."""
        ...

    def add(self, agent: str, slot: int, *, is_new_number: bool) -> None:
        """Count a send in the slot that begins at this time. Deletes the agent's slots of more than two days before."""


class Tallies(Protocol):
    """What reports are made of. Messages and conversations are counted where they are stored and changed."""

    def count_days_by(self, zone: tzinfo | None) -> None:
        """Hours and days are those of this zone, of all that is counted with this transaction."""

    def count_move(self, conversation: Conversation, measure: str, agent: str, at: int) -> None:
        """Count that this agent has moved a conversation, as it was before: `transfers`, `give_backs`, `take_overs`."""


class ConsentLedger(Protocol):
    def append(self, entry: ConsentEntry) -> None: ...

    def latest(self, person: str, pseudonyms: Pseudonyms) -> ConsentEntry | None:
        """The person's latest entry by id, on any line of any account; also one from before they were erased, which is
        stored under their keyed hash."""

    def pseudonymise(self, person: str, pseudonym: str) -> int:
        """Put all entries of this person under their keyed hash, without number, evidence and message. Their number."""
        ...

    def recognise(self, pseudonym: str, person: str, consumer: str) -> None:
        """Put all entries under this keyed hash back under the person, who is there again."""

    def set_likely(self, likely: LikelyOptOut) -> None:
        """Insert or replace by person."""

    def remove_likely(self, person: str) -> None: ...

    def likely(self, person: str) -> LikelyOptOut | None:
        """The person's likely opt-out that no agent has decided about."""


class WorkQueue(Protocol):
    def add(self, work: Work) -> None: ...

    def claim(
        self, kind: str, node: str, now: int, limit: int, lease_until: int, without: Collection[str] = ()
    ) -> list[Work]:
        """Lease up to `limit` items to this node: those due, first of their lane, and under no live lease.

        Those of the lowest rank, and among these the longest due, are claimed first. No two callers get the same item
        while its lease lives.
        `without`: accounts whose work is left.
        """

    def done(self, work_id: str) -> None:
        """Remove it; the next of its lane may be claimed."""

    def reschedule(self, work_id: str, due_at: int, *, is_try: bool = False) -> None:
        """End its lease; it may be claimed again from `due_at` on. It stays where it is in its lane.

        `is_try`: it was done without success, which `tries` counts. A claim counts for nothing, as its worker may die.
        """

    def cancel(self, kind: str, subject: str) -> bool:
        """Remove what is under no lease; False when there is nothing, or it has been claimed."""
        ...

    def make_due(self, account: str, now: int) -> None:
        """Everything of this account that was due before and was put off may be claimed now, if it is under no lease.
        What has not been due yet, as a reply that can still be undone, stays."""

    def promote_lane(self, lane: str, rank: int) -> None:
        """Lower every higher rank in this lane to this one, so that what stands in front of an urgent item does not
        delay it for longer than it must."""

    def extend_leases(self, after: int, until: int) -> None:
        """Leases that end after the first moment, and before the second, end at the second."""

    def release_leases(self, node: str, now: int) -> None:
        """End every lease of this node; its work may be claimed again from `now` on."""


class MarkRepository(Protocol):
    """Times under a name, such as until when an account's message list has been recovered."""

    def get(self, key: MarkKey) -> int | None: ...

    def set(self, key: MarkKey, at: int) -> None: ...


class AccountRepository(Protocol):
    def mode(self, account: str) -> AccountMode:
        """Active unless another mode has been set."""
        ...

    def set_mode(self, account: str, mode: AccountMode) -> None: ...


class UploadRepository(Protocol):
    def add(self, upload: Upload) -> None: ...

    def get(self, upload_id: str) -> Upload | None: ...


class DraftRepository(Protocol):
    def get(self, agent: str, conversation_id: str) -> Draft | None: ...

    def count(self, agent: str) -> int:
        """How many drafts the agent has."""
        ...

    def save(self, draft: Draft) -> None: ...

    def remove(self, agent: str, conversation_id: str) -> None: ...


class MentionRepository(Protocol):
    def add(self, mention: Mention) -> None: ...

    def remove(self, agent: str, conversation_id: str) -> int:
        """The agent's in this conversation. Returns how many they were."""
        ...


class SavedReplyRepository(Protocol):
    def get(self, saved_reply_id: str) -> SavedReply | None: ...

    def of(self, owner: str) -> list[SavedReply]:
        """All of this owner, by id."""
        ...

    def count(self, owner: str) -> int: ...

    def with_shortcut(self, owner: str, shortcut: str) -> SavedReply | None: ...

    def save(self, replies: Collection[SavedReply]) -> None:
        """Insert or replace by id."""

    def remove(self, saved_reply_id: str) -> None:
        """With what is known of its use."""

    def used(self, saved_reply_id: str, agent: str, at: int) -> None:
        """Count one use."""

    def add_done(self, done: ActionsDone) -> None:
        """Remember what was done with a reply, for its undo."""

    def done(self, message_id: str) -> ActionsDone | None: ...

    def remove_done(self, message_id: str) -> None: ...


class ContactRepository(Protocol):
    def get(self, person: str) -> Contact | None: ...

    def name_of(self, person: str) -> str:
        """The name of the person's contact; empty where there is none."""
        ...

    def save(self, contact: Contact) -> None:
        """Insert or replace by person."""

    def remove(self, person: str) -> bool:
        """False when there is none."""
        ...


class ScheduledRepository(Protocol):
    def add(self, scheduled: ScheduledReply) -> None: ...

    def get(self, scheduled_id: str) -> ScheduledReply | None: ...

    def in_conversation(self, conversation_id: str) -> list[ScheduledReply]:
        """By when they are to be sent, then `id`."""
        ...

    def count(self, author: str) -> int:
        """How many wait, of this author."""
        ...

    def remove(self, scheduled_id: str) -> None: ...


class RequestLog(Protocol):
    def answer(self, agent: str, request_id: str) -> bytes | None:
        """The answer this request of this agent got before, if it took effect."""

    def remember(self, agent: str, request_id: str, at: int, answer: bytes) -> None: ...


class FactLog(Protocol):
    def append(self, facts: Iterable[Fact]) -> None:
        """Append facts. They get their positions at the end of the transaction, in this order.

        Visible order is commit order on every engine: a reader that has seen position n never sees a new fact at or
        below n.
        """


class AuditLog(Protocol):
    def latest(self) -> AuditEntry | None:
        """The entry that the next one follows."""

    def latest_about(self, person: str, limit: int) -> list[AuditEntry]:
        """The latest about the consumer with this keyed hash, latest first."""

    def append(self, entry: AuditEntry) -> None:
        """Store an entry for good: the database refuses to change or delete it."""
