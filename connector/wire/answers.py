"""What the core answers a request with when it took effect."""

from __future__ import annotations

from msgspec import Struct

from connector.wire.views import (
    AgentTargetView,
    HookView,
    LineTrafficView,
    MessageView,
    PresenceSpanView,
    ScorePartView,
    SkillTargetView,
    VerdictView,
)


class Done(Struct, frozen=True, tag_field="type", tag="done"):
    """It took effect."""


class Written(Struct, frozen=True, tag_field="type", tag="written"):
    """The reply is committed and will be sent; its status follows in events."""

    message_id: str


class Started(Struct, frozen=True, tag_field="type", tag="started"):
    conversation_id: str
    message_id: str


class Transferred(Struct, frozen=True, tag_field="type", tag="transferred"):
    """`words` say what became of it: who has it, at whom it rings, or how it waits."""

    words: str


class Targets(Struct, frozen=True, tag_field="type", tag="targets"):
    skills: list[SkillTargetView]
    agents: list[AgentTargetView]


class Explained(Struct, frozen=True, tag_field="type", tag="explained"):
    place: int | None  # in its queue, from 1; None when it is not queued
    reason: str  # why it is where it is
    score: list[ScorePartView]
    agents: list[VerdictView]  # the best first
    next: list[str]  # what happens by itself, and what would change it, in words


class PresenceSpans(Struct, frozen=True, tag_field="type", tag="presence_spans"):
    spans: list[PresenceSpanView]


class PictureStored(Struct, frozen=True, tag_field="type", tag="picture_kept"):
    picture_id: str
    content_type: str  # as its bytes say


class Picture(Struct, frozen=True, tag_field="type", tag="picture"):
    content_type: str
    data: bytes  # base64 in JSON


class Recovered(Struct, frozen=True, tag_field="type", tag="recovered"):
    looked_at: int
    taken_in: int  # messages we did not have


class Traffic(Struct, frozen=True, tag_field="type", tag="traffic"):
    lines: list[LineTrafficView]


class History(Struct, frozen=True, tag_field="type", tag="history"):
    messages: list[MessageView]
    more: bool  # there are older ones


class HookPage(Struct, frozen=True, tag_field="type", tag="hooks"):
    hooks: list[HookView]


Answer = (
    Done
    | Written
    | Started
    | Transferred
    | Targets
    | Explained
    | PresenceSpans
    | PictureStored
    | Picture
    | Traffic
    | Recovered
    | History
    | HookPage
)
