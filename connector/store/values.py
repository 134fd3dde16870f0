"""What the store keeps and tells beside the values of the domain. Moments are milliseconds."""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct

from connector.domain.agent import Agent
from connector.domain.conversation import Conversation
from connector.domain.message import Direction
from connector.domain.status import Status
from connector.domain.urgency import Urgency


class HookState(StrEnum):
    TAKEN = "taken"
    REFUSED = "refused"  # not genuine: kept in quarantine, opened nothing
    UNREADABLE = "unreadable"  # genuine, but not in a form we know
    WATCHED = "watched"  # not genuine, taken all the same: its account only watches signatures so far
    UNROUTABLE = "unroutable"  # genuine and readable, but for a number or account that is not ours


class ChangeKind(StrEnum):
    """What a commit can bring for those who wait."""

    FACTS = "facts"
    WORK = "work"  # some of it is new, done, due at another time, or free of its lease


METHOD = ":method"  # among the headers of a kept call that was no POST; no real header can have such a name


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

    @property
    def method(self) -> str:
        return self.headers.get(METHOD, "POST")


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
    before it is done. `kind` names the worker (`send`, `settle`). Among lanes the lowest `rank` goes first.
    """

    id: str
    kind: str
    subject: str  # a message id
    account: str
    lane: str
    ordinal: str
    due_at: int
    tries: int = 0
    rank: int = Urgency.ANSWER


class WorkDepth(Struct, frozen=True):
    """What waits for one account, now or for a later try; not what a worker holds under a live lease."""

    account: str
    waiting: int
    oldest_since: int  # when the one that waits longest was first due, however often it was postponed since


class AccountActivity(Struct, frozen=True):
    """What an account's traffic says about it, read from what is stored."""

    account: str
    last_hook_at: int | None = None  # of the genuine ones: a forged hook is no sign of life
    last_send_at: int | None = None
    refused_hooks: int = 0  # hooks that were not genuine since the asked moment
    unread_hooks: int = 0  # unreadable or unroutable hooks since the asked moment
    uncertain: int = 0  # replies since then of which nobody knows whether they were sent
    recovered: int = 0  # messages since then whose hook never came
    last_code: str | None = None
    last_words: str | None = None  # of the latest attempt, when it was not accepted


class TrafficCount(Struct, frozen=True):
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
    oldest_since: int  # see WorkDepth


class Load(Struct, frozen=True):
    """What an agent has on their desk."""

    count: int  # conversations, those in wrap-up included
    weight: int  # what they weigh together at the asked moment, in thousandths (see `connector.domain.load`)


class Staff(Struct, frozen=True):
    """Everything routing asks about agents, as of one moment."""

    agents: tuple[Agent, ...]
    connected: frozenset[str]  # those with a desk whose lease has not ended
    loads: dict[str, Load]
    ringing: tuple[Conversation, ...]


class Assignments(Struct, frozen=True):
    """Conversations of one skill that somebody was given or took."""

    count: int
    first_at: int


class StoreSnapshot(Struct, frozen=True):
    """Everything a desk starts from, as of one position."""

    position: int
    agents: tuple[Agent, ...]
    connected: frozenset[str]  # agents with a live desk
    conversations: tuple[Conversation, ...]  # every open one, and those closed since the asked moment
    opted_out: frozenset[str]  # consumers among them who may not be texted
