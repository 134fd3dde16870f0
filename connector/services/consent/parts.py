"""The text that a part belongs to, where the provider delivers segments one by one: consent is read on the whole."""

from __future__ import annotations

from connector.domain.message import Message
from connector.services import views
from connector.services.unit_of_work import UnitOfWork
from connector.wire.joined_parts import LATE_MS, JoinedMessage, join_parts

_PAGE = 50
_MOST_MESSAGES = 400  # of the consumer that are looked through for the other parts


def text_of(uow: UnitOfWork, message: Message) -> JoinedMessage | None:
    """The text that a stored message is a part of, as far as its parts are stored; joined as desks show it.

    None for a message that is no part, and for one that repeats a part.
    """
    if message.part is None:
        return None
    candidates = [message]
    before: str | None = message.id
    while len(candidates) < _MOST_MESSAGES and (page := uow.tx.messages.history(message.person, before, _PAGE)):
        candidates += reversed(page)
        before = page[0].id
        if message.at - page[0].at > LATE_MS:
            break
    joined = join_parts([views.message_view(one) for one in reversed(candidates) if one.part is not None])
    return next((one for one in joined if isinstance(one, JoinedMessage) and message.id in one.part_ids), None)


def is_part(message: Message) -> bool:
    """Whether it is one of several parts."""
    return message.part is not None and message.part.total > 1
