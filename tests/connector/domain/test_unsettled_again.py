"""What a reply is that had been dealt with by one that is undone."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from connector.domain.message import Direction, Message
from connector.domain.status import Status
from connector.domain.unsettled import without
from tests.kit.stores import message

LOST = message(direction=Direction.REPLY, author="ann", status=Status.FAILED)


@pytest.mark.parametrize(
    ("before", "is_unsettled"),
    [
        (replace(LOST, settled_by="R2"), True),
        (replace(LOST, resent_as="R2"), True),
        (replace(LOST, settled_by="R2", resent_as="R2"), True),
        (replace(LOST, settled_by="R1", resent_as="R2"), False),
        (replace(LOST, settled_by="R2", resent_as="R3"), False),
        (replace(LOST, settled_by="R2", status=Status.SENT), False),
        (replace(LOST, settled_by="R2", status=Status.UNCERTAIN), True),
    ],
)
def test_it_is_unsettled_unless_it_arrived_or_was_dealt_with_otherwise(before: Message, is_unsettled: bool) -> None:
    after = without(before, "R2")
    assert after.is_unsettled is is_unsettled
    assert "R2" not in (after.settled_by, after.resent_as)
