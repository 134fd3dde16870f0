"""What an agent may do with a conversation. Each check raises Refused with the reason."""

from __future__ import annotations

from msgspec import Struct

from connector.domain.agent import Agent
from connector.domain.conversation import Conversation, ConversationState
from connector.domain.refusals import Refused
from connector.wire.refusals import RefusalCode


class Hold(Struct, frozen=True):
    """An owner's claim on a conversation: it ends `gone_s` after their last desk, or after they accepted without one,
    whichever is later. `seen_until`: end of the lease of a desk that has not been swept yet."""

    agent: Agent | None
    is_connected: bool
    gone_s: int
    seen_until: int = 0

    def is_over(self, conversation: Conversation, now: int) -> bool:
        if self.is_connected:
            return False
        seen_at = max(self.agent.presence_at if self.agent else 0, self.seen_until, conversation.assigned_at or 0)
        return now - seen_at >= self.gone_s * 1000


def require_open(conversation: Conversation) -> None:
    if conversation.state in (ConversationState.CLOSED, ConversationState.WRAP_UP):
        raise Refused(
            RefusalCode.CLOSED,
            "This conversation is closed; the consumer's next text takes it up again or opens another.",
        )


def require_owner(conversation: Conversation, agent: str) -> None:
    """The conversation is open and `agent` owns it."""
    require_open(conversation)
    if conversation.state is ConversationState.QUEUED:
        raise Refused(RefusalCode.NOT_OWNER, "Accept this conversation first: it is waiting in the queue.", agent=None)
    if conversation.state is ConversationState.RINGING:
        raise Refused(RefusalCode.NOT_OWNER, "Accept this conversation first: it is ringing.", agent=None)
    if conversation.agent != agent:
        raise Refused(RefusalCode.NOT_OWNER, f"{conversation.agent} owns this conversation.", agent=conversation.agent)


def require_writer(conversation: Conversation, agent: str, hold: Hold, now: int) -> None:
    """`agent` may text the consumer: the owner, while their hold lasts, or a lead who has joined."""
    if agent in conversation.joined and conversation.state is ConversationState.ASSIGNED:
        return
    require_owner(conversation, agent)
    if hold.is_over(conversation, now):
        words = "You had no desk open for too long, so you do not own this any more. Accept it again to go on."
        raise Refused(RefusalCode.HOLD_OVER, words)


def require_acceptable(conversation: Conversation, agent: str, owner_hold: Hold | None, now: int) -> None:
    """`agent` may accept: the conversation is queued, rings at them, or its owner's hold is over."""
    if conversation.state is ConversationState.QUEUED:
        return
    if conversation.state is ConversationState.RINGING and agent in conversation.rings:
        return
    is_held = conversation.state is ConversationState.ASSIGNED
    if is_held and owner_hold is not None and owner_hold.is_over(conversation, now):
        return
    owner = conversation.agent if is_held else None
    raise Refused(RefusalCode.NOT_QUEUED, _taken(conversation), state=str(conversation.state), agent=owner)


def _taken(conversation: Conversation) -> str:
    match conversation.state:
        case ConversationState.ASSIGNED:
            return f"{conversation.agent} has it already."
        case ConversationState.RINGING:
            return f"It is ringing at {', '.join(conversation.rings)}."
    return "This conversation is closed."
