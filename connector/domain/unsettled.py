"""Replies that did not arrive, until an agent has dealt with them.

A reply is unsettled when it did not arrive (failed, undelivered, expired), or when its end is unknown and nothing more
is asked. An agent settles it: by sending it again, by another reply, or by closing the conversation. A reply that
arrives after all is settled by that.
"""

from __future__ import annotations

from collections.abc import Sequence

from msgspec.structs import replace

from connector.domain.conversation import Conversation
from connector.domain.message import Direction, Message
from connector.domain.status import UNSUCCESSFUL, Status


def is_automatic(message: Message) -> bool:
    """Whether it is a reply that no agent wrote. It answers nothing, and does not come back when it is lost."""
    return message.direction is Direction.REPLY and message.author is None


def is_answer(message: Message) -> bool:
    """Whether a reply counts as an answer to what the consumer wrote before it: as long as it may still arrive."""
    if is_automatic(message):
        return False
    is_lost = message.is_unsettled or message.resent_as is not None or message.status in UNSUCCESSFUL
    return message.direction is Direction.REPLY and message.status is not Status.UNDONE and not is_lost


def moved(before: Message, after: Message, *, is_last_word: bool) -> Message:
    """`after`, marked as unsettled or not. `is_last_word`: nothing more is asked, should its end be unknown.

    What an agent has dealt with stays settled, whatever is learnt of it later.
    """
    is_unknown = after.status is Status.UNCERTAIN and (is_last_word or before.is_unsettled)
    is_lost = after.status in UNSUCCESSFUL or is_unknown
    is_dealt_with = before.settled_by is not None or before.resent_as is not None
    # Those that were lost before replies were marked at all count as dealt with.
    was_lost = before.status in UNSUCCESSFUL
    is_unsettled = is_lost and not is_automatic(after) and (before.is_unsettled or not (is_dealt_with or was_lost))
    return replace(after, is_unsettled=is_unsettled)


def settled(message: Message, by: str) -> Message:
    """Dealt with by this reply, or by closing this conversation."""
    return replace(message, is_unsettled=False, settled_by=by)


def without(message: Message, by: str) -> Message:
    """As it is once the reply or closing `by` is undone: unsettled again, unless it arrived meanwhile or has been dealt
    with in another way as well."""
    settled_by = None if message.settled_by == by else message.settled_by
    resent_as = None if message.resent_as == by else message.resent_as
    is_lost = message.status in UNSUCCESSFUL or message.status is Status.UNCERTAIN
    is_unsettled = is_lost and settled_by is None and resent_as is None
    return replace(message, is_unsettled=is_unsettled, settled_by=settled_by, resent_as=resent_as)


def counted(conversation: Conversation, unsettled: Sequence[Message], *, is_looked_up: bool) -> Conversation:
    """With the count of its unsettled replies, of which the latest is the last. `is_looked_up`: it is being found out
    whether another one was sent."""
    status = Status.UNCERTAIN if is_looked_up else ""
    return replace(
        conversation,
        unsent=len(unsettled),
        unsent_status=str(unsettled[-1].status if unsettled else status),
        unsent_at=conversation.unsent_at if unsettled else None,
        version=conversation.version + 1,
    )
