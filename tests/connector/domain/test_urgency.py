"""Answers are sent first."""

from __future__ import annotations

import pytest

from connector.domain.conversation import FOLLOW_UP, TEXT_IN
from connector.domain.urgency import Urgency, urgency_of
from tests.kit.stores import NOW, conversation


@pytest.mark.parametrize(
    ("entry_point", "waiting_since", "is_test", "urgency"),
    [
        (TEXT_IN, NOW, False, Urgency.ANSWER),
        (TEXT_IN, None, False, Urgency.ANSWER),  # what an agent adds to an answer
        ("poster", None, False, Urgency.ANSWER),
        (FOLLOW_UP, None, False, Urgency.FIRST_CONTACT),
        (FOLLOW_UP, NOW, False, Urgency.ANSWER),  # they have written back
        (FOLLOW_UP, None, True, Urgency.TEST),
        (TEXT_IN, NOW, True, Urgency.TEST),
    ],
)
def test_urgency(entry_point: str, waiting_since: int | None, is_test: bool, urgency: Urgency) -> None:
    about = conversation(entry_point=entry_point, waiting_since=waiting_since)
    assert urgency_of(about, is_test=is_test) is urgency
