"""The text that a part belongs to, where the provider delivers segments one by one: consent is read on the whole."""

from __future__ import annotations

from connector.domain.masking.masking import NO_MASKING
from connector.domain.message import Direction, Message
from connector.services import views
from connector.services.unit_of_work import UnitOfWork
from connector.wire.joined_parts import LATE_MS, JoinedMessage, join_parts

_PAGE = 20
_MOST_MESSAGES = 200  # of the consumer that are looked through for the other parts


def text_of(uow: UnitOfWork, message: Message) -> JoinedMessage | None:
    """The text that a stored message is a part of, as far as its parts are stored; joined as desks show it.

    None for a message that is no part, and for one that repeats a part.
    """
    candidates = [message]
    before, seen = message.id, 0
    while seen < _MOST_MESSAGES and (page := uow.tx.messages.history(message.person, before, _PAGE)):
        candidates += [one for one in reversed(page) if _may_belong(one, message)]
        before, seen = page[0].id, seen + len(page)
        if len(page) < _PAGE or message.at - page[0].at > LATE_MS:
            break
    joined = join_parts([views.message_view(one, NO_MASKING) for one in reversed(candidates)])
    return next((one for one in joined if isinstance(one, JoinedMessage) and message.id in one.part_ids), None)


def is_part(message: Message) -> bool:
    """Whether it is one of several parts."""
    return message.part is not None and message.part.total > 1


def _may_belong(one: Message, message: Message) -> bool:
    if one.part is None or message.part is None or one.direction is not Direction.INBOUND:
        return False
    mine, other = message.part, one.part
    return (other.reference, other.total, other.wide) == (mine.reference, mine.total, mine.wide)
