"""Replies that were to be sent later, given back to their authors as drafts."""

from __future__ import annotations

from connector.domain.conversation import Conversation, ConversationState
from connector.domain.draft import Draft
from connector.domain.message import Direction
from connector.domain.scheduled import ScheduledReply, joined_draft
from connector.services.unit_of_work import UnitOfWork
from connector.wire import events


def give_back(uow: UnitOfWork, one: ScheduledReply) -> events.DraftChanged:
    """Remove it, and put its text before its author's draft. The event for the author's desks, none of which has
    written that draft."""
    uow.tx.scheduled.remove(one.id)
    before = uow.tx.drafts.get(one.author, one.conversation_id)
    text = joined_draft(one, before.text if before is not None else "")
    draft = Draft(one.author, one.conversation_id, text, uow.brand.ids.new(), uow.now)
    uow.tx.drafts.save(draft)
    return events.DraftChanged(one.conversation_id, draft.version)


def why_overtaken(before: Conversation, after: Conversation) -> str:
    """Why nothing is sent later in a conversation any more, by what has become of it."""
    if after.last_direction is Direction.INBOUND and after.last_seq > before.last_seq:
        return "They have written since."
    if after.state in (ConversationState.CLOSED, ConversationState.WRAP_UP):
        return "The conversation was closed."
    return "The conversation has another owner, or none."
