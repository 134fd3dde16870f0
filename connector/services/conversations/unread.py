"""Marking a conversation as read or unread."""

from __future__ import annotations

from connector.domain import transitions
from connector.domain.conversation import ConversationState
from connector.domain.ownership import require_owner
from connector.services import save
from connector.services.unit_of_work import UnitOfWork
from connector.wire import events, requests


def mark_read(uow: UnitOfWork, agent: str, request: requests.MarkRead) -> None:
    conversation = uow.conversation(request.conversation_id)
    require_owner(conversation, agent)
    if conversation.unread:
        save.conversation(uow, transitions.read(conversation), events.ConversationRead)


def mark_unread(uow: UnitOfWork, agent: str, request: requests.MarkUnread) -> None:
    conversation = uow.conversation(request.conversation_id)
    if conversation.state is not ConversationState.QUEUED:
        require_owner(conversation, agent)
    if not conversation.unread:
        save.conversation(uow, transitions.unread(conversation), events.ConversationUnread, by=agent)
