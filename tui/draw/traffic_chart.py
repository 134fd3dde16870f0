"""The last hour's traffic as one chart: inbound upwards, replies downwards from one line, failures marked below."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import zip_longest

from connector.wire.views import TrafficBucket
from tui.draw.format import Line, Span, clock

_UP = " ▁▂▃▄▅▆▇█"
_LABELS = 15  # cells before the bars: "  in        34 "
_NOTE = 20
_MOST_EACH = 5
_QUARTER = 3  # buckets between two times of the clock


def summed(lines: Sequence[Sequence[TrafficBucket]]) -> list[TrafficBucket]:
    """The buckets of several lines as those of one."""
    return [_sum([bucket for bucket in column if bucket is not None]) for column in zip_longest(*lines)]


def _sum(buckets: list[TrafficBucket]) -> TrafficBucket:
    return TrafficBucket(
        at=buckets[0].at,
        inbound=sum(bucket.inbound for bucket in buckets),
        accepted=sum(bucket.accepted for bucket in buckets),
        delivered=sum(bucket.delivered for bucket in buckets),
        failed=sum(bucket.failed for bucket in buckets),
        replies=sum(bucket.replies for bucket in buckets),
    )


def traffic_chart(buckets: Sequence[TrafficBucket], width: int) -> list[Line]:
    """Three or four lines: texts in, replies out on the same scale, failures if there are any, the clock.

    Bars never stand alone: the sums are before them, and the scale is behind.
    """
    most = max((max(bucket.inbound, bucket.accepted) for bucket in buckets), default=0)
    each = max(1, min(_MOST_EACH, (width - _LABELS - _NOTE) // max(1, len(buckets))))
    scale = f"  █ = {most:,} in 5 min" if most and width >= _LABELS + each * len(buckets) + _NOTE else ""
    sent = [bucket.accepted for bucket in buckets]
    lines: list[Line] = [
        [*_label("in", sum(bucket.inbound for bucket in buckets)), *_bars(buckets, each, most), (scale, "faint")],
        [*_label("out", sum(sent)), *(_down(figure, most, each) for figure in sent)],
    ]
    if any(bucket.failed for bucket in buckets):
        marks = "".join(_failed(bucket.failed, each) for bucket in buckets)
        lines.append([*_label("failed", sum(bucket.failed for bucket in buckets), "bad"), (marks.rstrip(), "bad")])
    lines.append([(" " * _LABELS, ""), (_clock(buckets, each), "faint")])
    return lines


def _label(name: str, figure: int, role: str = "strong") -> Line:
    return [(f"  {name:<6} ", "muted"), (f"{figure:>5,} ", role)]


def _bars(buckets: Sequence[TrafficBucket], each: int, most: int) -> Line:
    return [_up(bucket.inbound, most, each) for bucket in buckets]


def height(figure: int, most: int) -> int:
    """Eighths of a cell, 2 to 8; 0 for none, so that little and none differ."""
    return 0 if figure <= 0 or most <= 0 else max(2, min(8, -(-figure * 8 // most)))


def _up(figure: int, most: int, each: int) -> Span:
    high = height(figure, most)
    return (_UP[high] * each, "ring") if high else ("▁" * each, "rule")


def _down(figure: int, most: int, each: int) -> Span:
    """Blocks grow from the bottom of a cell, so one that hangs from its top is what a block leaves out, reversed."""
    high = height(figure, most)
    return (_UP[8 - high] * each, "bar-down") if high else ("▔" * each, "rule")


def _failed(count: int, each: int) -> str:
    words = f"✗{count}" if count > 1 and len(f"✗{count}") <= each else "✗"
    return f"{words if count else '':<{each}}"


def _clock(buckets: Sequence[TrafficBucket], each: int) -> str:
    """The time at which every third bucket begins, where it fits."""
    words = ""
    for number, bucket in enumerate(buckets):
        at = number * each
        if number % _QUARTER == 0 and len(words) <= at:
            words = f"{words:<{at}}{clock(bucket.at)} "
    return words.rstrip()
