"""A message of a conversation: an inbound text, a reply or a note."""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct

from connector.domain.media import Media
from connector.domain.status import Status


class Direction(StrEnum):
    INBOUND = "inbound"  # from the consumer
    REPLY = "reply"  # to the consumer
    NOTE = "note"  # between agents, never sent


class Part(Struct, frozen=True):
    """Header of one segment of a longer text (3GPP TS 23.040, 9.2.3.24), as the provider delivered it."""

    reference: int
    total: int
    number: int
    wide: bool = False  # the reference has 16 bits
    # A character split between two segments is U+FFFD in both; these are its octets, in hexadecimal.
    head: str = ""  # at the start: the rest of a character begun in the segment before
    tail: str = ""  # at the end: the beginning of a character that ends in the next segment
    charset: str = ""  # of these octets: utf-8 or utf-16-be


class Message(Struct, frozen=True):
    """One inbound message as the provider delivered it, or one reply or note as its author wrote it."""

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
    overflow: str = ""  # what a consumer wrote beyond 5,000 code points
    author: str | None = None  # the agent who wrote a reply or note
    ref: str | None = None  # the provider's id (MessageSid, ticket id)
    code: str | None = None  # the provider's error code, as it gave it
    words: str | None = None  # that code in words for an agent
    encoding: str = "GSM-7"
    segments: int = 1
    part: Part | None = None
    media: tuple[Media, ...] = ()
    is_recovered: bool = False  # found in the provider's message list; its hook never arrived
    raw_status: str | None = None  # the provider's status, when it is not one we know
    person: str = ""  # identity of the consumer, whatever the spelling of the number
    resends: str | None = None  # the reply that this one sends again
    resent_as: str | None = None  # the reply that sent this one again
    is_unsettled: bool = False  # a reply that did not arrive, or whose end stays unknown, until an agent deals with it
    settled_by: str | None = None  # the reply written after it, or its conversation when that was closed
    # What it counts as in reports, of the moment it was written. Empty in messages of before there were reports.
    skill: str = ""  # of its conversation
    entry_point: str = ""
    waited_ms: int | None = None  # a reply: how long the consumer had waited for it; None: they had not
    is_late: bool = False  # a reply: written after its due time
    is_first: bool = False  # a reply: to what opened the conversation
    billed: int | None = None  # a reply: segments as the provider counts them, where it says so
