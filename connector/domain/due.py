"""Due times of answers, and the alarms before and after them."""

from __future__ import annotations

from msgspec import Struct
from msgspec.structs import replace

from connector.domain.conversation import Conversation, DueAlarm, DueRule
from connector.domain.hours import after_working_time
from connector.domain.skill_rules import SkillRules

# Due time of an answer in a skill that never opens again: the latest moment a clock can show.
_NEVER = 253_402_300_799_000  # 9999-12-31


class Deadline(Struct, frozen=True):
    at: int
    by: DueRule


class PendingAnswer(Struct, frozen=True):
    """An answer that a consumer waits for."""

    since: int
    deadline: Deadline


def deadline_for(rules: SkillRules, at: int, *, is_first_contact: bool) -> Deadline:
    """When an inbound text of this moment has to be answered, counted in working time."""
    is_first = is_first_contact and rules.first_contact_s is not None
    seconds = rules.first_contact_s if is_first and rules.first_contact_s is not None else rules.response_s
    moment = after_working_time(rules.hours, at, seconds)
    return Deadline(_NEVER if moment is None else moment, DueRule.FIRST_CONTACT if is_first else DueRule.RESPONSE)


def restarted(conversation: Conversation, deadline: Deadline) -> Conversation:
    """The conversation with this deadline, after a new inbound text. An earlier reminder is kept."""
    reminder = conversation.reminder_at
    if reminder is not None and reminder <= deadline.at:
        deadline = Deadline(reminder, DueRule.MANUAL)
    return _due(conversation, deadline)


def answered(conversation: Conversation) -> Conversation:
    """With no due time, after an answer, except a reminder that is kept."""
    if not conversation.is_reminder_kept or conversation.reminder_at is None:
        return _due(replace(conversation, reminder_at=None, is_reminder_kept=False), None)
    return _due(conversation, Deadline(conversation.reminder_at, DueRule.MANUAL))


def set_manually(conversation: Conversation, due_at: int, *, is_kept: bool) -> Conversation:
    """With a due time set by an agent, whatever the rules say."""
    conversation = replace(conversation, reminder_at=due_at, is_reminder_kept=is_kept)
    return _due(conversation, Deadline(due_at, DueRule.MANUAL))


def by_rules(conversation: Conversation, deadline: Deadline | None) -> Conversation:
    """Without a reminder; `deadline` is None when the consumer waits for no answer."""
    return _due(replace(conversation, reminder_at=None, is_reminder_kept=False), deadline)


def _due(conversation: Conversation, deadline: Deadline | None) -> Conversation:
    """The alarm raised about another due time does not count for this one."""
    if deadline is None:
        return replace(conversation, due_at=None, due_by=DueRule.RESPONSE, due_told=DueAlarm.NONE)
    raised = conversation.due_told if conversation.due_at == deadline.at else DueAlarm.NONE
    return replace(conversation, due_at=deadline.at, due_by=deadline.by, due_told=raised)


def next_alarm_at(conversation: Conversation, rules: SkillRules) -> int | None:
    """When the next alarm is raised; None when there is none left."""
    if conversation.due_at is None or conversation.due_told is DueAlarm.OVERDUE:
        return None
    if conversation.due_told is DueAlarm.SOON or rules.soon_s == 0:
        return conversation.due_at
    return conversation.due_at - rules.soon_s * 1000


def current_alarm(conversation: Conversation, rules: SkillRules, now: int) -> DueAlarm:
    """Alarm that holds by now, whether or not it has been raised."""
    if conversation.due_at is None:
        return DueAlarm.NONE
    if now >= conversation.due_at:
        return DueAlarm.OVERDUE
    return DueAlarm.SOON if rules.soon_s and now >= conversation.due_at - rules.soon_s * 1000 else DueAlarm.NONE
