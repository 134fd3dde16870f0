"""When an answer is due."""

from __future__ import annotations

from msgspec import Struct
from msgspec.structs import replace

from connector.domain.conversation import Conversation, DueAlarm, DueRule
from connector.domain.hours import after_working_time
from connector.domain.skills import SkillRules

# An answer nobody will ever be there for is due at the end of what a clock can say, rather than never.
_NEVER = 253_402_300_799_000  # 9999-12-31


class Deadline(Struct, frozen=True):
    at: int
    by: DueRule


class PendingAnswer(Struct, frozen=True):
    """An answer that a consumer waits for: since when, and until when."""

    since: int
    deadline: Deadline


def deadline_for(rules: SkillRules, at: int, *, is_first_contact: bool) -> Deadline:
    """For a text that came in at this moment: so much working time later, across closed nights and holidays."""
    is_first = is_first_contact and rules.first_contact_s is not None
    seconds = rules.first_contact_s if is_first and rules.first_contact_s is not None else rules.response_s
    moment = after_working_time(rules.hours, at, seconds)
    return Deadline(_NEVER if moment is None else moment, DueRule.FIRST_CONTACT if is_first else DueRule.RESPONSE)


def restarted(conversation: Conversation, deadline: Deadline) -> Conversation:
    """The consumer wrote. A moment set by hand holds when it is the earlier one, and comes back after the answer if it
    is to be kept."""
    reminder = conversation.reminder_at
    if reminder is not None and reminder <= deadline.at:
        deadline = Deadline(reminder, DueRule.MANUAL)
    return _due(conversation, deadline)


def answered(conversation: Conversation) -> Conversation:
    """An answer was written: nothing is due any more, but for a moment that an agent set and wants kept."""
    if not conversation.is_reminder_kept or conversation.reminder_at is None:
        return _due(replace(conversation, reminder_at=None, is_reminder_kept=False), None)
    return _due(conversation, Deadline(conversation.reminder_at, DueRule.MANUAL))


def set_manually(conversation: Conversation, due_at: int, *, is_kept: bool) -> Conversation:
    """It is due then and not when the rules say, be that earlier or later."""
    conversation = replace(conversation, reminder_at=due_at, is_reminder_kept=is_kept)
    return _due(conversation, Deadline(due_at, DueRule.MANUAL))


def by_rules(conversation: Conversation, deadline: Deadline | None) -> Conversation:
    """What was set by hand is gone; `deadline` is None when nobody waits for an answer."""
    return _due(replace(conversation, reminder_at=None, is_reminder_kept=False), deadline)


def _due(conversation: Conversation, deadline: Deadline | None) -> Conversation:
    """A new moment has had no alarm told about it; the same one has had what it had."""
    if deadline is None:
        return replace(conversation, due_at=None, due_by=DueRule.RESPONSE, due_told=DueAlarm.NONE)
    told = conversation.due_told if conversation.due_at == deadline.at else DueAlarm.NONE
    return replace(conversation, due_at=deadline.at, due_by=deadline.by, due_told=told)


def next_alarm_at(conversation: Conversation, rules: SkillRules) -> int | None:
    """When the next alarm about it is to be told."""
    if conversation.due_at is None or conversation.due_told is DueAlarm.OVERDUE:
        return None
    if conversation.due_told is DueAlarm.SOON or rules.soon_s == 0:
        return conversation.due_at
    return conversation.due_at - rules.soon_s * 1000


def current_alarm(conversation: Conversation, rules: SkillRules, now: int) -> DueAlarm:
    """What has to be told by now, whether or not it has been."""
    if conversation.due_at is None:
        return DueAlarm.NONE
    if now >= conversation.due_at:
        return DueAlarm.OVERDUE
    return DueAlarm.SOON if rules.soon_s and now >= conversation.due_at - rules.soon_s * 1000 else DueAlarm.NONE
