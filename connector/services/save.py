"""Keeping a changed conversation: with its clocks, and told to everybody."""

from __future__ import annotations

from collections.abc import Callable

from connector.domain.conversation import Conversation
from connector.domain.refusals import Refused
from connector.domain.skills import Rules
from connector.domain.timers import with_rank_and_timer
from connector.services import views
from connector.store.ports import Transaction
from connector.store.values import Fact
from connector.wire import events
from connector.wire.refusals import RefusalCode
from connector.wire.views import ConversationView


def insert(tx: Transaction, rules: Rules, conversation: Conversation) -> Conversation:
    """Keep a new one. Raises Raced when another is already open for its line and consumer."""
    conversation = with_rank_and_timer(conversation, rules.of(conversation.skill))
    tx.conversations.insert(conversation)
    return conversation


def update(tx: Transaction, rules: Rules, conversation: Conversation) -> Conversation:
    conversation = with_rank_and_timer(conversation, rules.of(conversation.skill))
    tx.conversations.update(conversation)
    return conversation


def fact(
    tx: Transaction,
    rules: Rules,
    conversation: Conversation,
    event: Callable[[ConversationView], events.Event],
    now: int,
) -> Fact:
    """`event` is made of the conversation as desks see it."""
    view = views.conversation_view(conversation, rules, is_opted_out=is_opted_out(tx, conversation.consumer))
    return views.fact(event(view), now, conversation.id)


def known(tx: Transaction, conversation_id: str) -> Conversation:
    """Raises Refused when there is none with this id."""
    conversation = tx.conversations.get(conversation_id)
    if conversation is None:
        raise unknown(conversation_id)
    return conversation


def unknown(conversation_id: str) -> Refused:
    return Refused(RefusalCode.UNKNOWN_CONVERSATION, f"There is no conversation {conversation_id[:64]}.")


def is_opted_out(tx: Transaction, consumer: str) -> bool:
    latest = tx.consent.latest(consumer)
    return latest is not None and latest.kind == "opted_out"
