"""The store's ports. Their docstrings are the specification; one contract suite runs on every engine.

A use case is a plain function that takes a `Transaction` and returns a value. It runs in a writer thread, where
nothing can be awaited, so no network call can happen inside a transaction. Several use cases that wait at the same
time share one commit; each still succeeds or fails alone. A use case may run more than once (its work is rolled back
first), so it does nothing but read and write through the transaction. Transactions run one after another, those of
other cores included: what one has read stays true until it ends.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Protocol, TypeVar

from connector.domain.account import AccountMode
from connector.domain.agent import Agent, AgentToken, Desk, PresenceSpan
from connector.domain.attempts import Attempt
from connector.domain.audit import AuditEntry, StoredEntry
from connector.domain.consent.entries import ConsentEntry, LikelyOptOut
from connector.domain.contact import Contact
from connector.domain.conversation import Conversation
from connector.domain.draft import Draft
from connector.domain.media import Upload
from connector.domain.message import Message
from connector.domain.note_mentions import Mention
from connector.domain.saved_reply import SavedReply, SavedReplyUses
from connector.domain.scheduled import ScheduledReply
from connector.domain.tallies import TallySpan, TallySum
from connector.store.contact_imports import ContactImports
from connector.store.desk_pages import DeskPages
from connector.store.erasure import Erasure, ErasureReading, SearchedFile
from connector.store.hook_budgets import Standing
from connector.store.marks import MarkKey
from connector.store.on_call import AlertReading, AlertRepository, WebhookOutbox
from connector.store.repositories import (
    AccountRepository,
    AgentRepository,
    AttemptRepository,
    AuditLog,
    ConsentLedger,
    ContactRepository,
    ConversationRepository,
    DraftRepository,
    FactLog,
    HookRepository,
    MarkRepository,
    MentionRepository,
    MessageRepository,
    ReceiptRepository,
    RequestLog,
    SavedReplyRepository,
    ScheduledRepository,
    SendCounts,
    Tallies,
    TokenRepository,
    UploadRepository,
    WorkQueue,
)
from connector.store.search import SearchIndex, SearchReading
from connector.store.values import (
    AheadLimits,
    Assignments,
    ChangeKind,
    CounterRow,
    Cutoffs,
    FactRow,
    HookState,
    LineDepth,
    RawHook,
    Span,
    Staff,
    StoreSnapshot,
    TallyQuestion,
    TrafficCount,
    WorkDepth,
)

T = TypeVar("T")


class StoreUnavailable(Exception):
    """The store could not commit (disk full, database away). The message is a sentence that says why.

    Nothing of the use case is stored, except after CommitUnknown.
    """


class CommitUnknown(StoreUnavailable):
    """The connection broke during the commit, so it may or may not have been done.

    Use cases are written so that running one again does no harm.
    """


class Raced(Exception):
    """Another writer stored the same thing first; the store runs the use case again, which then finds it."""


class Transaction(Protocol):
    """All repositories, in one transaction."""

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
    @property
    def audit(self) -> AuditLog: ...
    @property
    def sends(self) -> SendCounts: ...
    @property
    def tokens(self) -> TokenRepository: ...
    @property
    def drafts(self) -> DraftRepository: ...
    @property
    def mentions(self) -> MentionRepository: ...
    @property
    def scheduled(self) -> ScheduledRepository: ...
    @property
    def saved_replies(self) -> SavedReplyRepository: ...
    @property
    def contacts(self) -> ContactRepository: ...
    @property
    def contact_imports(self) -> ContactImports: ...
    @property
    def erasure(self) -> Erasure: ...
    @property
    def alerts(self) -> AlertRepository: ...
    @property
    def webhook_outbox(self) -> WebhookOutbox: ...
    @property
    def tallies(self) -> Tallies: ...
    @property
    def search(self) -> SearchIndex: ...

    @property
    def latest_id(self) -> str:
        """The highest id that was given in this database; empty before the first. A use case that gives ids continues
        from it and sets it, so that the order of ids is the order of storing."""

    @latest_id.setter
    def latest_id(self, given: str) -> None:
        """One that is not higher changes nothing."""

    def staff(self, now: int) -> Staff:
        """All agents and their loads, and the ringing conversations, as of this time."""
        ...

    def bring_back(self, limits: AheadLimits) -> None:
        """Bring back to their limits the moments of work, attempts, uploads and presence spans that are later."""

    def purge(self, cutoffs: Cutoffs, limit: int) -> bool:
        """Delete what is older than these times: hooks, facts, remembered requests, what was done with replies, ended
        alerts, counters, tallies; and uploads that have expired: about `limit` rows of each kind at most. Returns
        whether more is left to be deleted.

        Messages, consent and the keys that detect repeats stay. No position is used twice, and `Reading.floor` says up
        to which position facts are gone.
        """


class Reading(Protocol):
    """Queries on one consistent view of what is committed. Locks nothing."""

    @property
    def desk_pages(self) -> DeskPages: ...
    @property
    def erasure(self) -> ErasureReading: ...
    @property
    def alerts(self) -> AlertReading: ...
    @property
    def search(self) -> SearchReading: ...

    def server_time(self) -> int:
        """The time now by the clock of the database's server, where it has one."""
        ...

    def position(self) -> int:
        """The position of the latest fact; 0 when there has been none."""

    def floor(self) -> int:
        """The position up to which facts were purged; those after it are all there."""

    def facts_after(self, position: int, limit: int) -> list[FactRow]:
        """The next `limit` facts in order, without a gap."""

    def snapshot(self, now: int, closed_since: int) -> StoreSnapshot: ...

    def staff(self, now: int) -> Staff:
        """All agents and their loads, and the ringing conversations, as of this time."""
        ...

    def agent(self, agent_id: str) -> Agent | None: ...

    def scheduled_of(self, author: str) -> list[ScheduledReply]:
        """This author's replies that wait for their moment, by that, then `id`."""
        ...

    def scheduled_in(self, conversation_id: str) -> list[ScheduledReply]:
        """See `ScheduledRepository.in_conversation`."""
        ...

    def drafts(self, agent: str, conversation_ids: Collection[str] | None) -> list[Draft]:
        """The agent's drafts in these conversations; None: in all."""
        ...

    def mentions(self, agent: str, limit: int) -> list[Mention]:
        """The agent's, the newest first."""
        ...

    def saved_reply(self, saved_reply_id: str) -> SavedReply | None: ...

    def saved_replies(self, agent: str, after: str, limit: int) -> list[SavedReply]:
        """The first `limit` with ids above this one of the agent's own and those that are shared, by id."""
        ...

    def saved_reply_uses(self, agent: str, first: str, last: str) -> list[SavedReplyUses]:
        """Of saved replies with ids from `first` to `last`, where they were used; `used_at` is this agent's."""
        ...

    def agents_of_os_user(self, user: str) -> list[Agent]:
        """Those whose `os_user` is this one, by id."""

    def agents_after(self, agent_id: str, limit: int) -> list[Agent]:
        """The first agents with ids above this one, by id."""

    def token(self, digest: str) -> AgentToken | None:
        """See `TokenRepository.get`."""

    def tokens_of(self, first: str, last: str) -> list[AgentToken]:
        """The tokens of all agents from `first` to `last`, by agent, the oldest first."""

    def live_desks_of(self, first: str, last: str, now: int) -> list[Desk]:
        """The connected desks of all agents from `first` to `last`, by agent, the earliest first."""

    def latest_owner(self, person: str) -> str | None:
        """See `ConversationRepository.latest_owner`."""

    def ahead_of(self, conversation: Conversation, accounts: Collection[str] = ()) -> int:
        """How many conversations of these accounts (none: of all) stand before it in the queue of its skill."""
        ...

    def queue_lengths(self, account: str | None = None) -> dict[str, int]:
        """Number of conversations in the queue of each skill that has any, of all accounts or of one."""
        ...

    def assigned_since(self, at: int) -> dict[str, Assignments]:
        """For each skill, the conversations last assigned at or after this time, by routing or by an agent."""
        ...

    def next_timer(self) -> int | None:
        """The earliest `timer_at` of all conversations."""

    def presence_spans(self, since: int, agent: str | None, limit: int) -> list[PresenceSpan]:
        """Spans that had not ended by this time, of all agents or of one, by agent and time; any `limit` of them."""
        ...

    def conversation(self, conversation_id: str) -> Conversation | None: ...

    def message(self, message_id: str) -> Message | None: ...

    def latest_consent(self, person: str) -> ConsentEntry | None:
        """See `ConsentLedger.latest`."""

    def likely_opt_out(self, person: str) -> LikelyOptOut | None:
        """See `ConsentLedger.likely`."""

    def contact(self, person: str) -> Contact | None: ...

    def contacts_among(self, persons: Collection[str]) -> dict[str, Contact]:
        """Those of these persons, by person."""

    def staged_lines(self, import_id: str, persons: Collection[str]) -> dict[str, int]:
        """The lines of an import that are about these persons, by person."""

    def contacts_found(self, words: Sequence[str], digits: str, limit: int) -> list[Contact]:
        """The first by name, of those whose name has words that begin with each of these (at most four, folded), and
        whose person has these digits; without their notes."""
        ...

    def contacts_after(self, person: str, limit: int) -> list[Contact]:
        """The first contacts of persons after this one, by person."""
        ...

    def likely_opt_outs(self, limit: int) -> list[LikelyOptOut]:
        """Those that no agent has decided about, the oldest first."""

    def history(self, person: str, before: str | None, limit: int) -> list[Message]:
        """The person's latest `limit` messages with an id below `before`, over all lines, addresses and conversations,
        oldest first."""

    def history_after(self, person: str, after: str, limit: int) -> list[Message]:
        """The person's first `limit` messages with an id above `after`, as `history`."""
        ...

    def hooks(self, states: Sequence[HookState], limit: int) -> list[RawHook]:
        """The latest hooks in these states, latest first."""

    def quarantined_hooks(self, standing: Standing, limit: int) -> list[RawHook]:
        """The latest in quarantine of this standing, latest first; not those that earlier versions have stored."""

    def hook(self, hook_id: str) -> RawHook | None: ...

    def upload(self, token: str) -> Upload | None:
        """The upload served under this token."""

    def pictures_in_use(self, now: int) -> set[str]:
        """The digests of the pictures of all messages, and of uploads that have not expired."""

    def account_modes(self) -> dict[str, AccountMode]:
        """The modes of accounts that are not active."""

    def mark(self, key: MarkKey) -> int | None: ...

    def counters(self, span: Span, since: int) -> list[CounterRow]:
        """The counters of the spans of this length that begin at or after this time."""
        ...

    def counters_after(self, position: int) -> list[CounterRow]:
        """The counters, of all spans, that changed with or after the fact at this position; those just before it may be
        among them."""
        ...

    def tallies(self, question: TallyQuestion) -> list[TallySum]:
        """The sums of the tallies that a question is about, by what it names, and by line and country in each."""
        ...

    def online_ms(
        self, span: TallySpan, since: int, until: int, agents: Sequence[str], by: str
    ) -> dict[str | int, int]:
        """How long these agents (none: all) were online in these spans, of the spans of presence that have ended; by
        `agent`, or `at`, when the span begins."""
        ...

    def traffic(self, since: int) -> list[TrafficCount]:
        """All messages since the minute of this time, counted in groups; of the last two days."""

    def unsettled_counts(self) -> dict[str, int]:
        """How many replies of each account wait for an agent's decision, where there are any."""
        ...

    def latest_attempts(self, account: str, limit: int) -> list[Attempt]:
        """Those that started last, the latest first."""
        ...

    def line_depths(self, kind: str) -> list[LineDepth]: ...

    def next_due(self, kind: str, now: int, without: Collection[str] = ()) -> int | None:
        """When work of this kind can next be claimed, `now` at the earliest; None when there is none.

        `without`: accounts whose work does not count.
        """

    def work_depths(self, kind: str, now: int) -> list[WorkDepth]: ...

    def audit_before(self, number: int, actor: str | None, person: str | None, limit: int) -> list[AuditEntry]:
        """The entries before this one, the latest first, of one actor and about one person where given."""

    def stored_audit(self, after: int, limit: int) -> list[StoredEntry]:
        """The entries after this one, the oldest first, as their rows are found."""


