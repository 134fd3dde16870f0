"""Who may do what with a conversation."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from connector.domain import conversation as life
from connector.domain.ownership import demand_acceptable, demand_owner
from connector.domain.refusals import Refused
from connector.domain.values import Conversation, Line

NEW = life.opened("c1", Line("+15550100", "main", "orders"), "+15550199", now=1000)
ANNS = life.assigned(NEW, "ann", "free", 1000)
CLOSED = life.closed(ANNS, 2000, "closed by ann")


@pytest.mark.parametrize(
    ("conversation", "demand", "code"),
    [
        (NEW, lambda c: demand_owner(c, "ann"), "not_owner"),
        (ANNS, lambda c: demand_owner(c, "bob"), "not_owner"),
        (CLOSED, lambda c: demand_owner(c, "ann"), "closed"),
        (ANNS, lambda c: demand_acceptable(c, "bob", None, 2000), "not_queued"),
        (CLOSED, lambda c: demand_acceptable(c, "bob", None, 2000), "not_queued"),
    ],
)
def test_refused(conversation: Conversation, demand: Callable[[Conversation], None], code: str) -> None:
    with pytest.raises(Refused) as no:
        demand(conversation)
    assert no.value.code == code
    assert no.value.words.endswith(".")


def test_allowed() -> None:
    demand_owner(ANNS, "ann")
    demand_acceptable(NEW, "bob", None, 2000)


def test_every_change_is_a_new_version() -> None:
    versions = [NEW, ANNS, life.read(ANNS), life.queued(ANNS, 1, "back"), CLOSED]
    assert all(later.version > NEW.version for later in versions[1:])


def test_a_closed_conversation_remembers_its_owner_and_waits_for_nobody() -> None:
    assert (CLOSED.agent, CLOSED.waiting_since, CLOSED.queued_at, CLOSED.closed_at) == ("ann", None, None, 2000)
