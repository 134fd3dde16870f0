"""The values both sides carry. Times are milliseconds since 1970-01-01 UTC; new fields may be added at any time."""

from __future__ import annotations

from msgspec import Struct


class PartView(Struct, frozen=True):
    """Which segment of a longer text a message is, where the provider hands over segments."""

    reference: int
    total: int
    number: int
    wide: bool = False  # the reference has 16 bits: never the same as one of 8
    head: str = ""  # hex octets of a cut character at the start, which is U+FFFD in the text
    tail: str = ""  # and at the end; with the next segment's `head` they are the whole character
    charset: str = ""  # of these octets


class ConversationView(Struct, frozen=True):
    """One conversation as a list shows it."""

    id: str
    version: int  # grows with every change; the higher one is the newer one
    state: str  # queued, ringing, assigned, wrap_up, closed
    account: str
    line: str  # our number: E.164, short code or name
    consumer: str  # theirs
    skill: str
    agent: str | None  # the owner, when assigned
    opened_at: int
    last_at: int
    queued_at: int | None
    waiting_since: int | None  # the oldest consumer message nobody has answered
    closed_at: int | None
    last_seq: int
    unread: int  # texts; segments of one text count once
    last_text: str  # at most 160 code points of the latest text, of its first segment here
    last_direction: str  # inbound, reply
    opted_out: bool  # this consumer may not be texted
    reason: str  # why it is where it is
    entry_point: str = (
        "text_in"  # how it came about: text_in, follow_up (an agent texted first), or the line's own word
    )
    due_at: int | None = None  # when an answer is due
    due_by: str = "response"  # response, first_contact, manual (an agent said when)
    due_told: str = ""  # soon, overdue: the alarm that has been told
    reminder_at: int | None = None  # the moment an agent set by hand
    rings: list[str] = []  # the agents it rings at
    ring_until: int | None = None
    returned_by: str | None = None  # who gave it back
    handed_by: str | None = None  # who transferred it, until somebody takes it
    moves: int = 0  # how often it was given back or transferred
    joined: list[str] = []  # leads who write beside its owner
    closes_at: int | None = None  # when it closes by itself, unless somebody writes
    wrap_up_until: int | None = None
    outcome: str = ""
    tags: list[str] = []
    closed_by: str | None = None
    rank: int = 0  # its place in the queue: the lowest is next
    last_part: PartView | None = None  # which segment `last_text` begins


class PictureView(Struct, frozen=True):
    """A picture or file of a message."""

    id: str
    content_type: str  # of an inbound one as the provider says until it is fetched, then as its bytes say
    state: str  # waiting (being fetched), kept, failed
    size: int | None  # bytes, once kept
    words: str | None  # why it failed


class MessageView(Struct, frozen=True):
    """One message. Messages of one conversation are ordered by `seq`, all of a consumer's by `id`."""

    id: str
    conversation_id: str
    seq: int
    direction: str  # inbound, reply, note (between agents, never sent)
    line: str
    consumer: str
    text: str
    at: int
    status: (
        str  # received; queued, sending, accepted, sent, delivered, undelivered, failed, expired, uncertain, withdrawn
    )
    status_at: int
    author: str | None  # the agent who wrote a reply
    code: str | None  # the provider's error code
    words: str | None  # that code in words
    encoding: str  # GSM-7 or UCS-2
    segments: int
    overflow: int  # code points a consumer wrote beyond 5,000; they are kept by the core
    part: PartView | None
    pictures: list[PictureView] = []
    is_recovered: bool = False  # its hook never came; it was found in the provider's list
    raw_status: str | None = None  # the provider's own word, when it is none we know


class AgentView(Struct, frozen=True):
    id: str
    name: str
    presence: str  # online, back_soon, away; offline when no desk is connected
    assigned: int  # conversations they own
    capacity: int
    reason: str = ""  # of being away
    since: int = 0  # they have been so since this moment
    skills: list[str] = []  # none: every skill


