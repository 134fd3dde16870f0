"""The life of a conversation: every change of one, as a function from the old value to the new."""

from __future__ import annotations

from msgspec.structs import replace

from connector.domain import preview
from connector.domain.refusals import Refused
from connector.domain.values import Conversation, ConversationState, Direction, Line, Message


def opened(conversation_id: str, line: Line, consumer: str, now: int) -> Conversation:
    """A new one, waiting in the queue until it is placed."""
    return Conversation(
        id=conversation_id,
        account=line.account,
        line=line.address,
        consumer=consumer,
        skill=line.skill,
        state=ConversationState.QUEUED,
        opened_at=now,
        last_at=now,
        queued_at=now,
    )


def with_inbound(conversation: Conversation, message: Message, *, needs_answer: bool) -> Conversation:
    waiting_since = conversation.waiting_since
    if needs_answer and waiting_since is None:
        waiting_since = message.at
    last_text, last_part, unread = preview.inbound(conversation, message)
    return replace(
        conversation,
        last_seq=message.seq,
        last_at=max(conversation.last_at, message.at),  # one found in a list may be older than what is here
        last_text=last_text,
        last_part=last_part,
        last_direction=Direction.INBOUND,
        unread=unread,
        waiting_since=waiting_since,
        version=conversation.version + 1,
    )


def with_reply(conversation: Conversation, message: Message) -> Conversation:
    return replace(
        conversation,
        last_seq=message.seq,
        last_at=message.at,
        last_text=message.text[: preview.LENGTH],
        last_part=None,
        last_direction=Direction.REPLY,
        unread=0,
        waiting_since=None,
        version=conversation.version + 1,
    )


def assigned(conversation: Conversation, agent: str, reason: str) -> Conversation:
    return replace(
        conversation,
        state=ConversationState.ASSIGNED,
        agent=agent,
        queued_at=None,
        returned_by=None,
        reason=reason,
        version=conversation.version + 1,
    )


def queued(conversation: Conversation, now: int, reason: str, *, returned_by: str | None = None) -> Conversation:
    return replace(
        conversation,
        state=ConversationState.QUEUED,
        agent=None,
        queued_at=now,
        returned_by=returned_by,
        reason=reason,
        version=conversation.version + 1,
    )


def still_queued(conversation: Conversation, reason: str) -> Conversation:
    """It stays where it is; only the reason is another."""
    return replace(conversation, reason=reason, version=conversation.version + 1)


def read(conversation: Conversation) -> Conversation:
    return replace(conversation, unread=0, version=conversation.version + 1)


def closed(conversation: Conversation, now: int, reason: str) -> Conversation:
    """The owner stays on record: who knows a consumer is asked first next time."""
    return replace(
        conversation,
        state=ConversationState.CLOSED,
        closed_at=now,
        queued_at=None,
        waiting_since=None,
        unread=0,
        reason=reason,
        version=conversation.version + 1,
    )


def demand_owner(conversation: Conversation, agent: str) -> None:
    """Raises Refused unless it is open and `agent` owns it."""
    if conversation.state is ConversationState.CLOSED:
        raise Refused("closed", "This conversation is closed; the consumer's next text opens a new one.")
    if conversation.state is ConversationState.QUEUED:
        raise Refused("not_owner", "Accept this conversation first: it is waiting in the queue.", agent=None)
    if conversation.agent != agent:
        raise Refused("not_owner", f"{conversation.agent} owns this conversation.", agent=conversation.agent)


def demand_queued(conversation: Conversation) -> None:
    """Raises Refused unless it waits in the queue."""
    if conversation.state is not ConversationState.QUEUED:
        taken = conversation.state is ConversationState.ASSIGNED
        raise Refused(
            "not_queued",
            f"{conversation.agent} has it already." if taken else "This conversation is closed.",
            state=str(conversation.state),
            agent=conversation.agent if taken else None,
        )
