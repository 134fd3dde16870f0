"""When an answer is due: what restarts it, what ends it, and what is told about it."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from connector.domain import due
from connector.domain.conversation import Conversation, Due, DueTold
from connector.domain.due import Deadline
from connector.domain.hours import Hours
from connector.domain.skills import SkillRules
from tests.connector.domain.test_hours import BERLIN, daily, wall
from tests.kit.stores import conversation

RULES = SkillRules(response_s=900, first_contact_s=300, soon_s=120)


@pytest.mark.parametrize(
    ("rules", "is_first", "at", "by"),
    [
        (RULES, False, 900_000, Due.RESPONSE),
        (RULES, True, 300_000, Due.FIRST_CONTACT),
        (SkillRules(response_s=900), True, 900_000, Due.RESPONSE),
        (SkillRules(response_s=1, first_contact_s=7200), True, 7_200_000, Due.FIRST_CONTACT),
    ],
)
def test_due_for(rules: SkillRules, is_first: bool, at: int, by: Due) -> None:
    assert due.due_for(rules, 0, is_first_contact=is_first) == Deadline(at, by)


def test_due_across_a_closed_night() -> None:
    rules = SkillRules(response_s=900, hours=daily("08:00-20:00"))
    midnight = wall("2026-11-26T00:00")
    assert due.due_for(rules, midnight, is_first_contact=False).at == midnight + 8 * 3_600_000 + 900_000


def test_where_nobody_ever_works_it_is_due_all_the_same() -> None:
    never = due.due_for(SkillRules(hours=Hours(BERLIN, ((),) * 7)), 0, is_first_contact=False)
    assert never.at == 253_402_300_799_000


BARE = conversation(waiting_since=0)
BY_RULE = due.restarted(BARE, Deadline(1000, Due.RESPONSE))
BY_HAND = due.set_by_hand(BARE, 5000, is_kept=False)
KEPT = due.set_by_hand(BARE, 5000, is_kept=True)
LATER = Deadline(2000, Due.RESPONSE)
LATEST = Deadline(9000, Due.RESPONSE)

# The conversation after something; when and by which rule it is due then, and the moment set by hand.
STEPS = {
    "a text": (BY_RULE, (1000, Due.RESPONSE, None)),
    "each further text restarts it": (due.restarted(BY_RULE, LATER), (2000, Due.RESPONSE, None)),
    "an answer ends it": (due.answered(BY_RULE), (None, Due.RESPONSE, None)),
    "by hand": (BY_HAND, (5000, Due.MANUAL, 5000)),
    "by hand, later than the rules say": (due.set_by_hand(BY_RULE, 5000, is_kept=False), (5000, Due.MANUAL, 5000)),
    "a text that is due sooner than the moment set by hand": (
        due.restarted(BY_HAND, LATER),
        (2000, Due.RESPONSE, 5000),
    ),
    "a text that is due later leaves it": (due.restarted(BY_HAND, LATEST), (5000, Due.MANUAL, 5000)),
    "an answer clears it": (due.answered(BY_HAND), (None, Due.RESPONSE, None)),
    "an answer leaves one that is kept": (due.answered(KEPT), (5000, Due.MANUAL, 5000)),
    "which comes back after a text and its answer": (
        due.answered(due.restarted(KEPT, LATER)),
        (5000, Due.MANUAL, 5000),
    ),
    "as the rules say again": (due.by_the_rules(KEPT, LATER), (2000, Due.RESPONSE, None)),
    "and nobody waits": (due.by_the_rules(KEPT, None), (None, Due.RESPONSE, None)),
}


@pytest.mark.parametrize("step", STEPS.values(), ids=STEPS.keys())
def test_steps(step: tuple[Conversation, tuple[int | None, Due, int | None]]) -> None:
    after, expected = step
    assert (after.due_at, after.due_by, after.reminder_at) == expected
    assert after.is_reminder_kept == (after.is_reminder_kept and after.reminder_at is not None)


@pytest.mark.parametrize(
    ("told", "soon_s", "alarm_at"),
    [
        (DueTold.NOTHING, 120, 880_000),
        (DueTold.NOTHING, 0, 1_000_000),
        (DueTold.SOON, 120, 1_000_000),
        (DueTold.OVERDUE, 120, None),
    ],
)
def test_the_next_alarm(told: DueTold, soon_s: int, alarm_at: int | None) -> None:
    one = conversation(due_at=1_000_000, due_told=told)
    assert due.alarm_at(one, SkillRules(soon_s=soon_s)) == alarm_at
    assert due.alarm_at(replace(one, due_at=None), SkillRules(soon_s=soon_s)) is None


@pytest.mark.parametrize(
    ("now", "soon_s", "alarm"),
    [
        (879_999, 120, DueTold.NOTHING),
        (880_000, 120, DueTold.SOON),
        (999_999, 120, DueTold.SOON),
        (1_000_000, 120, DueTold.OVERDUE),
        (999_999, 0, DueTold.NOTHING),
        (1_000_000, 0, DueTold.OVERDUE),
    ],
)
def test_what_is_to_be_told_by_now(now: int, soon_s: int, alarm: DueTold) -> None:
    assert due.alarm(conversation(due_at=1_000_000), SkillRules(soon_s=soon_s), now) is alarm
    assert due.alarm(conversation(), SkillRules(soon_s=soon_s), now) is DueTold.NOTHING


def test_a_new_moment_is_told_anew_and_the_same_one_is_not() -> None:
    told = replace(BY_RULE, due_told=DueTold.OVERDUE)
    assert due.restarted(told, LATER).due_told is DueTold.NOTHING
    assert due.restarted(told, Deadline(1000, Due.RESPONSE)).due_told is DueTold.OVERDUE
    assert due.answered(told).due_told is DueTold.NOTHING
