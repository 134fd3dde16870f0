"""Snoozing: an owner puts a conversation of theirs away until a moment, or until its consumer writes.

It changes no due time. While it lasts no alarm of a due time is raised, silence does not move the conversation, and it
does not close by itself; at its end it comes back to its owner.
"""

from __future__ import annotations

from msgspec.structs import replace

from connector.domain.conversation import BackFrom, Conversation
from connector.domain.load import waiting_for_agent, waiting_for_consumer
from connector.domain.skill_rules import SkillRules

# What is put away for longer than this leaves its agent free for others meanwhile.
PUT_OFF_MS = 10 * 60_000


def snoozed(conversation: Conversation, until: int, rules: SkillRules, now: int) -> Conversation:
    """Put away until then."""
    away = replace(conversation, snoozed_until=until, back_at=None, back_from=BackFrom.NOTHING)
    if until - now > PUT_OFF_MS:
        away = waiting_for_consumer(away, rules, now, at_once=True)
    return replace(away, version=conversation.version + 1)


def woken(conversation: Conversation) -> Conversation:
    """No longer snoozed, because an agent says so."""
    awake = replace(conversation, snoozed_until=None, version=conversation.version + 1)
    return waiting_for_agent(awake) if awake.waiting_since is not None else awake


def back(conversation: Conversation, now: int) -> Conversation:
    """Its snooze is over: it counts as unread until its owner has opened it."""
    return replace(woken(conversation), unread=max(1, conversation.unread), back_at=now, back_from=BackFrom.SNOOZE)


def quiet_until(conversation: Conversation) -> int:
    """Until when nothing about its due time is to be said, because its owner has put it away or a reply waits for its
    moment; 0: for no time."""
    return max(conversation.snoozed_until or 0, conversation.scheduled_at or 0)
