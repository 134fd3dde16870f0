"""What a desk is told: committed facts, each with the state it left behind. All names are past tense."""

from __future__ import annotations

from msgspec import Struct

from connector.wire.views import AgentView, ConversationView, MessageView, PictureView


class MessageReceived(Struct, frozen=True, tag_field="type", tag="message_received"):
    """A consumer wrote; the conversation is as it stood after that."""

    conversation: ConversationView
    message: MessageView


class ReplyWritten(Struct, frozen=True, tag_field="type", tag="reply_written"):
    """An agent's reply was committed and waits to be sent."""

    conversation: ConversationView
    message: MessageView


class StatusMoved(Struct, frozen=True, tag_field="type", tag="status_moved"):
    """A reply's delivery status moved forward."""

    conversation_id: str
    message_id: str
    seq: int
    status: str
    status_at: int
    code: str | None
    words: str | None
    raw_status: str | None = None


class PictureMoved(Struct, frozen=True, tag_field="type", tag="picture_moved"):
    """A picture of a message was fetched, or could not be."""

    conversation_id: str
    message_id: str
    picture: PictureView


class ConversationQueued(Struct, frozen=True, tag_field="type", tag="conversation_queued"):
    """It waits for an agent: nobody was free, it was given back, or its owner is gone. `reason` says which."""

    conversation: ConversationView


class ConversationAssigned(Struct, frozen=True, tag_field="type", tag="conversation_assigned"):
    """An agent owns it, by routing or by taking it or by texting first. The conversation's `reason` says why them."""

    conversation: ConversationView


class ConversationRead(Struct, frozen=True, tag_field="type", tag="conversation_read"):
    """Its owner has read it."""

    conversation: ConversationView


class ConversationClosed(Struct, frozen=True, tag_field="type", tag="conversation_closed"):
    conversation: ConversationView
    by: str | None  # the agent


class ConsentChanged(Struct, frozen=True, tag_field="type", tag="consent_changed"):
    """The consumer may no longer be texted, or may be again, on every line."""

    consumer: str
    opted_out: bool
    rule: str
    conversation_id: str | None


class AgentChanged(Struct, frozen=True, tag_field="type", tag="agent_changed"):
    """Somebody came, went or changed their presence."""

    agent: AgentView


Event = (
    MessageReceived
    | ReplyWritten
    | StatusMoved
    | PictureMoved
    | ConversationQueued
    | ConversationAssigned
    | ConversationRead
    | ConversationClosed
    | ConsentChanged
    | AgentChanged
)
