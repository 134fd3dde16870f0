"""Events: committed facts as desks receive them, each with the resulting state. Names are in the past tense."""

from msgspec import Struct

from connector.wire.views import (
    AgentView,
    AlertView,
    ConversationView,
    MentionView,
    MessageView,
    PictureView,
    ScheduledView,
)


class MessageReceived(Struct, frozen=True, tag_field="type", tag="message_received"):
    """A consumer wrote."""

    conversation: ConversationView
    message: MessageView


class ReplyWritten(Struct, frozen=True, tag_field="type", tag="reply_written"):
    """An agent's reply was committed; it is yet to be sent."""

    conversation: ConversationView
    message: MessageView


class ReplyScheduled(Struct, frozen=True, tag_field="type", tag="reply_scheduled"):
    """An agent's reply was stored; it is sent at its moment."""

    conversation: ConversationView
    scheduled: ScheduledView


class ScheduleEnded(Struct, frozen=True, tag_field="type", tag="schedule_ended"):
    """A reply waits for its moment no more: it is sent, as the next event says, or is its author's draft again."""

    conversation: ConversationView
    scheduled: ScheduledView
    ended: str  # sent, cancelled, held_back
    by: str | None = None  # the agent who cancelled it
    words: str = ""  # why it was held back


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
    resent_as: str | None = None
    is_unsettled: bool = False


class SendFailed(Struct, frozen=True, tag_field="type", tag="send_failed"):
    """A reply did not arrive, or it stays unknown whether it did; or more is known of one like that. It waits for an
    agent's decision: to send it again (Resend), to write another, or to close."""

    conversation: ConversationView
    message: MessageView


class SendArrived(Struct, frozen=True, tag_field="type", tag="send_arrived"):
    """A reply that had been taken for lost arrived after all; it waits for no decision any more."""

    conversation: ConversationView
    message: MessageView


class PictureMoved(Struct, frozen=True, tag_field="type", tag="picture_moved"):
    """A picture of an inbound message was stored, or could not be fetched."""

    conversation_id: str
    message_id: str
    picture: PictureView


class ConversationQueued(Struct, frozen=True, tag_field="type", tag="conversation_queued"):
    """A conversation waits in the queue; its `reason` says why."""

    conversation: ConversationView


class ConversationAssigned(Struct, frozen=True, tag_field="type", tag="conversation_assigned"):
    """An agent owns a conversation: by routing, by accepting it, or by texting first. Its `reason` says why them."""

    conversation: ConversationView
    also_rang: list[str] = []  # other agents it rang at until then


class ConversationRang(Struct, frozen=True, tag_field="type", tag="conversation_rang"):
    """A conversation rings at the agents in its `rings` until `ring_until`. Its `reason` says why them."""

    conversation: ConversationView


class ConversationTransferred(Struct, frozen=True, tag_field="type", tag="conversation_transferred"):
    """An agent transferred a conversation; the event that follows has its new state."""

    conversation: ConversationView
    by: str
    to_skill: str | None
    to_agent: str | None


class ConversationTakenOver(Struct, frozen=True, tag_field="type", tag="conversation_taken_over"):
    """A lead took over a conversation."""

    conversation: ConversationView
    by: str
    owner: str | None  # before that


class ConversationJoined(Struct, frozen=True, tag_field="type", tag="conversation_joined"):
    """A lead joined: they may write alongside the owner."""

    conversation: ConversationView
    by: str


class ConversationLeft(Struct, frozen=True, tag_field="type", tag="conversation_left"):
    conversation: ConversationView
    by: str


class DueSet(Struct, frozen=True, tag_field="type", tag="due_set"):
    """An agent set when an answer is due, or cleared that."""

    conversation: ConversationView
    by: str


class ConversationSnoozed(Struct, frozen=True, tag_field="type", tag="conversation_snoozed"):
    """Its owner has put it away until `snoozed_until`, or has woken it."""

    conversation: ConversationView
    by: str


class SnoozeEnded(Struct, frozen=True, tag_field="type", tag="snooze_ended"):
    """The moment has come until which its owner had put it away."""

    conversation: ConversationView


class DueSoon(Struct, frozen=True, tag_field="type", tag="due_soon"):
    """An answer is due soon."""

    conversation: ConversationView


class Overdue(Struct, frozen=True, tag_field="type", tag="overdue"):
    """An answer is overdue."""

    conversation: ConversationView


class WrapUpBegan(Struct, frozen=True, tag_field="type", tag="wrap_up_began"):
    """Its owner closed it and has until `wrap_up_until` to record outcome, note and tags."""

    conversation: ConversationView


class ConversationReopened(Struct, frozen=True, tag_field="type", tag="conversation_reopened"):
    """A closed conversation is open again: its consumer wrote, or an agent (`by`) reopened it."""

    conversation: ConversationView
    by: str | None


class NoteWritten(Struct, frozen=True, tag_field="type", tag="note_written"):
    """A note between agents."""

    conversation: ConversationView
    message: MessageView


class ReplyUndone(Struct, frozen=True, tag_field="type", tag="reply_taken_back"):
    """Its author undid a reply before it was sent; the conversation is as before it."""

    conversation: ConversationView
    message: MessageView


