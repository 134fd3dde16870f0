"""The name of a person's contact with each of their conversations, so that no list has to look it up."""

from __future__ import annotations

from connector.domain import transitions
from connector.services import save
from connector.services.unit_of_work import UnitOfWork
from connector.wire import events, limits


def spread(uow: UnitOfWork, person: str) -> None:
    """Give all conversations of this person the name that their contact has. Desks hear of those that their lists may
    have: open ones, and those closed of late."""
    name = uow.tx.contacts.name_of(person)
    listed_since = uow.now - limits.CLOSED_LISTED_MS
    for one in (*uow.tx.conversations.open_of(person), *uow.tx.conversations.closed_of(person, listed_since)):
        if one.name != name:
            save.conversation(uow, transitions.with_name(one, name), events.ConversationUpdated)
    uow.tx.conversations.rename_closed(person, name)