class LineView(Struct, frozen=True):
    address: str
    account: str
    skill: str
    undo_s: int = 0  # how long a reply of this skill can be taken back, and a close be undone


class SkillTargetView(Struct, frozen=True):
    """What would become of a conversation handed to a skill."""

    skill: str
    is_open: bool  # within its working hours
    online: int
    free: float  # places
    waiting: int  # conversations in its queue
    wait_s: (
        int | None
    )  # how long one more would wait, from how fast the queue moved in the last hour; None: nobody knows
    goes_to: str | None  # itself, or the fallback that would be asked; None: it would be refused
    words: str


class AgentTargetView(Struct, frozen=True):
    """What would become of a conversation handed to an agent."""

    agent: str
    name: str
    presence: str
    load: float  # places taken
    capacity: int
    can_take: bool
    words: str


class ScorePartView(Struct, frozen=True):
    """One part of a place in the queue. The first is a moment, the others move it."""

    words: str
    ms: int


class VerdictView(Struct, frozen=True):
    """What routing makes of an agent for one conversation."""

    agent: str
    fits: bool
    words: str


class PresenceSpanView(Struct, frozen=True):
    """One state an agent was in."""

    agent: str
    state: str  # a presence, or offline
    reason: str
    from_at: int
    until_at: int | None


class AccountView(Struct, frozen=True):
    """How one provider account is, from its real traffic."""

    account: str
    provider: str  # twilio, openmarket
    state: str  # ok, warning, down, unknown
    words: str  # the reason, for a person; the worst of several
    last_hook_at: int | None
    last_send_at: int | None
    failed: int  # replies of the last hour refused, undelivered or expired: the sum of its lines' buckets
    queue_depth: int  # replies waiting to be sent
    oldest_queued_at: int | None  # when the one that waits longest could first have left
    refused_hooks: int  # calls without the vendor's proof, in the last hour
    unread_hooks: int  # calls that could not be read or belong to no line of ours, in the last hour
    joins_parts: bool  # a long consumer text arrives as one message
    mode: str = "active"  # active; draining: sends what is written, takes no more; off: sends nothing. Inbound is kept
    uncertain: int = 0  # replies of the last day of which nobody knows yet whether they were sent
    recovered: int = 0  # messages of the last day whose hook never came
    balance: str | None = None
    most_pictures: int = 0  # in one reply
    reasons: list[str] = []  # all that keeps it from being ok, the worst first


class HookView(Struct, frozen=True):
    """A vendor's call that became no message, for an administrator."""

    id: str
    at: int
    account: str
    path: str
    state: str  # refused, unreadable, unroutable
    reason: str
    body: str  # the first 2,000 characters, bytes that are not UTF-8 shown as replacement characters


class TrafficBucket(Struct, frozen=True):
    """Five minutes of one line's traffic."""

    at: int  # their beginning
    inbound: int
    accepted: int  # replies the provider took
    delivered: int
    failed: int  # replies refused, undelivered or expired


class ErrorCodeView(Struct, frozen=True):
    """An error code behind the failures of the last hour."""

    code: str | None
    words: str | None
    count: int


class LineTrafficView(Struct, frozen=True):
    """One line's last hour, and what waits on it."""

    account: str
    line: str
    skill: str
    segments_per_s: float  # the pace it may send at
    buckets: list[TrafficBucket]  # twelve, oldest first
    codes: list[ErrorCodeView]  # the most frequent first
    queue_depth: int
    oldest_queued_at: int | None  # when the reply that waits longest could first have left
    last_inbound_at: int | None
    last_reply_at: int | None
    state: str = "unknown"  # ok, warning, down; unknown: nothing came in and nothing was sent
    words: str = ""  # the reason, for a person; the worst of several
    reasons: list[str] = []  # all that keeps it from being ok, the worst first
