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
    also_rang: list[str] = []  # agents it rang at as well, who were not as fast


class ConversationRang(Struct, frozen=True, tag_field="type", tag="conversation_rang"):
    """It rings at the agents in its `rings`, until `ring_until`. `reason` says why them."""

    conversation: ConversationView


class ConversationTransferred(Struct, frozen=True, tag_field="type", tag="conversation_transferred"):
    """Its owner handed it over; where it is now is told by the event that follows."""

    conversation: ConversationView
    by: str
    to_skill: str | None
    to_agent: str | None


class ConversationTakenOver(Struct, frozen=True, tag_field="type", tag="conversation_taken_over"):
    """A lead made it theirs."""

    conversation: ConversationView
    by: str
    owner: str | None  # until then


class ConversationJoined(Struct, frozen=True, tag_field="type", tag="conversation_joined"):
    """A lead may write in it beside its owner."""

    conversation: ConversationView
    by: str


class ConversationLeft(Struct, frozen=True, tag_field="type", tag="conversation_left"):
    conversation: ConversationView
    by: str


class DueSet(Struct, frozen=True, tag_field="type", tag="due_set"):
    """Somebody set by hand when an answer is due, or took that back."""

    conversation: ConversationView
    by: str


class DueSoon(Struct, frozen=True, tag_field="type", tag="due_soon"):
    """Its answer is due soon and nobody has written it."""

    conversation: ConversationView


class Overdue(Struct, frozen=True, tag_field="type", tag="overdue"):
    """Its answer was due and nobody has written it."""

    conversation: ConversationView


class WrapUpBegan(Struct, frozen=True, tag_field="type", tag="wrap_up_began"):
    """Its owner closed it and has until `wrap_up_until` to note how it went."""

    conversation: ConversationView


class ConversationReopened(Struct, frozen=True, tag_field="type", tag="conversation_reopened"):
    """A closed one goes on: its consumer wrote soon after, or an agent (`by`) took it up again."""

    conversation: ConversationView
    by: str | None


class NoteWritten(Struct, frozen=True, tag_field="type", tag="note_written"):
    """A note between agents."""

    conversation: ConversationView
    message: MessageView


class ReplyUndone(Struct, frozen=True, tag_field="type", tag="reply_taken_back"):
    """Its author took a reply back before it left; the conversation is as it was before."""

    conversation: ConversationView
    message: MessageView


class ConversationRead(Struct, frozen=True, tag_field="type", tag="conversation_read"):
    """Its owner has read it."""

    conversation: ConversationView


class ConversationClosed(Struct, frozen=True, tag_field="type", tag="conversation_closed"):
    conversation: ConversationView
    by: str | None  # the agent; None: it closed by itself


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
    | ConversationRang
    | ConversationTransferred
    | ConversationTakenOver
    | ConversationJoined
    | ConversationLeft
    | ConversationRead
    | DueSet
    | DueSoon
    | Overdue
    | WrapUpBegan
    | ConversationReopened
    | NoteWritten
    | ReplyUndone
    | ConversationClosed
    | ConsentChanged
    | AgentChanged
)
