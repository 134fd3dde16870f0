"""Bars of block characters, several lines high, some with a line above them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from connector.sms.text import cells
from tui.draw.format import Line, Span, pad

_UP = " ▁▂▃▄▅▆▇█"
_CAPS = "▁─▔"
_GAP_FROM = 3  # cells of a bar, from which on a blank follows it


class PlotBar(NamedTuple):
    """One bar: its value, and above it a line at the height of a second one."""

    value: float | None  # None: nothing is known, which is another thing than 0
    above: float | None = None
    role: str = "good"


class Plot(NamedTuple):
    """Bars under a title. `most`: the value of the full height; None: the highest of them."""

    name: str
    figures: Line
    bars: Sequence[PlotBar]
    most: float | None = None
    scale: Callable[[float], str] = str  # what the full height is, in words


def plot_lines(plot: Plot, labels: Sequence[str], width: int, height: int) -> list[Line]:
    """A line of title, `height` lines of bars with the scale at the right, and the labels: all of this width."""
    top = plot.most if plot.most is not None else max((_top(bar) for bar in plot.bars), default=0.0)
    scale = plot.scale(top) if top else ""
    each = bar_width(len(plot.bars), width - cells(scale) - 1)
    title: Line = [(plot.name, "strong"), ("  ", ""), *plot.figures]
    lines: list[Line] = [_padded(title, width)]
    for row in range(height - 1, -1, -1):
        drawn: Line = [_cell(bar, top, row, height, each) for bar in plot.bars]
        beside: Line = [(f" {scale}", "faint")] if row == height - 1 else []
        lines.append(_padded(_joined([*drawn, *beside]), width))
    return [*lines, _padded([(axis(labels, each), "faint")], width)]


def bar_width(number: int, width: int, most: int = 12) -> int:
    return max(1, min(most, width // max(1, number)))


def axis(labels: Sequence[str], each: int) -> str:
    """The labels below their bars, as many as do not touch."""
    words = ""
    for number, label in enumerate(labels):
        at = number * each
        if label and (not words or cells(words) < at):
            words = pad(words, at) + label
    return words


def _top(bar: PlotBar) -> float:
    return max(bar.value or 0.0, bar.above or 0.0)


def _cell(bar: PlotBar, top: float, row: int, height: int, each: int) -> Span:
    """The piece of a bar in one line, the lowest being 0."""
    wide = each - 1 if each >= _GAP_FROM else each
    gap = " " * (each - wide)
    if bar.value is None:
        return ("·" * wide if row == 0 else " " * wide) + gap, "rule"
    here = _eighths(bar.value, top, height) - 8 * row
    if here > 0:
        return _UP[min(8, here)] * wide + gap, bar.role
    if row == 0 and bar.value <= 0:
        return "▁" * wide + gap, "rule"
    above = _eighths(bar.above or 0.0, top, height) - 8 * row
    if 0 < above <= 8:
        return _CAPS[(above - 1) // 3] * wide + gap, "muted"
    return " " * each, ""


def _eighths(value: float, top: float, height: int) -> int:
    """How high a value is; any but 0 shows."""
    return 0 if value <= 0 or top <= 0 else max(1, round(8 * height * min(value, top) / top))


def _joined(spans: Line) -> Line:
    """Neighbours of one role as one span."""
    found: Line = []
    for text, role in spans:
        if found and found[-1][1] == role:
            found[-1] = found[-1][0] + text, role
        else:
            found.append((text, role))
    return found


def _padded(spans: Line, width: int) -> Line:
    """Exactly so wide; what is too long is cut at its end."""
    shown: Line = []
    left = width
    for text, role in spans:
        if cells(text) > left:
            text = text[:left]
        shown.append((text, role))
        left -= cells(text)
        if left <= 0:
            break
    return [*shown, (" " * max(0, left), "")]


def beside(left: Sequence[Line], right: Sequence[Line], gap: int) -> list[Line]:
    """Two blocks of lines beside each other, of which the left one's have one width."""
    return [[*one, (" " * gap, ""), *other] for one, other in zip(left, right, strict=True)]
