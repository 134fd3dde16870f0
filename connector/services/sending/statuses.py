"""Saving the delivery status of a reply: the one way by which any reply ends, however it ends."""

from __future__ import annotations

from msgspec.structs import replace

from connector.domain.message import Message
from connector.domain.status import Status
from connector.domain.unsettled import moved
from connector.services import save as saving
from connector.services import views
from connector.services.sending import unsettled
from connector.services.unit_of_work import UnitOfWork
from connector.sms.storable import bounded
from connector.wire import limits


def save(uow: UnitOfWork, message: Message) -> Message:
    """Write a reply whose delivery status changed now, or the words that explain it; append the event.

    One that did not arrive comes back to a person, and one that arrived after all no longer waits for them.
    """
    return _save(uow, message, is_last_word=False)


def leave_uncertain(uow: UnitOfWork, message: Message, words: str) -> Message:
    """Write a reply whose end stays unknown, because nothing more is asked. It comes back to a person."""
    return _save(uow, replace(message, words=words), is_last_word=True)


def with_billed(message: Message, segments: int | None) -> Message:
    """As many segments as the provider has said that it bills, the most of what it has said. The caller saves it."""
    if segments is None or segments <= (message.billed or 0):
        return message
    return replace(message, billed=segments)


def _save(uow: UnitOfWork, message: Message, *, is_last_word: bool) -> Message:
    before = uow.tx.messages.get(message.id) or message
    message = replace(
        moved(before, message, is_last_word=is_last_word),
        status_at=uow.now,
        code=bounded(message.code, limits.STATUS_CODE_LENGTH),
        words=bounded(message.words, limits.STATUS_WORDS_LENGTH),
        raw_status=bounded(message.raw_status, limits.STATUS_CODE_LENGTH),
    )
    uow.tx.messages.update(message)
    saving.fact(uow, views.status_moved(message, uow.brand.masking), message.conversation_id)
    if message.is_unsettled and not before.is_unsettled:
        unsettled.came_back(uow, message)
    elif message.is_unsettled and message.status is not before.status:
        unsettled.recount(uow, message)
    elif before.is_unsettled and not message.is_unsettled:
        unsettled.arrived(uow, message)
    elif before.status is not message.status and Status.UNCERTAIN in (before.status, message.status):
        unsettled.looked_up(uow, message)
    return message
