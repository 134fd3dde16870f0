from __future__ import annotations

import pyte
import pytest

from tui.terminal import first_frame


def shown(columns: int, rows: int) -> list[str]:
    screen = pyte.Screen(columns, rows)
    pyte.Stream(screen).feed(first_frame.drawn(columns, rows))
    return [line.rstrip() for line in screen.display]


def test_it_says_that_the_desk_connects() -> None:
    first, *rest = shown(80, 24)
    assert first.startswith(" Textdesk ") and first.endswith("○ connecting…") and len(first) == 79
    assert not any(rest)


@pytest.mark.parametrize(("columns", "rule"), [(100, 42), (120, 48), (150, 48), (200, 60)])
def test_a_wide_one_has_the_rule_between_list_and_conversation(columns: int, rule: int) -> None:
    _, *body, last = shown(columns, 24)
    assert set(body) == {" " * rule + "│"} and not last


@pytest.mark.parametrize("columns", [1, 9, 22, 23, 24])
def test_in_little_room_nothing_wraps(columns: int) -> None:
    assert not any(shown(columns, 5)[1:])
