"""The things the core keeps: lines, consumers' conversations, messages, agents, consent.

All values are frozen; a change is a new value (`msgspec.structs.replace`). Addresses are strings as the field writes
them: E.164 with a plus (`+15550100`), a short code (`12345`), or an alphanumeric sender (`TEXTDESK`).
"""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct

from connector.domain.status import Status

# Entry points: how a conversation came about. A line may have one of its own (the poster its number is printed on).
TEXT_IN = "text_in"
FOLLOW_UP = "follow_up"  # an agent texted first


class ConversationState(StrEnum):
    QUEUED = "queued"
    RINGING = "ringing"  # offered to one agent or several, until a set moment
    ASSIGNED = "assigned"
    WRAP_UP = "wrap_up"  # closed by its owner, who may still note how it went; it keeps its place until then
    CLOSED = "closed"


class Due(StrEnum):
    """By which rule an answer is due."""

    RESPONSE = "response"
    FIRST_CONTACT = "first_contact"
    MANUAL = "manual"  # an agent said when


class DueTold(StrEnum):
    """Which alarm has been told about it."""

    NOTHING = ""
    SOON = "soon"
    OVERDUE = "overdue"


class Direction(StrEnum):
    INBOUND = "inbound"  # from the consumer
    REPLY = "reply"  # to the consumer
    NOTE = "note"  # between agents, never sent


class Presence(StrEnum):
    ONLINE = "online"
    BACK_SOON = "back_soon"
    AWAY = "away"


class Line(Struct, frozen=True):
    """One of our numbers or short codes: where it belongs and who answers it."""

    address: str
    account: str
    skill: str
    entry_point: str = TEXT_IN  # how its consumers come to know it


class Part(Struct, frozen=True):
    """The header of one segment of a longer text (3GPP TS 23.040, 9.2.3.24), as the provider handed it over."""

    reference: int
    total: int
    number: int
    wide: bool = False  # the reference has 16 bits
    # A character that was cut in two between segments shows as U+FFFD in both; here are its octets, in hex.
    head: str = ""  # at the start of this segment: the rest of the last character of the one before
    tail: str = ""  # at its end: the beginning of the first character of the next
    charset: str = ""  # of these octets: utf-8 or utf-16-be


class MediaState(StrEnum):
    WAITING = "waiting"  # to be fetched
    KEPT = "kept"
    FAILED = "failed"


class Media(Struct, frozen=True):
    """A picture or file of a message."""

    url: str  # where the provider has it, or fetches it from
    content_type: str  # as the provider says until it is kept, then as its bytes say
    state: MediaState = MediaState.WAITING
    size: int | None = None  # bytes
    digest: str | None = None  # SHA-256 of the bytes, in hexadecimal
    words: str | None = None  # why it failed


class Upload(Struct, frozen=True):
    """A picture an agent handed over, served to the provider under `token` until it expires."""

    id: str
    at: int
    agent: str
    token: str
    digest: str
    content_type: str
    size: int
    expires_at: int


class AccountMode(StrEnum):
    ACTIVE = "active"
    DRAINING = "draining"  # what is written is sent, nothing more is taken
    OFF = "off"  # nothing is sent; what comes in is kept all the same


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
    due_by: Due = Due.RESPONSE
    due_told: DueTold = DueTold.NOTHING
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


class Message(Struct, frozen=True):
    """One message as the provider handed it over, or one reply as the agent wrote it."""

    id: str
    conversation_id: str
    account: str
    line: str
    consumer: str
    seq: int  # within its conversation, from 1
    direction: Direction
    text: str  # at most 5,000 code points inbound, 1,600 in a reply
    at: int
    status: Status
    status_at: int
    overflow: str = ""  # what a consumer wrote beyond 5,000 code points, kept, never shown as part of the text
    author: str | None = None  # the agent, of a reply
    ref: str | None = None  # the provider's id (MessageSid, ticket id)
    code: str | None = None  # the provider's error code, as it gave it
    words: str | None = None  # that code in words an agent can act on
    encoding: str = "GSM-7"
    segments: int = 1
    part: Part | None = None
    media: tuple[Media, ...] = ()
    is_recovered: bool = False  # its hook never came: it was found in the provider's list
    raw_status: str | None = None  # the provider's own word, when it is none we know


class Agent(Struct, frozen=True):
    """Somebody who answers. No skills means every skill."""

    id: str
    name: str
    skills: tuple[str, ...] = ()
    capacity: int = 4  # places that routing fills; taking more by hand is allowed
    presence: Presence = Presence.ONLINE
    presence_at: int = 0  # since when they are as they are, connected or not
    assigned_at: int = 0  # when routing last gave them a conversation
    presence_reason: str = ""  # of being away, in a word
    came_at: int = 0  # when they last signed in after having had no desk

    def has(self, skill: str) -> bool:
        return not self.skills or skill in self.skills


class PresenceSpan(Struct, frozen=True):
    """How long an agent was in one state. `state`: a presence, or offline."""

    agent: str
    state: str
    reason: str
    from_at: int
    until_at: int | None = None  # None: still


class Desk(Struct, frozen=True):
    """One connected terminal of an agent. It counts until its lease ends."""

    id: str
    agent: str
    node: str
    lease_until: int


class ConsentKind(StrEnum):
    OPTED_OUT = "opted_out"
    OPTED_IN = "opted_in"


class ConsentEntry(Struct, frozen=True):
    """One line of the append-only consent ledger: who said what, where, and by which rule it counts."""

    id: str
    at: int
    account: str
    line: str
    consumer: str
    kind: ConsentKind
    rule: str  # e.g. "keyword STOP", "provider error 21610"
    evidence: str  # the consumer's own words
    message_id: str | None = None


class Receipt(Struct, frozen=True):
    """One delivery report. `message_id` when the callback carried ours, `ref` when it named the provider's."""

    account: str
    at: int
    status: Status
    raw_status: str  # the vendor's own word or code
    ref: str | None = None
    message_id: str | None = None
    code: str | None = None
    words: str | None = None
    part: int = 1
    parts: int = 1


class Attempt(Struct, frozen=True):
    """One call of the provider's send. `outcome` is None while nobody knows how it ended."""

    message_id: str
    number: int  # from 1
    account: str
    started_at: int
    ended_at: int | None = None
    outcome: str | None = None  # accepted, refused, try_later, uncertain
    code: str | None = None
    words: str | None = None
