"""A conversation between a line and a consumer, from opening to closing."""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct

from connector.domain.message import Direction, Part

# Entry points: how a conversation came about. A line may have one of its own (the poster its number is printed on).
TEXT_IN = "text_in"

FOLLOW_UP = "follow_up"  # an agent texted first

ON_CALL = "on_call"  # texts to the phone of an agent who is on call; closed from the beginning


class ConversationState(StrEnum):
    QUEUED = "queued"
    RINGING = "ringing"  # offered to one agent or several, for a limited time
    ASSIGNED = "assigned"
    WRAP_UP = "wrap_up"  # closed by its owner, who may still record the outcome; counts towards their load
    CLOSED = "closed"


# Nothing in it is to be read any more, unless that is undone.
ENDED = (ConversationState.WRAP_UP, ConversationState.CLOSED)


class DueRule(StrEnum):
    """Rule that an answer's due time comes from."""

    RESPONSE = "response"
    FIRST_CONTACT = "first_contact"
    MANUAL = "manual"  # set by an agent


class DueAlarm(StrEnum):
    """Latest alarm raised about the due time."""

    NONE = ""
    SOON = "soon"
    OVERDUE = "overdue"


class BackFrom(StrEnum):
    """What has brought a conversation back to its owner, until they have opened it."""

    NOTHING = ""
    SNOOZE = "snooze"
    HELD_BACK = "held_back"  # a reply that was to be sent later was not sent


class Conversation(Struct, frozen=True):
    """At most one conversation of a line and a consumer is not closed."""

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
    waiting_since: int | None = None  # when the oldest unanswered message of the consumer came
    closed_at: int | None = None
    last_seq: int = 0  # the sequence number of the latest message, from 1
    unread: int = 0  # consumer texts since the owner last read or replied; segments of one text count once
    last_text: str = ""  # the first 160 code points of the latest text, of its first segment here
    last_direction: Direction = Direction.INBOUND
    last_part: Part | None = None  # the segment `last_text` is from
    returned_by: str | None = None  # the agent who gave it back; routing tries others first
    reason: str = ""  # why it is in this state, in words
    version: int = 1  # grows with every change
    entry_point: str = TEXT_IN
    # When an answer is due, and by which rule. An agent sets `reminder_at`; an answer clears it unless it is kept.
    due_at: int | None = None
    due_by: DueRule = DueRule.RESPONSE
    due_told: DueAlarm = DueAlarm.NONE
    reminder_at: int | None = None
    is_reminder_kept: bool = False
    # Its share of its owner's load: see `connector.domain.load`.
    idle_since: int | None = None  # since when it waits for the consumer
    light_at: int | None = None  # when its weight has fallen to `light`
    light: int = 0  # in thousandths
    # Assignment and ringing.
    assigned_at: int | None = None  # when its owner accepted it or routing assigned it
    rings: tuple[str, ...] = ()  # agents it rings at
    ring_until: int | None = None
    tried: tuple[str, ...] = ()  # agents who declined it or missed the ring
    again_at: int | None = None  # while it waits: until when they are not asked again
    handed_by: str | None = None  # the agent who transferred it, until it is assigned
    moves: int = 0  # how often it was given back or transferred
    joined: tuple[str, ...] = ()  # leads who may write alongside its owner
    scheduled_at: int | None = None  # when the next of the replies is sent that wait for their moment
    # Put away by its owner: see `connector.domain.snooze`.
    snoozed_until: int | None = None
    back_at: int | None = None  # when it last came back by itself, until something is written
    back_from: BackFrom = BackFrom.NOTHING
    tags: tuple[str, ...] = ()  # set at any time; they stay through a close and a reopening
    # Closing.
    outcome: str = ""
    closed_by: str | None = None  # None: closed by a timer
    wrap_up_until: int | None = None
    # Derived from the other fields (`connector.domain.timers`) and stored, so that the store can search for them.
    rank: int = 0  # order in the queue, lowest first
    timer_at: int | None = None  # when its next timer elapses
    person: str = ""  # identity of the consumer, whatever the spelling of the number
    shown: str = ""  # the consumer's number as people of the line's country write it
    unsent: int = 0  # replies that are unsettled: see `Message.is_unsettled`
    # The delivery status of the latest of them; with none of them `uncertain` while a reply is being looked up.
    unsent_status: str = ""
    unsent_at: int | None = None  # when the last of them came back
    name: str = ""  # of the person's contact
    tally: dict[str, int] | None = None  # of a closed one: what its replies were counted as (`domain.tallies`)
