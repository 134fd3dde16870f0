"""Each promise that is checked in a simulated day is reported when it is broken."""

from __future__ import annotations

from typing import Any

import pytest

from connector.domain.agent import Presence
from connector.domain.conversation import ConversationState, DueAlarm
from connector.domain.skill_rules import Rules, SkillRules
from connector.lab.day.checks import BrokenPromise, check_promises
from connector.store.values import StoreSnapshot
from tests.kit.stores import NOW, agent, conversation

RULES = Rules(SkillRules(gone_s=120, away_s=600))
LATE_S = 60
OWNED: dict[str, Any] = {"state": ConversationState.ASSIGNED, "agent": "ann", "queued_at": None, "assigned_at": NOW}
DUE: dict[str, Any] = {"due_at": NOW + 10**7, "timer_at": NOW + 10**6}


def check(now: int, *, is_connected: bool = True, presence: Presence = Presence.ONLINE, **changes: Any) -> None:
    ann = agent(presence=presence, presence_at=NOW)
    connected = frozenset({"ann"} if is_connected else ())
    check_promises(StoreSnapshot(1, (ann,), connected, (conversation(**DUE | changes),)), RULES, now, LATE_S)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"agent": "ann"}, "exactly one place"),
        ({"rings": ("ann",)}, "exactly one place"),
        ({"queued_at": None}, "exactly one place"),
        ({"state": ConversationState.RINGING, "rings": ("ann",)}, "exactly one place"),
        ({"state": ConversationState.RINGING, "ring_until": NOW}, "exactly one place"),
        (OWNED | {"agent": None}, "exactly one place"),
        ({"state": ConversationState.WRAP_UP, "agent": "ann"}, "exactly one place"),
        ({"due_at": None}, "no answer is due"),
        ({"timer_at": None}, "no alarm will ever be raised"),
        ({"timer_at": NOW - 1}, "should have run"),
    ],
)
def test_a_conversation_out_of_place(changes: dict[str, Any], words: str) -> None:
    with pytest.raises(BrokenPromise, match=words):
        check(NOW, **changes)


@pytest.mark.parametrize("changes", [{}, OWNED, {"timer_at": None, "due_told": DueAlarm.OVERDUE}])
def test_a_conversation_in_its_place(changes: dict[str, Any]) -> None:
    check(NOW, **changes)


@pytest.mark.parametrize(
    ("more", "limit_s"),
    [({"is_connected": False}, 120), ({"presence": Presence.AWAY}, 600), ({"presence": Presence.BACK_SOON}, 600)],
)
def test_a_consumer_does_not_wait_long_for_an_absent_agent(more: dict[str, Any], limit_s: int) -> None:
    now = NOW + (limit_s + LATE_S) * 1000
    check(now, **OWNED, **more, timer_at=now)
    with pytest.raises(BrokenPromise, match="waits for ann, who is not there"):
        check(now + 1, **OWNED, **more, timer_at=now + 1)
    check(now + 1, **OWNED, timer_at=now + 1)
    check(now + 1, **OWNED, **more, timer_at=now + 1, waiting_since=None)
