"""What is written for a change, as a terminal shows it."""

from __future__ import annotations

import pyte
import pytest
from rich.console import Console
from rich.segment import Segment
from textual._compositor import ChopsUpdate
from textual.strip import Strip

from tui.terminal.cell_diff import ChangedCells

LEFT, RIGHT = "東京abc", "xyz"  # two widgets side by side, of seven and three cells


@pytest.mark.parametrize(
    ("first", "after", "shown", "letters"),
    [
        (0, 10, "東京abcxyz", 8),
        (5, 6, ".....b....", 1),
        (6, 8, "......cx..", 2),
        (2, 4, "..京......", 1),
        (7, 10, ".......xyz", 3),
        (4, 7, "....abc...", 3),
    ],
)
def test_only_the_changed_cells_are_written(first: int, after: int, shown: str, letters: int) -> None:
    chops: list[dict[int, Strip | None]] = [{0: Strip([Segment(LEFT)]), 7: Strip([Segment(RIGHT)])}]
    written = ChangedCells(ChopsUpdate(chops, [(0, first, after)], [[7, 10]])).render_segments(Console())
    screen = pyte.Screen(10, 2)
    stream = pyte.Stream(screen)
    stream.feed("." * 10)
    stream.feed(written)
    assert screen.display[0].replace("\0", "") == shown
    assert sum(char.isalpha() for char in written.replace("\x1b[1;", "").replace("H", "")) == letters


def test_lines_that_are_not_drawn_here_are_left_alone() -> None:
    chops: list[dict[int, Strip | None]] = [{0: None, 3: Strip([Segment("abc")])}, {0: Strip([Segment("lines")])}]
    written = ChangedCells(ChopsUpdate(chops, [(0, 0, 6), (1, 1, 3)], [[3, 6], [5]])).render_segments(Console())
    screen = pyte.Screen(6, 2)
    pyte.Stream(screen).feed(written)
    assert screen.display == ["   abc", " in   "]
