"""Values of the store that are none of the domain: hooks, facts, work, and the results of queries.

Times are milliseconds since the epoch.
"""

from __future__ import annotations

from enum import IntEnum, StrEnum
from typing import NamedTuple

from msgspec import Struct

from connector.domain.agent import Agent
from connector.domain.conversation import Conversation, ConversationState
from connector.domain.message import Direction
from connector.domain.rights import Visibility
from connector.domain.status import Status
from connector.domain.tallies import Measures, TallyKey, TallyKind, TallySpan
from connector.domain.urgency import Urgency


class HookState(StrEnum):
    """Whether a hook was taken; all others are in quarantine."""

    TAKEN = "taken"
    REFUSED = "refused"  # not genuine
    UNREADABLE = "unreadable"  # genuine, but not, or not all of it, in a form we know
    UNUSED = "unused"  # genuine and readable, and nothing is done with it, such as another program's receipt
    WATCHED = "watched"  # not genuine, but taken: its account only watches signatures so far
    UNROUTABLE = "unroutable"  # genuine and readable, but for a number or account that is not ours


class ChangeKind(StrEnum):
    """A kind of change that tasks wait for."""

    FACTS = "facts"
    COUNTS = "counts"  # something was counted
    IMPORTS = "imports"  # an import of contacts was applied or dropped
    WORK = "work"  # work was added, finished, rescheduled, or is free of its lease


# Among the headers of a stored hook; no real header can have such a name.
METHOD = ":method"  # when it was no POST
CUT = ":cut"  # what was stored in part: "body", "address" or "body and address"


class RawHook(Struct, frozen=True):
    """A provider's HTTP request as it came in, stored whatever is concluded from it."""

    id: str
    at: int
    account: str
    path: str
    url: str
    headers: dict[str, str]
    body: bytes
    state: HookState
    reason: str = ""
    budget: str | None = None  # of bytes that it is charged to; None: to none (see `store.hook_budgets`)
    size: int = 0  # bytes charged

    @property
    def method(self) -> str:
        return self.headers.get(METHOD, "POST")

    @property
    def cut(self) -> str:
        """Which parts are not stored whole; blank: none."""
        return self.headers.get(CUT, "")


class Fact(Struct, frozen=True):
    """Something that happened and was committed: an event, in the exact bytes desks receive. Never changed."""

    at: int
    kind: str
    conversation_id: str | None
    body: bytes
    visibility: str | None = None  # of its conversation after it, as JSON; None: what it is when the fact is read
    visibility_before: str | None = None  # None: the same


class FactRow(Struct, frozen=True):
    """A fact and its position."""

    position: int
    fact: Fact


class Work(Struct, frozen=True):
    """Something to be done outside a transaction. It is claimed under a lease, so that another worker can take it over.

    Work in one `lane` is done one at a time, in the order of `ordinal`: an item can be claimed once the one before it
    is done. `kind` names the worker (`send`, `settle`). Among lanes the lowest `rank` goes first.
    """

    id: str
    kind: str
    subject: str  # a message id
    account: str
    lane: str
    ordinal: str
    due_at: int
    tries: int = 0  # how often it was done, and has to be done again
    rank: int = Urgency.ANSWER


class WorkDepth(Struct, frozen=True):
    """The work of one account that waits, now or for a later try; without what is under a live lease."""

    account: str
    waiting: int
    oldest_since: int  # when the one that waits longest was first due, however often it was rescheduled since


class Span(IntEnum):
    """What a counter covers, in milliseconds."""

    IN_ALL = 0
    MINUTE = 60_000
    HOUR = 3_600_000


class CounterKind(StrEnum):
    """What is counted."""

    INBOUND = "inbound"
    REPLY = "reply"
    NOTE = "note"
    RECOVERED = "recovered"  # inbound, too: no hook brought it
    HOOK = "hook"
    BILLED_OTHERWISE = "billed_otherwise"  # replies, too: `code` is how many segments were predicted and billed


class CounterKey(NamedTuple):
    """What is counted together. `line` is empty of hooks; `status` is a Status or HookState."""

    account: str
    line: str
    kind: CounterKind
    status: str
    code: str  # the provider's error code; empty without
    words: str  # of a reply that did not arrive, by minute only; else empty


class CounterRow(Struct, frozen=True):
    """How many there are in a span of time. A message counts in the minute in which it came, as it is now."""

    span: int  # a Span
    at: int  # when the span begins; 0 in all
    account: str
    line: str
    kind: CounterKind
    status: str
    code: str
    words: str
    count: int
    last_at: int  # when the latest came

    @property
    def key(self) -> CounterKey:
        return CounterKey(self.account, self.line, self.kind, self.status, self.code, self.words)


