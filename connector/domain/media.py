"""Pictures of messages, and those agents have uploaded to send."""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct


class MediaState(StrEnum):
    WAITING = "waiting"  # to be fetched
    STORED = "kept"
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