class Store(Protocol):
    """One database. Safe to use from one event loop; several processes may open the same PostgreSQL database."""

    @property
    def name(self) -> str:
        """Random name given when the database was made; a desk that knows another one starts from a snapshot."""
        ...

    @property
    def is_of_server(self) -> bool:
        """Whether a server has the database, and not a file of this process."""
        ...

    async def write(self, use_case: Callable[[Transaction], T], then: Callable[[], None] | None = None) -> T:
        """Run the use case in a transaction; return its value once its effects are committed and on disk.

        An exception of the use case is raised here, and nothing it wrote is stored. Raises StoreUnavailable.

        `then`: what changes in memory with this commit. It is called right after it, in the thread of the use cases:
        each other one of this process runs wholly before the commit, or wholly after the call.
        """
        ...

    async def read(self, query: Callable[[Reading], T]) -> T: ...

    async def server_time(self) -> int | None:
        """The time by the clock of the database's server; None where it is a file. Raises StoreUnavailable."""
        ...

    async def facts_after(self, position: int, limit: int) -> list[FactRow]:
        """See `Reading.facts_after`. Facts that this process committed recently come from memory."""
        ...

    async def wait_for_change(self, what: ChangeKind, timeout_s: float, seen: int | None = None) -> int:
        """Return soon after such a change is committed, by this process or another, or after the timeout.

        Returns a number to pass as `seen` to the next wait, which a change made in between then ends at once, so that
        no change is missed. It may return early without a change.
        """
        ...

    def trouble(self) -> str | None:
        """What has happened to the files of the database from outside, and what to do; None while all is well.

        Meanwhile every write raises StoreUnavailable with these words.
        """
        ...

    async def clean(self, *, rewrite: bool = False) -> None:
        """Have deleted rows leave the database's files, as far as that holds nothing up. With `rewrite` all of them
        leave; nothing can be written while that lasts. Raises StoreUnavailable."""

    async def find_bytes(
        self, needles: Mapping[str, Sequence[bytes]], progress: Callable[[float], None]
    ) -> list[SearchedFile]:
        """Look for bytes in the database's files, by name. `progress`: called with the share that was looked at.

        Raises OSError, StoreUnavailable.
        """
        ...

    async def close(self) -> None:
        """Finish what was accepted, then close the database."""
        ...
