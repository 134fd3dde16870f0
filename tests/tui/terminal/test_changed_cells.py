"""From which cell to which two lines differ."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from connector.sms.text import cells, shown
from tui.terminal.cell_diff import changed_cells

BOLD = Style(bold=True)


def strip(*parts: tuple[str, Style | None]) -> Strip:
    return Strip([Segment(text, style) for text, style in parts])


def test_equal_lines_need_nothing() -> None:
    assert changed_cells(strip(("abc", None)), strip(("ab", None), ("c", None))) is None


def test_only_what_differs_counts() -> None:
    assert changed_cells(strip(("count 11 of", None)), strip(("count 12 of", None))) == (7, 8)
    assert changed_cells(strip(("abcdef", None)), strip(("ab", None), ("cd", BOLD), ("ef", None))) == (2, 4)


def test_a_wide_character_is_never_halved() -> None:
    assert changed_cells(strip(("ab東d", None)), strip(("abxyd", None))) == (2, 4)
    assert changed_cells(strip(("a東b", None)), strip(("東ab", None))) == (0, 3)


def test_a_line_with_joined_emoji_is_painted_whole() -> None:
    assert changed_cells(strip(("👨‍👩‍👧 a", None)), strip(("👨‍👩‍👧 b", None))) == (0, 4)


@given(st.text(max_size=20), st.text(max_size=20))
def test_painting_the_changed_cells_is_enough(old: str, new: str) -> None:
    old, new = shown(old, keep_newlines=False), shown(new, keep_newlines=False)
    width = max(cells(old), cells(new))
    before, after = (strip((text, None)).adjust_cell_length(width) for text in (old, new))
    changed = changed_cells(before, after)
    if changed is None:
        assert before.text == after.text
    else:
        start, end = changed
        assert before.crop(0, start).text == after.crop(0, start).text
        assert before.crop(end, width).text == after.crop(end, width).text
