"""A message: an inbound text, a reply or a note, with the segment it is and the pictures it has."""

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
    """The header of one segment of a longer text (3GPP TS 23.040, 9.2.3.24), as the provider handed it over."""

    reference: int
    total: int
    number: int
    wide: bool = False  # the reference has 16 bits
    # A character that was cut in two between segments shows as U+FFFD in both; here are its octets, in hex.
    head: str = ""  # at the start of this segment: the rest of the last character of the one before
    tail: str = ""  # at its end: the beginning of the first character of the next
    charset: str = ""  # of these octets: utf-8 or utf-16-be


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
