"""Pictures and other files of messages, and pictures agents have uploaded to send."""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct


class MediaState(StrEnum):
    WAITING = "waiting"  # to be fetched
    STORED = "kept"
    FAILED = "failed"


class Media(Struct, frozen=True):
    """A picture or file of a message."""

    url: str  # at the provider, or where the provider fetches it
    content_type: str  # declared by the provider; once stored, detected from its bytes
    state: MediaState = MediaState.WAITING
    size: int | None = None  # bytes
    digest: str | None = None  # SHA-256 of the bytes, in hexadecimal
    words: str | None = None  # why it failed


class Upload(Struct, frozen=True):
    """A picture uploaded for a reply, served to the provider under `token` until it expires."""

    id: str
    at: int
    agent: str
    token: str
    digest: str
    content_type: str
    size: int
    expires_at: int