class TallyRow(Struct, frozen=True):
    """A tally as it is stored."""

    span: int
    at: int
    key: TallyKey
    measures: Measures


class TallyQuestion(Struct, frozen=True, kw_only=True):
    """Which tallies are summed, and by what. Without accounts, skills and names, those of all."""

    kind: TallyKind = TallyKind.WORK
    span: TallySpan
    since: int  # the spans that begin then or later
    until: int  # and before this
    by: str  # account, line, skill, agent, entry_point, outcome, or at: when the span begins
    only: dict[str, str] = {}  # by such a name
    leads: bool  # whether those of the accounts and skills are summed; else only those of the agent `own`
    accounts: tuple[str, ...] = ()
    skills: tuple[str, ...] = ()
    own: str = ""


class TrafficCount(Struct, frozen=True):
    """The number of messages of one line within the same five minutes that have the same status and code."""

    line: str
    direction: Direction
    status: Status
    code: str | None
    words: str | None
    bucket: int  # `at` divided by five minutes
    count: int
    last_at: int


class Cutoffs(Struct, frozen=True, kw_only=True):
    """Up to when a purge deletes; nothing of a kind by default."""

    hooks_before: int = 0  # but genuine ones in quarantine
    genuine_hooks_before: int = 0  # these
    facts_before: int = 0
    requests_before: int = 0
    uploads_until: int = 0
    alerts_before: int = 0  # that have ended
    minutes_before: int = 0  # counters by minute
    hours_before: int = 0  # counters by hour
    tally_hours_before: int = 0  # tallies by hour
    tally_days_before: int = 0  # tallies by day
    facts_after: int = 2**62  # facts of later moments were written while the clock was wrong, and do not stay for long


class WorkLimit(Struct, frozen=True):
    """The latest moment for which work of a kind that has been tried so often can be due now."""

    kind: str
    tries: int
    due_at: int


class AheadLimits(Struct, frozen=True, kw_only=True):
    """The latest moments that rules can set now; later ones were set by a clock that was wrong."""

    now: int  # of what happened
    lease_until: int  # of work
    work: tuple[WorkLimit, ...]  # the last of a kind holds for more tries, too
    upload_until: int
    timer_at: int  # rings, wrap-ups and falling weights of conversations
    due_at: int  # their due times by rule
    accounts: tuple[str, ...]  # those whose attempts are looked at


class LineDepth(Struct, frozen=True):
    """The replies of one line that wait to be sent."""

    line: str
    waiting: int
    oldest_since: int  # see WorkDepth


class Load(Struct, frozen=True):
    """What an agent has to do."""

    count: int  # conversations, those in wrap-up included
    weight: int  # their sum, in thousandths (see `connector.domain.load`)


class Staff(Struct, frozen=True):
    """The agents and what they have to do, at one time, for routing."""

    agents: tuple[Agent, ...]
    connected: frozenset[str]  # those with a desk that counts: its lease has not ended, and its line is not silent
    silent: frozenset[str]  # those with a desk whose line is silent
    loads: dict[str, Load]
    ringing: tuple[Conversation, ...]


class Assignments(Struct, frozen=True):
    """Conversations of one skill that were assigned to agents."""

    count: int
    first_at: int


class PageScope(Struct, frozen=True):
    """Which conversations a page is about, people aside: without accounts or skills, those of all."""

    accounts: tuple[str, ...] = ()
    skills: tuple[str, ...] = ()


class ConversationCount(Struct, frozen=True):
    """How many conversations there are of one owner, account and skill."""

    agent: str | None
    account: str
    skill: str
    count: int


class HeldWork(Struct, frozen=True):
    """What there is to do in the conversations of one owner, account and skill."""

    agent: str
    account: str
    skill: str
    count: int
    waiting: int  # consumers who wait for an answer
    waits_since: int | None  # the longest of them
    overdue: int
    unsent: int
    unsure: int


class QueuedWork(Struct, frozen=True):
    """The queue of one account and skill."""

    account: str
    skill: str
    count: int
    waits_since: int | None  # the longest
    overdue: int


class PastConversation(Struct, frozen=True):
    """A conversation as far as it is listed beside others with the same person."""

    id: str
    visibility: Visibility
    line: str
    state: ConversationState
    opened_at: int
    closed_at: int | None
    outcome: str
    tags: tuple[str, ...]


class StoreSnapshot(Struct, frozen=True):
    """All agents and listed conversations, as of one position: what the checks of a simulated day look at."""

    position: int
    agents: tuple[Agent, ...]
    connected: frozenset[str]  # agents with a desk that counts
    conversations: tuple[Conversation, ...]  # all that are open, and those closed since the time asked for
    silent: frozenset[str] = frozenset()  # agents with a desk whose line is silent
