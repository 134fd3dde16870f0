"""What was said in a conversation, as far as rules need to look back."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from connector.domain.consent import keyword_signal
from connector.domain.conversation import Conversation
from connector.domain.due import PendingAnswer, deadline_for
from connector.domain.message import Direction, Message
from connector.domain.skills import Rules
from connector.domain.status import Status
from connector.store.ports import Transaction

_PAGE = 50


class Standing(Struct, frozen=True):
    """Where a conversation stands by its messages alone."""

    last: Message | None
    owed: PendingAnswer | None


def backwards(tx: Transaction, conversation: Conversation) -> Iterator[Message]:
    """Its messages, the latest first."""
    before: str | None = None
    while page := tx.messages.history(conversation.consumer, before, _PAGE):
        for message in reversed(page):
            if message.conversation_id == conversation.id:
                yield message
                if message.seq == 1:
                    return
        before = page[0].id


def since(tx: Transaction, conversation: Conversation, seen: int, agent: str) -> list[Message]:
    """What the consumer or a colleague wrote after the message with the `seq` seen, oldest first."""
    if conversation.last_seq <= seen:
        return []
    found = []
    for message in backwards(tx, conversation):
        if message.seq <= seen:
            break
        if is_said(message) and (message.direction is Direction.INBOUND or message.author != agent):
            found.append(message)
    return found[::-1]


def standing(tx: Transaction, conversation: Conversation, rules: Rules) -> Standing:
    """Where it stands: the answer of every reply that was taken back or never written is still owed."""
    last: Message | None = None
    unanswered: list[Message] = []
    for message in backwards(tx, conversation):
        if not is_said(message):
            continue
        last = last or message
        if message.direction is Direction.REPLY:
            break
        if keyword_signal(message.text, False) is None:
            unanswered.append(message)
    if not unanswered:
        return Standing(last, None)
    is_first = is_first_contact(tx, conversation, rules)
    deadline = deadline_for(rules.of(conversation.skill), unanswered[0].at, is_first_contact=is_first)
    return Standing(last, PendingAnswer(unanswered[-1].at, deadline))


def is_first_contact(tx: Transaction, conversation: Conversation, rules: Rules) -> bool:
    """Whether it is this consumer's first conversation; asked only where the skill makes a difference of it."""
    if rules.of(conversation.skill).first_contact_s is None:
        return False
    return not tx.conversations.has_closed(conversation.consumer)


def is_said(message: Message) -> bool:
    """Whether it is part of the talk with the consumer."""
    return message.direction is not Direction.NOTE and message.status is not Status.UNDONE
