"""Which texts `textdesk unmask` joins."""

from __future__ import annotations

import pytest

from connector.cli.verbs.unmask import goes_on
from connector.wire.views import PartView

FIRST = PartView(reference=7, total=3, number=1)


@pytest.mark.parametrize(
    ("before", "part", "is_joined"),
    [
        (FIRST, PartView(7, 3, 2), True),
        (FIRST, PartView(7, 3, 3), True),
        (FIRST, PartView(8, 3, 2), False),
        (FIRST, PartView(7, 2, 2), False),
        (FIRST, PartView(7, 3, 2, wide=True), False),
        (PartView(7, 3, 3), FIRST, False),  # the next text under the same reference
        (FIRST, None, False),
        (None, None, False),
    ],
)
def test_only_parts_of_one_text_are_joined(before: PartView | None, part: PartView | None, is_joined: bool) -> None:
    assert goes_on(before, part) is is_joined