class ConversationRead(Struct, frozen=True, tag_field="type", tag="conversation_read"):
    """Its owner has read the conversation."""

    conversation: ConversationView


class ConversationUnread(Struct, frozen=True, tag_field="type", tag="conversation_unread"):
    """The agent `by` marked the conversation as unread."""

    conversation: ConversationView
    by: str


class TagsSet(Struct, frozen=True, tag_field="type", tag="tags_set"):
    """The agent `by` added tags to the conversation or removed some."""

    conversation: ConversationView
    by: str


class ConversationUpdated(Struct, frozen=True, tag_field="type", tag="conversation_updated"):
    """Nothing happened to it, but what is said of it is another: why it waits, or its moments once a clock was set."""

    conversation: ConversationView


class ConversationClosed(Struct, frozen=True, tag_field="type", tag="conversation_closed"):
    conversation: ConversationView
    by: str | None  # the agent; None: closed by a timer


class ConversationHidden(Struct, frozen=True, tag_field="type", tag="conversation_hidden"):
    """The agent may no longer see this conversation."""

    conversation_id: str


class ConversationErased(Struct, frozen=True, tag_field="type", tag="conversation_erased"):
    """The conversation is erased: what a desk has of it goes, drafts included. An empty id is of none: it stands in
    the place of an earlier event of a person who was erased."""

    conversation_id: str


class ConsentChanged(Struct, frozen=True, tag_field="type", tag="consent_changed"):
    """Whether the consumer may be texted has changed, on all lines: they opted out or in, their text reads like an
    opt-out, or an agent has decided. Once for each open conversation with them."""

    consumer: str
    opted_out: bool
    rule: str
    conversation_id: str | None
    conversation: ConversationView | None = None  # None: there is no open one


class AgentChanged(Struct, frozen=True, tag_field="type", tag="agent_changed"):
    """An agent connected, disconnected or changed their presence."""

    agent: AgentView


class AlertRaised(Struct, frozen=True, tag_field="type", tag="alert_raised"):
    """Something calls for those who are on call; nobody has been asked yet."""

    alert: AlertView


class AlertUpdated(Struct, frozen=True, tag_field="type", tag="alert_updated"):
    """An alert is about more or fewer conversations now."""

    alert: AlertView


class AlertEscalated(Struct, frozen=True, tag_field="type", tag="alert_escalated"):
    """Somebody was asked, the first or the next: the last of its `steps`."""

    alert: AlertView


class AlertAcknowledged(Struct, frozen=True, tag_field="type", tag="alert_acknowledged"):
    """Somebody looks after it."""

    alert: AlertView


class AlertEnded(Struct, frozen=True, tag_field="type", tag="alert_ended"):
    """Nothing of what raised it is left."""

    alert: AlertView


class DraftChanged(Struct, frozen=True, tag_field="type", tag="draft_changed"):
    """A desk of an agent has changed their draft in a conversation. Sent to their own desks alone, where they have
    several."""

    conversation_id: str
    version: str  # empty: there is none any more


class Mentioned(Struct, frozen=True, tag_field="type", tag="mentioned"):
    """A note names you; its conversation came with note_written. Sent to the desks of that agent alone."""

    mention: MentionView


class MentionsSeen(Struct, frozen=True, tag_field="type", tag="mentions_seen"):
    """You have opened a conversation in which notes mention you. Sent to the desks of that agent alone."""

    conversation_id: str


class SavedRepliesChanged(Struct, frozen=True, tag_field="type", tag="saved_replies_changed"):
    """Saved replies were added, changed or removed; those that are personal are said to their agent alone. A desk that
    has fetched some asks for these again."""

    saved_reply_ids: list[str]  # empty: many, ask for all


class ContactChanged(Struct, frozen=True, tag_field="type", tag="contact_changed"):
    """What is recorded of a consumer has changed: a desk that shows it asks for it anew. To those who see one of their
    conversations. Conversations in lists have events of their own where the name is another."""

    consumer: str
    person: str  # empty: `consumer`
    name: str
    version: str  # empty: nothing is recorded any more
    by: str


Event = (
    MessageReceived
    | ReplyWritten
    | ReplyScheduled
    | ScheduleEnded
    | StatusMoved
    | SendFailed
    | SendArrived
    | PictureMoved
    | ConversationQueued
    | ConversationAssigned
    | ConversationRang
    | ConversationTransferred
    | ConversationTakenOver
    | ConversationJoined
    | ConversationLeft
    | ConversationRead
    | ConversationUnread
    | TagsSet
    | ConversationUpdated
    | DueSet
    | ConversationSnoozed
    | SnoozeEnded
    | DueSoon
    | Overdue
    | WrapUpBegan
    | ConversationReopened
    | NoteWritten
    | ReplyUndone
    | ConversationClosed
    | ConversationHidden
    | ConversationErased
    | ConsentChanged
    | AgentChanged
    | AlertRaised
    | AlertUpdated
    | AlertEscalated
    | AlertAcknowledged
    | AlertEnded
    | DraftChanged
    | Mentioned
    | MentionsSeen
    | SavedRepliesChanged
    | ContactChanged
)
