"""Moments of a conversation that a clock set wrong has put too far ahead.

Each rule sets its moments a known time ahead of now; what is further ahead was set by a clock that has been set back
since, and is counted from now.
"""

from __future__ import annotations

from typing import Any

from msgspec.structs import replace

from connector.domain.conversation import Conversation, DueAlarm, DueRule
from connector.domain.due import deadline_for
from connector.domain.skill_rules import Rules

# When something happened: never later than now.
PAST = (
    "opened_at",
    "last_at",
    "queued_at",
    "waiting_since",
    "closed_at",
    "idle_since",
    "assigned_at",
    "unsent_at",
    "back_at",
)


def longest_ring_s(rules: Rules, skill: str) -> int:
    """How long a conversation of this skill rings at most: at agents of its fallbacks, too, and after a transfer."""
    return max(max(rules.of(one).ring_s, rules.of(one).transfer_s) for one in rules.chain(skill))


def brought_back(conversation: Conversation, rules: Rules, now: int) -> Conversation:
    """The conversation with no moment further ahead than its rule can set it; itself if there is none.

    What an agent has set by hand stays.
    """
    mine = rules.of(conversation.skill)
    ring_s = mine.transfer_s if conversation.handed_by else longest_ring_s(rules, conversation.skill)
    latest = dict.fromkeys(PAST, now) | {
        "ring_until": now + ring_s * 1000,
        "wrap_up_until": now + mine.wrap_up_s * 1000,
        "again_at": now + mine.ring_s * 1000,
        "light_at": now + mine.idle_after_s * 1000,
    }
    if conversation.due_by is not DueRule.MANUAL:
        is_first = conversation.due_by is DueRule.FIRST_CONTACT
        latest["due_at"] = deadline_for(mine, now, is_first_contact=is_first).at
    changes: dict[str, Any] = {}
    for name, limit in latest.items():
        at = getattr(conversation, name)
        if at is not None and at > limit:
            changes[name] = limit
    if not changes:
        return conversation
    if "due_at" in changes:
        changes["due_told"] = DueAlarm.NONE  # the alarm was raised about another moment
    return replace(conversation, **changes, version=conversation.version + 1)
