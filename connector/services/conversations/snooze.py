"""Snoozing a conversation, and waking it."""

from __future__ import annotations

from connector.domain import snooze as snoozing
from connector.domain.ownership import require_owner
from connector.services import save
from connector.services.conversations.due import require_ahead
from connector.services.routing import queue
from connector.services.unit_of_work import UnitOfWork
from connector.wire import events, requests


def snooze(uow: UnitOfWork, agent: str, request: requests.Snooze) -> None:
    conversation = uow.conversation(request.conversation_id)
    require_owner(conversation, agent)
    if request.until is not None:
        require_ahead(uow, request.until)
        changed = snoozing.snoozed(conversation, request.until, uow.rules_of(conversation), uow.now)
    elif conversation.snoozed_until is not None:
        changed = snoozing.woken(conversation)
    else:
        return
    save.conversation(uow, changed, events.ConversationSnoozed, by=agent)
    uow.at_end(queue.offer)
