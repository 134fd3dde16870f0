"""What a desk may ask, what it is answered, and the words of a refusal."""

from __future__ import annotations

from msgspec import Struct

from connector.wire.views import HookView, MessageView


class Accept(Struct, frozen=True, tag_field="type", tag="accept"):
    """Take a queued conversation. Answered with Done; refused with not_queued."""

    conversation_id: str


class Reply(Struct, frozen=True, tag_field="type", tag="reply"):
    """Send a text to the consumer. The request's id makes it happen once. Answered with Written."""

    conversation_id: str
    text: str


class ReturnToQueue(Struct, frozen=True, tag_field="type", tag="return_to_queue"):
    """Give the conversation back; somebody else is tried first. Answered with Done."""

    conversation_id: str


class Close(Struct, frozen=True, tag_field="type", tag="close"):
    """End the conversation; the consumer's next text opens a new one. Answered with Done."""

    conversation_id: str


class MarkRead(Struct, frozen=True, tag_field="type", tag="mark_read"):
    """The owner has seen everything so far. Answered with Done."""

    conversation_id: str


class SetPresence(Struct, frozen=True, tag_field="type", tag="set_presence"):
    """online or away. Answered with Done."""

    presence: str


class GetHistory(Struct, frozen=True, tag_field="type", tag="get_history"):
    """Messages with this conversation's consumer, on all lines, before the message id `before` (exclusive).

    Answered with History: the latest `limit` (at most 200) of them, oldest first.
    """

    conversation_id: str
    before: str | None = None
    limit: int = 50


class GetHooks(Struct, frozen=True, tag_field="type", tag="get_hooks"):
    """Calls of vendors that became no message. Answered with Hooks, newest first, at most `limit` (at most 200)."""

    limit: int = 50


Request = Accept | Reply | ReturnToQueue | Close | MarkRead | SetPresence | GetHistory | GetHooks


class Done(Struct, frozen=True, tag_field="type", tag="done"):
    """It took effect."""


class Written(Struct, frozen=True, tag_field="type", tag="written"):
    """The reply is committed and will be sent; its status follows in events."""

    message_id: str


class History(Struct, frozen=True, tag_field="type", tag="history"):
    messages: list[MessageView]
    more: bool  # there are older ones


class Hooks(Struct, frozen=True, tag_field="type", tag="hooks"):
    hooks: list[HookView]


Answer = Done | Written | History | Hooks

# The codes of a refusal. Each comes with words for a person and, where named, with details.
NOT_OWNER = "not_owner"  # details: agent
NOT_QUEUED = "not_queued"  # somebody took it first, or it is closed; details: state, agent
CLOSED = "closed"
UNKNOWN_CONVERSATION = "unknown_conversation"
EMPTY = "empty"
TOO_LONG = "too_long"  # details: limit, length
OPTED_OUT = "opted_out"
BAD_REQUEST = "bad_request"
STORE_UNAVAILABLE = "store_unavailable"  # nothing was kept; ask again
