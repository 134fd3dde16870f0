"""The page of reports: how waiting, answers, replies and deliveries went over time, and a table of whom or what."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from datetime import date
from typing import NamedTuple

from connector.base.counted import count
from connector.sms.text import one_line
from connector.wire import answers, report_figures
from connector.wire.views import ReportRowView
from tui.draw import columns
from tui.draw.columns import TableColumn, table_width, with_room
from tui.draw.format import Line, Span, day, line_width
from tui.draw.plots import Plot, PlotBar, beside, plot_lines
from tui.model.reports import BY, ReportChoice
from tui.model.state import FetchedReport

_BESIDE_FROM = 110  # cells, from which on two plots stand beside each other
_GAP = 4
_INDENT = "    "
_NAMES = {"entry_point": "entry point"}
_LEAST_BAR, _MOST_BAR, _IS_BAR = 8, 30, 35
_LONGEST_NAME = 22
_MINUTE_MS = 60_000
_OF_NOTHING: Line = [("–", "muted")]


class _Figure(NamedTuple):
    title: str
    draw: Callable[[ReportRowView], Span]
    weight: int  # the lightest are left out first where there is no room


def by_name(by: str) -> str:
    return _NAMES.get(by, by)


def report_entries(
    choice: ReportChoice, over_time: FetchedReport | None, table: FetchedReport | None, width: int, height: int
) -> list[tuple[Hashable | None, list[Line]]]:
    """Plots, then the table; a row of it is an entry."""
    refusal = next((one.refusal for one in (over_time, table) if one is not None and one.refusal), None)
    if refusal:
        return [(None, [[], [(f"{_INDENT}{one_line(refusal, width - 5)}", "bad")]])]
    if over_time is None or over_time.answer is None:
        return [(None, [[], [(f"{_INDENT}asking the core…", "muted")]])]
    found = over_time.answer
    head: list[Line] = [[]]
    if choice.only:
        head += [*_only(choice, width), []]
    head += _plots(found, width, height)
    if found.counted_since is not None:
        words = f"Waiting, skill and entry point are counted since {day(found.counted_since)}."
        head.append([(f"{_INDENT}{one_line(words, width - 5)}", "faint")])
    if found.total.billed_otherwise:
        words = f"Segments: {report_figures.billed_otherwise(found.total)}."
        head.append([(f"{_INDENT}{one_line(words, width - 5)}", "warn")])
    head += [[], _tabs(choice, width), []]
    if table is None or table.answer is None:
        return [(None, [*head, [(f"{_INDENT}asking the core…", "muted")]])]
    rows = [row for row in table.answer.rows if _has_anything(row)]
    if not rows:
        return [(None, [*head, [(f"{_INDENT}Nothing was counted in these days.", "muted")]])]
    titles, *lines = _table(rows, choice.by, width)
    entries: list[tuple[Hashable | None, list[Line]]] = [(None, [*head, titles])]
    entries += [((choice.by, row.key), [line]) for row, line in zip(rows, lines, strict=True)]
    if table.answer.left_out:
        entries.append((None, [[(f"{_INDENT}… and {count(table.answer.left_out, 'more row')}", "muted")]]))
    return entries


def _only(choice: ReportChoice, width: int) -> list[Line]:
    said = " · ".join(f"{by_name(by)} {name or 'of nobody'}" for by, (_, name) in choice.only.items())
    return [[(f"{_INDENT}only ", "muted"), (one_line(said, max(8, width - 12)), "strong you")]]


def summary(found: answers.Report, room: int) -> Line:
    """The sum in few words, for the title: what it cost, and whose it is."""
    cost = report_figures.cost(found.total.cost)
    words = " · ".join(filter(None, (f"cost {cost}" if cost else "", "your own work" if found.is_own else "")))
    return [(one_line(words, max(0, room)), "muted")] if words else []


# Plots.


def _plots(found: answers.Report, width: int, height: int) -> list[Line]:
    rows = _shown_times(found)
    labels = _labels(found.by, rows)
    room = width - 2 * len(_INDENT)
    is_beside = width >= _BESIDE_FROM
    each = (room - _GAP) // 2 if is_beside else room
    # Half of a high screen is for plots, as each of them has a title and labels.
    stacked = 2 if is_beside else 4
    high = max(1, min(9, height // 2 // stacked - 2))
    drawn = [plot_lines(plot, labels, each, high) for plot in _four(found.total, rows, has_caps=high > 1)]
    if is_beside:
        blocks = [beside(drawn[0], drawn[1], _GAP), beside(drawn[2], drawn[3], _GAP)]
        lines = [*blocks[0], [], *blocks[1]]
    else:
        # One line of labels is enough for plots below each other.
        lines = [line for block in drawn[:-1] for line in block[:-1]] + drawn[-1]
    return [[(_INDENT, ""), *line] if line else [] for line in lines]


def _four(total: ReportRowView, rows: Sequence[ReportRowView], *, has_caps: bool) -> list[Plot]:
    waiting: Line = [("no answers", "muted")]
    if total.answers:
        half, most = report_figures.seconds(total.median_s), report_figures.seconds(total.p90_s)
        waiting = [
            ("▄", "ring"),
            (" half within ", "muted"),
            (half, ""),
            ("  ▔ nine in ten " if has_caps else ", nine in ten ", "muted"),
            (most, ""),
        ]
    timely, arrived = report_figures.in_time(total), report_figures.delivered(total)
    pace = report_figures.per_hour(total)
    late: Line = [(timely, _share_role(total.answers - total.late, total.answers))] if timely else []
    if total.late:
        late.append((f", {total.late:,} late", "muted"))
    failed: Line = [(arrived, _share_role(total.delivered, total.delivered + total.failed))] if arrived else []
    if total.failed:
        failed.append((f", {total.failed:,} failed", "muted"))
    replies: Line = [(f"{total.replies:,}", "")]
    if pace:
        replies.append((f", {pace} an hour online", "muted"))
    return [
        Plot(
            "waiting",
            waiting,
            [PlotBar(row.median_s, row.p90_s, "ring") if row.answers else PlotBar(None) for row in rows],
            scale=lambda top: report_figures.seconds(round(top)),
        ),
        Plot(
            "answered in time",
            late or _OF_NOTHING,
            [_share(row.answers - row.late, row.answers) for row in rows],
            1.0,
            _whole,
        ),
        Plot("replies", replies, [PlotBar(float(row.replies)) for row in rows], scale=lambda top: f"{round(top):,}"),
        Plot(
            "delivered",
            failed or _OF_NOTHING,
            [_share(row.delivered, row.delivered + row.failed) for row in rows],
            1.0,
            _whole,
        ),
    ]


def _whole(_: float) -> str:
    return "100%"


def _share(part: int, whole: int) -> PlotBar:
    return PlotBar(part / whole, None, _share_role(part, whole)) if whole else PlotBar(None)


def _share_role(part: int, whole: int) -> str:
    share = part / whole if whole else 1.0
    return "good" if share >= 0.9 else "warn" if share >= 0.75 else "bad"


def _shown_times(found: answers.Report) -> Sequence[ReportRowView]:
    """All days; of the hours those from the first to the last with anything, and eight at least."""
    if found.by != "hour":
        return found.rows
    filled = [number for number, row in enumerate(found.rows) if _has_anything(row)] or [9]
    first, after = filled[0], filled[-1] + 1
    if after - first < 8:
        first = max(0, min(first, len(found.rows) - 8))
        after = min(len(found.rows), first + 8)
    return found.rows[first:after]


def _labels(by: str, rows: Sequence[ReportRowView]) -> list[str]:
    if by == "hour":
        return [row.name[:2] for row in rows]
    found = []
    for row in rows:
        try:
            day = date.fromisoformat(row.name)
        except ValueError:
            found.append(one_line(row.name, 6))
        else:
            found.append(f"{day:%a}" if len(rows) <= 14 else f"{day.day} {day:%b}" if day.weekday() == 0 else "")
    return found


# The table.


def _tabs(choice: ReportChoice, width: int) -> Line:
    line: Line = [(f"{_INDENT}by ", "muted")]
    for by in BY:
        is_on = by == choice.by
        line.append((f"{'▸' if is_on else ' '}{by_name(by)} ", "on" if is_on else "muted"))
    return line if line_width(line) <= width else [(f"{_INDENT}by ", "muted"), (f"▸{by_name(choice.by)}", "on")]


def _has_anything(row: ReportRowView) -> bool:
    return bool(row.texts or row.opened or row.closed or row.replies or row.transfers or row.online_ms > _MINUTE_MS)


def _figures(by: str) -> list[_Figure]:
    def number(name: str) -> Callable[[ReportRowView], Span]:
        return lambda row: (f"{value:,}" if (value := getattr(row, name)) else "", "")

    return [
        _Figure("replies", lambda row: (f"{row.replies:,}", "" if row.replies else "muted"), 98),
        _Figure("half in", lambda row: (report_figures.seconds(row.median_s), ""), 90),
        _Figure("9 in 10", lambda row: (report_figures.seconds(row.p90_s), ""), 40),
        _Figure("in time", _timely, 95),
        _Figure("delivered", _arrived, 80),
        _Figure("an hour", lambda row: (report_figures.per_hour(row), ""), 30),
        _Figure("texts", number("texts"), 60),
        _Figure("opened", number("opened"), 20),
        _Figure("closed", number("closed"), 96 if by == "outcome" else 50),
        _Figure("moved on", lambda row: (f"{moved:,}" if (moved := row.transfers + row.give_backs) else "", ""), 10),
        _Figure("segments", number("segments"), 25),
        _Figure("cost", lambda row: (report_figures.cost(row.cost), ""), 85),
    ]


def _timely(row: ReportRowView) -> Span:
    role = _share_role(row.answers - row.late, row.answers)
    return report_figures.in_time(row), "" if role == "good" else role


def _arrived(row: ReportRowView) -> Span:
    role = _share_role(row.delivered, row.delivered + row.failed)
    return report_figures.delivered(row), "" if role == "good" else role


def _table(rows: Sequence[ReportRowView], by: str, width: int) -> list[Line]:
    """The titles, and a line for each row."""
    room = width - len(_INDENT) - 1
    name: list[Line] = [[(one_line(row.name, _LONGEST_NAME) or "?", "strong" if row.key else "muted")] for row in rows]
    figures = [TableColumn(one.title, [[one.draw(row)] for row in rows], one.weight) for one in _figures(by)]
    bars = TableColumn("", [[("█" * _LEAST_BAR, "")]] * len(rows), _IS_BAR, is_left=True)
    named = TableColumn(by_name(by), name, 100, is_left=True)
    shown = with_room([named, figures[0], bars, *figures[1:]], room)
    if bars in shown:
        cells_of_bar = min(_MOST_BAR, _LEAST_BAR + room - table_width(shown))
        most = max(row.replies for row in rows)
        drawn: list[Line] = [[(report_figures.bar(row.replies, most, cells_of_bar), "good")] for row in rows]
        shown[shown.index(bars)] = bars._replace(lines=drawn)
    return [
        [(f"{_INDENT}{columns.titles(shown)}", "faint")],
        *([(_INDENT, ""), *line] for line in columns.rows(shown)),
    ]
