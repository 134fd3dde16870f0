"""Timers of a conversation."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from connector.domain.conversation import Conversation, ConversationState, DueAlarm, DueRule
from connector.domain.skill_rules import SkillRules
from connector.domain.timers import TimerEvent, closes_at, elapsed_timers, pending_alarm, silent_at, with_rank_and_timer
from tests.kit.stores import conversation

RULES = SkillRules(soon_s=100, silent_s=60, auto_close_s=5000)
QUIET = replace(RULES, silent_s=0)
ASSIGNED = conversation(
    state=ConversationState.ASSIGNED, agent="ann", assigned_at=1_000_000, queued_at=None, waiting_since=None, last_at=0
)
WAITS = replace(ASSIGNED, waiting_since=900_000, due_at=2_000_000)
QUEUED = conversation(waiting_since=900_000, due_at=2_000_000, last_at=0)
MANUAL = replace(WAITS, due_by=DueRule.MANUAL)

# A conversation and its rules; the moment in seconds at which something happens to it, and what.
MOMENTS = {
    "silent consumer": (ASSIGNED, RULES, 5000, [TimerEvent.AUTO_CLOSE]),
    "silent consumer in the queue": (
        replace(QUEUED, waiting_since=None, due_at=None),
        RULES,
        5000,
        [TimerEvent.AUTO_CLOSE],
    ),
    "a reminder keeps it open": (replace(ASSIGNED, due_at=9_000_000), RULES, 8900, [TimerEvent.DUE_SOON]),
    "silent owner, since they accepted it": (WAITS, RULES, 1060, [TimerEvent.SILENCE]),
    "silent owner, since the consumer wrote": (
        replace(WAITS, waiting_since=1_500_000),
        RULES,
        1560,
        [TimerEvent.SILENCE],
    ),
    "not before the due time the owner set": (MANUAL, replace(RULES, soon_s=0), 2000, [TimerEvent.OVERDUE]),
    "but after it": (replace(MANUAL, due_told=DueAlarm.OVERDUE), RULES, 2060, [TimerEvent.SILENCE]),
    "due soon": (WAITS, QUIET, 1900, [TimerEvent.DUE_SOON]),
    "overdue": (replace(WAITS, due_told=DueAlarm.SOON), QUIET, 2000, [TimerEvent.OVERDUE]),
    "overdue without a warning": (WAITS, replace(QUIET, soon_s=0), 2000, [TimerEvent.OVERDUE]),
    "all alarms raised": (replace(WAITS, due_told=DueAlarm.OVERDUE), QUIET, None, []),
    "queued": (QUEUED, RULES, 1900, [TimerEvent.DUE_SOON]),
    "ringing": (
        replace(QUEUED, state=ConversationState.RINGING, rings=("ann",), ring_until=1_200_000),
        RULES,
        1200,
        [TimerEvent.RING_ENDS],
    ),
    "ringing for longer than it may wait": (
        replace(QUEUED, state=ConversationState.RINGING, rings=("ann",), ring_until=3_000_000),
        RULES,
        1900,
        [TimerEvent.DUE_SOON],
    ),
    "a silent consumer does not end a ring": (
        replace(ASSIGNED, state=ConversationState.RINGING, agent=None, rings=("ann",), ring_until=9_000_000),
        RULES,
        9000,
        [TimerEvent.RING_ENDS],
    ),
    "wrap-up": (
        replace(ASSIGNED, state=ConversationState.WRAP_UP, wrap_up_until=1_030_000),
        RULES,
        1030,
        [TimerEvent.WRAP_UP_ENDS],
    ),
    "closed": (replace(WAITS, state=ConversationState.CLOSED), RULES, None, []),
}


@pytest.mark.parametrize("case", MOMENTS.values(), ids=MOMENTS.keys())
def test_moments(case: tuple[Conversation, SkillRules, int | None, list[TimerEvent]]) -> None:
    one, rules, at_s, what = case
    at = None if at_s is None else at_s * 1000
    assert with_rank_and_timer(one, rules).timer_at == at
    if at is not None:
        assert elapsed_timers(one, rules, at - 1) == []
        assert elapsed_timers(one, rules, at) == what


def test_missed_timers_elapse_together() -> None:
    late = elapsed_timers(WAITS, RULES, 10**10)
    assert set(late) == {TimerEvent.SILENCE, TimerEvent.DUE_SOON}
    assert pending_alarm(WAITS, RULES, 10**10) is DueAlarm.OVERDUE  # as it is by then, and only that


@pytest.mark.parametrize(
    ("raised", "now", "alarm"),
    [
        (DueAlarm.NONE, 1_899_999, DueAlarm.NONE),
        (DueAlarm.NONE, 1_900_000, DueAlarm.SOON),
        (DueAlarm.SOON, 1_950_000, DueAlarm.NONE),
        (DueAlarm.SOON, 2_000_000, DueAlarm.OVERDUE),
        (DueAlarm.NONE, 2_000_000, DueAlarm.OVERDUE),
        (DueAlarm.OVERDUE, 3_000_000, DueAlarm.NONE),
        # A clock that is set back revokes no alarm, nor raises it twice.
        (DueAlarm.OVERDUE, 1_950_000, DueAlarm.NONE),
        (DueAlarm.OVERDUE, 0, DueAlarm.NONE),
        (DueAlarm.SOON, 0, DueAlarm.NONE),
    ],
)
def test_the_alarm_to_raise(raised: DueAlarm, now: int, alarm: DueAlarm) -> None:
    assert pending_alarm(replace(WAITS, due_told=raised), RULES, now) is alarm


def test_reading_and_transferring_do_not_defer_the_close() -> None:
    at = closes_at(ASSIGNED, RULES)
    for other in (replace(ASSIGNED, version=9, unread=0), replace(ASSIGNED, assigned_at=10**9, agent="bob", moves=2)):
        assert closes_at(other, RULES) == at


def test_only_an_owner_can_be_silent() -> None:
    assert silent_at(QUEUED, RULES) is None
    assert silent_at(ASSIGNED, RULES) is None
    assert silent_at(WAITS, QUIET) is None


def test_the_rank_is_stored_with_it() -> None:
    assert with_rank_and_timer(QUEUED, RULES).rank == 2_000_000
