"""A conversation: what a line and a consumer say to one another until it is closed."""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct

from connector.domain.message import Direction, Part

# Entry points: how a conversation came about. A line may have one of its own (the poster its number is printed on).
TEXT_IN = "text_in"

FOLLOW_UP = "follow_up"  # an agent texted first


class ConversationState(StrEnum):
    QUEUED = "queued"
    RINGING = "ringing"  # offered to one agent or several, until a set moment
    ASSIGNED = "assigned"
    WRAP_UP = "wrap_up"  # closed by its owner, who may still note how it went; it keeps its place until then
    CLOSED = "closed"


class DueRule(StrEnum):
    """By which rule an answer is due."""

    RESPONSE = "response"
    FIRST_CONTACT = "first_contact"
    MANUAL = "manual"  # an agent said when


class DueAlarm(StrEnum):
    """Which alarm has been told about it."""

    NONE = ""
    SOON = "soon"
    OVERDUE = "overdue"


class Conversation(Struct, frozen=True):
    """One open exchange between a line and a consumer. At most one is not closed per (line, consumer)."""

    id: str
    account: str
    line: str
    consumer: str
    skill: str
    state: ConversationState
    opened_at: int
    last_at: int  # when the latest message was stored
    agent: str | None = None  # the owner, when assigned
    queued_at: int | None = None
    waiting_since: int | None = None  # the oldest consumer message nobody has answered
    closed_at: int | None = None
    last_seq: int = 0  # the sequence number of the latest message, from 1
    unread: int = 0  # consumer texts since the owner last read or replied; segments of one text count once
    last_text: str = ""  # the first 160 code points of the latest text, of its first segment here
    last_direction: Direction = Direction.INBOUND
    last_part: Part | None = None  # which segment that is
    returned_by: str | None = None  # who gave it back, so that somebody else is tried first
    reason: str = ""  # why it is where it is, in words
    version: int = 1  # grows with every change
    entry_point: str = TEXT_IN
    # When an answer is due, and by which rule. `reminder_at` was set by hand; answering clears it unless it is kept.
    due_at: int | None = None
    due_by: DueRule = DueRule.RESPONSE
    due_told: DueAlarm = DueAlarm.NONE
    reminder_at: int | None = None
    is_reminder_kept: bool = False
    # What it weighs on its agent's desk: see `connector.domain.load`.
    idle_since: int | None = None  # since it waits for the consumer
    light_at: int | None = None  # when it has become as light as it gets
    light: int = 0  # what it weighs then, in thousandths
    # Whose turn it is, was and will be.
    assigned_at: int | None = None  # when its owner took it or was given it
    rings: tuple[str, ...] = ()  # agents it is offered to
    ring_until: int | None = None
    tried: tuple[str, ...] = ()  # agents it was offered to in vain
    handed_by: str | None = None  # who transferred it, until somebody takes it
    moves: int = 0  # how often it was given back or transferred
    joined: tuple[str, ...] = ()  # leads who may write beside its owner
    # How it ended.
    outcome: str = ""
    tags: tuple[str, ...] = ()
    closed_by: str | None = None  # None: closed by itself
    wrap_up_until: int | None = None
    # Both follow from the rest (`connector.domain.timers`) and are kept so that the store can look for them.
    rank: int = 0  # its place in the queue; the lowest is next
    timer_at: int | None = None  # when something has to happen to it by itself
