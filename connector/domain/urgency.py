"""Order of the replies that wait for their line's pace."""

from __future__ import annotations

from enum import IntEnum

from connector.domain.conversation import FOLLOW_UP, Conversation


class Urgency(IntEnum):
    """Urgency of a reply: the lowest value is sent first, older replies first within one value."""

    ANSWER = 0  # the consumer has written and may be waiting
    FIRST_CONTACT = 1  # an agent texts first: no consumer waits for it
    TEST = 2


def urgency_of(conversation: Conversation, *, is_test: bool = False) -> Urgency:
    """Urgency of a reply written now. In a conversation the consumer began, every reply is as urgent as an answer."""
    if is_test:
        return Urgency.TEST
    if conversation.waiting_since is not None or conversation.entry_point != FOLLOW_UP:
        return Urgency.ANSWER
    return Urgency.FIRST_CONTACT
