"""The draft of a reply."""

from __future__ import annotations

from msgspec import Struct


class Draft(Struct, frozen=True):
    """What an agent has written in a conversation and not sent. Only their own desks see it."""

    agent: str
    conversation_id: str
    text: str
    version: str  # an id of ours, new with each change
    at: int
