"""Due times: what sets them, what clears them, and their alarms."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from connector.domain import due
from connector.domain.conversation import Conversation, DueAlarm, DueRule
from connector.domain.due import Deadline
from connector.domain.hours import Hours
from connector.domain.skill_rules import SkillRules
from tests.connector.domain.test_hours import BERLIN, daily, wall
from tests.kit.stores import conversation

RULES = SkillRules(response_s=900, first_contact_s=300, soon_s=120)


@pytest.mark.parametrize(
    ("rules", "is_first", "at", "by"),
    [
        (RULES, False, 900_000, DueRule.RESPONSE),
        (RULES, True, 300_000, DueRule.FIRST_CONTACT),
        (SkillRules(response_s=900), True, 900_000, DueRule.RESPONSE),
        (SkillRules(response_s=1, first_contact_s=7200), True, 7_200_000, DueRule.FIRST_CONTACT),
    ],
)
def test_deadlines(rules: SkillRules, is_first: bool, at: int, by: DueRule) -> None:
    assert due.deadline_for(rules, 0, is_first_contact=is_first) == Deadline(at, by)


def test_due_across_a_closed_night() -> None:
    rules = SkillRules(response_s=900, hours=daily("08:00-20:00"))
    midnight = wall("2026-11-26T00:00")
    assert due.deadline_for(rules, midnight, is_first_contact=False).at == midnight + 8 * 3_600_000 + 900_000


def test_a_skill_that_never_opens_has_a_due_time() -> None:
    never = due.deadline_for(SkillRules(hours=Hours(BERLIN, ((),) * 7)), 0, is_first_contact=False)
    assert never.at == 253_402_300_799_000


BARE = conversation(waiting_since=0)
BY_RULE = due.restarted(BARE, Deadline(1000, DueRule.RESPONSE))
BY_HAND = due.set_manually(BARE, 5000, is_kept=False)
KEPT = due.set_manually(BARE, 5000, is_kept=True)
LATER = Deadline(2000, DueRule.RESPONSE)
LATEST = Deadline(9000, DueRule.RESPONSE)

# The conversation after something; when and by which rule it is due then, and the moment set by hand.
STEPS = {
    "a text": (BY_RULE, (1000, DueRule.RESPONSE, None)),
    "each further text restarts it": (due.restarted(BY_RULE, LATER), (2000, DueRule.RESPONSE, None)),
    "an answer ends it": (due.answered(BY_RULE), (None, DueRule.RESPONSE, None)),
    "set by an agent": (BY_HAND, (5000, DueRule.MANUAL, 5000)),
    "set by an agent, later than the rules say": (
        due.set_manually(BY_RULE, 5000, is_kept=False),
        (5000, DueRule.MANUAL, 5000),
    ),
    "a text that is due sooner than the reminder": (
        due.restarted(BY_HAND, LATER),
        (2000, DueRule.RESPONSE, 5000),
    ),
    "a text that is due later leaves it": (due.restarted(BY_HAND, LATEST), (5000, DueRule.MANUAL, 5000)),
    "an answer clears it": (due.answered(BY_HAND), (None, DueRule.RESPONSE, None)),
    "an answer leaves one that is kept": (due.answered(KEPT), (5000, DueRule.MANUAL, 5000)),
    "which comes back after a text and its answer": (
        due.answered(due.restarted(KEPT, LATER)),
        (5000, DueRule.MANUAL, 5000),
    ),
    "by the rules again": (due.by_rules(KEPT, LATER), (2000, DueRule.RESPONSE, None)),
    "by the rules, with no answer due": (due.by_rules(KEPT, None), (None, DueRule.RESPONSE, None)),
}


@pytest.mark.parametrize("step", STEPS.values(), ids=STEPS.keys())
def test_changes(step: tuple[Conversation, tuple[int | None, DueRule, int | None]]) -> None:
    after, expected = step
    assert (after.due_at, after.due_by, after.reminder_at) == expected
    assert after.is_reminder_kept == (after.is_reminder_kept and after.reminder_at is not None)


@pytest.mark.parametrize(
    ("raised", "soon_s", "alarm_at"),
    [
        (DueAlarm.NONE, 120, 880_000),
        (DueAlarm.NONE, 0, 1_000_000),
        (DueAlarm.SOON, 120, 1_000_000),
        (DueAlarm.OVERDUE, 120, None),
    ],
)
def test_the_next_alarm(raised: DueAlarm, soon_s: int, alarm_at: int | None) -> None:
    one = conversation(due_at=1_000_000, due_told=raised)
    assert due.next_alarm_at(one, SkillRules(soon_s=soon_s)) == alarm_at
    assert due.next_alarm_at(replace(one, due_at=None), SkillRules(soon_s=soon_s)) is None


@pytest.mark.parametrize(
    ("now", "soon_s", "alarm"),
    [
        (879_999, 120, DueAlarm.NONE),
        (880_000, 120, DueAlarm.SOON),
        (999_999, 120, DueAlarm.SOON),
        (1_000_000, 120, DueAlarm.OVERDUE),
        (999_999, 0, DueAlarm.NONE),
        (1_000_000, 0, DueAlarm.OVERDUE),
    ],
)
def test_the_alarm_that_holds(now: int, soon_s: int, alarm: DueAlarm) -> None:
    assert due.current_alarm(conversation(due_at=1_000_000), SkillRules(soon_s=soon_s), now) is alarm
    assert due.current_alarm(conversation(), SkillRules(soon_s=soon_s), now) is DueAlarm.NONE


def test_a_new_due_time_has_new_alarms_and_the_same_one_has_not() -> None:
    overdue = replace(BY_RULE, due_told=DueAlarm.OVERDUE)
    assert due.restarted(overdue, LATER).due_told is DueAlarm.NONE
    assert due.restarted(overdue, Deadline(1000, DueRule.RESPONSE)).due_told is DueAlarm.OVERDUE
    assert due.answered(overdue).due_told is DueAlarm.NONE
