"""Which of the texts that wait for their line's pace leaves first. Pure."""

from __future__ import annotations

from enum import IntEnum

from connector.domain.conversation import FOLLOW_UP, Conversation


class Urgency(IntEnum):
    """The lower leaves first, whoever was written first."""

    ANSWER = 0  # somebody has written and may be looking at the phone
    FIRST_CONTACT = 1  # an agent texts first: nobody waits for it
    TEST = 2


def urgency_of(conversation: Conversation, *, is_test: bool = False) -> Urgency:
    """Of a text written now. In a conversation that the consumer began all of it is talk, also what an agent adds to an
    answer."""
    if is_test:
        return Urgency.TEST
    if conversation.waiting_since is not None or conversation.entry_point != FOLLOW_UP:
        return Urgency.ANSWER
    return Urgency.FIRST_CONTACT
