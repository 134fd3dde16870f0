"""Plots: every bar is as high as its value, all lines are equally wide, and an empty place is no zero."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connector.sms.text import cells
from tui.draw.format import line_width
from tui.draw.plots import Plot, PlotBar, axis, bar_width, plot_lines

VALUES = st.one_of(st.none(), st.floats(0, 1e9))


def drawn(*bars: PlotBar, height: int = 4, width: int = 40, most: float | None = None) -> list[str]:
    """The lines of bars, from the highest, without title, labels and scale."""
    plot = Plot("replies", [], bars, most)
    lines = plot_lines(plot, [str(at) for at in range(len(bars))], width, height)
    return ["".join(text for text, _ in line) for line in lines[1:-1]]


@given(st.lists(VALUES, min_size=1, max_size=40), st.integers(1, 9), st.integers(50, 160))
def test_all_lines_are_as_wide_as_they_should_be(values: list[float | None], height: int, width: int) -> None:
    plot = Plot("waiting", [("half within 2m", "")], [PlotBar(one, 2 * one if one else None) for one in values])
    lines = plot_lines(plot, ["02"] * len(values), width, height)
    assert len(lines) == height + 2
    assert {line_width(line) for line in lines} == {width}


@given(st.lists(st.floats(0, 1e6), min_size=2, max_size=9), st.integers(1, 9))
def test_a_higher_value_is_never_a_lower_bar(values: list[float], height: int) -> None:
    lines = drawn(*(PlotBar(one) for one in values), height=height, width=60)
    each = bar_width(len(values), 60 - len(str(max(values))) - 1)
    heights = [sum(" ▁▂▃▄▅▆▇█".index(line[at * each]) for line in lines) for at in range(len(values))]
    for one, high in zip(values, heights, strict=True):
        for other, low in zip(values, heights, strict=True):
            assert one <= other or high >= low
    assert heights[values.index(max(values))] == (8 * height if max(values) else 1)


def test_nothing_known_is_told_from_nothing_done() -> None:
    *_, last = drawn(PlotBar(None), PlotBar(0.0), PlotBar(0.001), PlotBar(8.0))
    unknown, none, little, most = last.split()[:4]
    assert set(unknown) == {"·"} and set(none) == set(little) == {"▁"} and set(most) == {"█"}


def test_a_second_value_is_a_line_above_the_bar() -> None:
    lines = drawn(PlotBar(1.0, 4.0), PlotBar(2.0, 2.0), height=4)
    first = [line[0] for line in lines]
    assert first == ["▔", " ", " ", "█"]
    assert [line[bar_width(2, 36)] for line in lines] == [" ", " ", "█", "█"]


def test_what_no_value_reaches_is_the_height_that_was_given() -> None:
    assert [line[0] for line in drawn(PlotBar(0.5), height=4, most=1.0)] == [" ", " ", "█", "█"]


@pytest.mark.parametrize("each", [1, 2, 5])
def test_labels_never_touch(each: int) -> None:
    words = axis(["2 Nov", "", "", "", "", "", "", "9 Nov", "16 Nov"], each)
    assert words.startswith("2 Nov") and "Nov9" not in words and "Nov1" not in words
    assert words.find("9 Nov") in (-1, 7 * each) and cells(words) <= 8 * each + 6
