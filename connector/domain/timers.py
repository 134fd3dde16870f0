"""Timers of a conversation: what the core does without a request, and when. Every state but closed has one.

`with_rank_and_timer` stores the next moment; at that moment the sweeper carries out `elapsed_timers`.
"""

from __future__ import annotations

from enum import StrEnum

from msgspec.structs import replace

from connector.domain.conversation import Conversation, ConversationState, DueAlarm, DueRule
from connector.domain.due import current_alarm, next_alarm_at
from connector.domain.queueing import rank
from connector.domain.skill_rules import SkillRules
from connector.domain.snooze import quiet_until


class TimerEvent(StrEnum):
    RING_ENDS = "ring_ends"  # no agent it rang at accepted
    ASKED_AGAIN = "asked_again"  # those who declined or missed its ring may be asked again
    WRAP_UP_ENDS = "wrap_up_ends"
    DUE_SOON = "due_soon"
    OVERDUE = "overdue"
    SILENCE = "silence"  # its owner has not answered for too long
    AUTO_CLOSE = "auto_close"
    SNOOZE_ENDS = "snooze_ends"
    SEND_LATER = "send_later"


def with_rank_and_timer(conversation: Conversation, rules: SkillRules) -> Conversation:
    """With the fields derived from the others: rank and next timer."""
    moments = [at for at in _moments(conversation, rules).values() if at is not None]
    return replace(conversation, rank=rank(conversation), timer_at=min(moments, default=None))


def elapsed_timers(conversation: Conversation, rules: SkillRules, now: int) -> list[TimerEvent]:
    """Timers due by now, the most important first; at most one of them changes state or owner."""
    return [what for what, at in _moments(conversation, rules).items() if at is not None and at <= now]


def closes_at(conversation: Conversation, rules: SkillRules) -> int | None:
    """When it closes automatically: only while no answer is due and the consumer waits for none.

    Counted from the last message, so that reading or transferring it does not defer it; of one that was put away, from
    when it came back.
    """
    if quiet_until(conversation):
        return None
    waits = conversation.state in (ConversationState.ASSIGNED, ConversationState.QUEUED)
    if not waits or conversation.waiting_since is not None or conversation.due_at is not None:
        return None
    return max(conversation.last_at, conversation.back_at or 0) + rules.auto_close_s * 1000


def silent_at(conversation: Conversation, rules: SkillRules) -> int | None:
    """When its owner will have been silent for too long."""
    if conversation.state is not ConversationState.ASSIGNED or conversation.waiting_since is None or not rules.silent_s:
        return None
    # What came back is theirs to deal with from that moment on.
    came_back_at = max(conversation.unsent_at or 0, conversation.back_at or 0)
    since = max(conversation.waiting_since, conversation.assigned_at or 0, promised_until(conversation), came_back_at)
    return since + rules.silent_s * 1000


def promised_until(conversation: Conversation) -> int:
    """Until when its owner keeps it: they have set by hand when they will answer, put it away, or written a reply for
    then; 0: they have not."""
    due_at = conversation.due_at or 0 if conversation.due_by is DueRule.MANUAL else 0
    return max(due_at, quiet_until(conversation))


def _moments(conversation: Conversation, rules: SkillRules) -> dict[TimerEvent, int | None]:
    if conversation.state is ConversationState.CLOSED:
        return {}
    if conversation.state is ConversationState.WRAP_UP:
        return {TimerEvent.WRAP_UP_ENDS: conversation.wrap_up_until}
    found: dict[TimerEvent, int | None] = {TimerEvent.AUTO_CLOSE: closes_at(conversation, rules)}
    if conversation.state is ConversationState.RINGING:
        found[TimerEvent.RING_ENDS] = conversation.ring_until
    if conversation.state is ConversationState.QUEUED:
        found[TimerEvent.ASKED_AGAIN] = conversation.again_at
    found[TimerEvent.SILENCE] = silent_at(conversation, rules)
    # The moment alone decides which alarm is raised: after a long stop, a conversation may be overdue at once.
    found[TimerEvent.SNOOZE_ENDS] = conversation.snoozed_until
    found[TimerEvent.SEND_LATER] = conversation.scheduled_at
    if (at := next_alarm_at(conversation, rules)) is not None:
        at = max(at, quiet_until(conversation))
        late = conversation.due_at is not None and at >= conversation.due_at
        found[TimerEvent.OVERDUE if late else TimerEvent.DUE_SOON] = at
    return found


def pending_alarm(conversation: Conversation, rules: SkillRules, now: int) -> DueAlarm:
    """The alarm that holds now and has not been raised; NONE when there is none, or it is to be quiet."""
    if now < quiet_until(conversation):
        return DueAlarm.NONE
    found = current_alarm(conversation, rules, now)
    # An alarm is not raised again, nor revoked when the clock is set back.
    return DueAlarm.NONE if conversation.due_told in (found, DueAlarm.OVERDUE) else found
