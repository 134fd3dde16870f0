"""What agents may do with a conversation, and how long a hold lasts."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from msgspec.structs import replace

from connector.domain import transitions
from connector.domain.account import Line
from connector.domain.agent import Agent
from connector.domain.conversation import Conversation
from connector.domain.ownership import Hold, require_acceptable, require_open, require_owner, require_writer
from connector.domain.refusals import Refused
from connector.domain.skill_rules import SkillRules

NEW = transitions.opened("c1", Line("+15550100", "main", "orders"), "+15550199", "US", now=1000)
RINGING = transitions.ringing(NEW, ("ann", "bob"), 9000, "rings")
ANNS = transitions.assigned(NEW, "ann", "free", 1000)
JOINED = replace(ANNS, joined=("lea",))
WRAP_UP = transitions.in_wrap_up(JOINED, 9000, "ann")
CLOSED = transitions.closed(ANNS, 2000, "closed by ann")

HERE = Hold(Agent("ann", "Ann"), True, 120)
GONE = Hold(Agent("ann", "Ann", presence_at=0), False, 120)
LATE, NOW = 121_000, 2000


@pytest.mark.parametrize(
    ("conversation", "check", "code"),
    [
        (CLOSED, lambda c: require_open(c), "closed"),
        (WRAP_UP, lambda c: require_open(c), "closed"),
        (NEW, lambda c: require_owner(c, "ann"), "not_owner"),
        (RINGING, lambda c: require_owner(c, "ann"), "not_owner"),
        (ANNS, lambda c: require_owner(c, "bob"), "not_owner"),
        (JOINED, lambda c: require_owner(c, "lea"), "not_owner"),
        (WRAP_UP, lambda c: require_owner(c, "ann"), "closed"),
        (CLOSED, lambda c: require_owner(c, "ann"), "closed"),
        (ANNS, lambda c: require_writer(c, "bob", HERE, NOW), "not_owner"),
        (ANNS, lambda c: require_writer(c, "ann", GONE, LATE), "hold_over"),
        (replace(NEW, joined=("lea",)), lambda c: require_writer(c, "lea", HERE, NOW), "not_owner"),
        (WRAP_UP, lambda c: require_writer(c, "lea", HERE, NOW), "closed"),
        (ANNS, lambda c: require_acceptable(c, "bob", HERE, LATE), "not_queued"),
        (ANNS, lambda c: require_acceptable(c, "bob", GONE, NOW), "not_queued"),
        (RINGING, lambda c: require_acceptable(c, "cid", None, NOW), "not_queued"),
        (WRAP_UP, lambda c: require_acceptable(c, "ann", GONE, LATE), "not_queued"),
        (CLOSED, lambda c: require_acceptable(c, "bob", GONE, LATE), "not_queued"),
    ],
)
def test_refused(conversation: Conversation, check: Callable[[Conversation], None], code: str) -> None:
    with pytest.raises(Refused) as no:
        check(conversation)
    assert no.value.code == code
    assert no.value.words.endswith(".")


@pytest.mark.parametrize(
    ("conversation", "check"),
    [
        (NEW, lambda c: require_open(c)),
        (ANNS, lambda c: require_owner(c, "ann")),
        (ANNS, lambda c: require_writer(c, "ann", HERE, LATE)),
        (ANNS, lambda c: require_writer(c, "ann", GONE, NOW)),
        (JOINED, lambda c: require_writer(c, "lea", GONE, LATE)),  # whose owner is gone
        (NEW, lambda c: require_acceptable(c, "bob", None, NOW)),
        (RINGING, lambda c: require_acceptable(c, "bob", None, NOW)),
        (ANNS, lambda c: require_acceptable(c, "bob", GONE, LATE)),
        (ANNS, lambda c: require_acceptable(c, "ann", GONE, LATE)),
    ],
)
def test_allowed(conversation: Conversation, check: Callable[[Conversation], None]) -> None:
    check(conversation)


@pytest.mark.parametrize(
    ("presence_at", "seen_until", "assigned_at", "now", "is_over"),
    [
        (0, 0, 1000, 120_999, False),
        (0, 0, 1000, 121_000, True),
        (50_000, 0, 1000, 169_999, False),  # since their last desk went
        (50_000, 0, 1000, 170_000, True),
        (0, 90_000, 1000, 209_999, False),  # since the lease of a desk that is not swept yet
        (0, 90_000, 1000, 210_000, True),
        (0, 0, 200_000, 319_999, False),  # since they took it without a desk
        (500_000, 0, 1000, 1000, False),  # a clock has gone back
    ],
)
def test_a_hold_ends(presence_at: int, seen_until: int, assigned_at: int, now: int, is_over: bool) -> None:
    one = replace(ANNS, assigned_at=assigned_at)
    agent = Agent("ann", "Ann", presence_at=presence_at)
    assert Hold(agent, False, 120, seen_until).is_over(one, now) is is_over
    assert not Hold(agent, True, 120, seen_until).is_over(one, now)


def test_the_hold_of_an_unknown_agent_ends() -> None:
    assert not Hold(None, False, 120).is_over(ANNS, 120_999)
    assert Hold(None, False, SkillRules().gone_s).is_over(ANNS, 121_000)
