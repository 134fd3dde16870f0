"""`textdesk report`: what was done in some days, as a table with bars, as JSON lines, or as CSV."""

from __future__ import annotations

import csv
import io
import os
import re
import shutil
import sys
from argparse import Namespace
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

import msgspec

from connector.base import moments
from connector.base.counted import count
from connector.cli import moment_arguments
from connector.client.link import Link
from connector.console.colours import Colours
from connector.console.failure import CommandFailed
from connector.console.output import json_line, moment, note, plain, write
from connector.sms.text import cells, one_line
from connector.wire import answers, report_figures, requests
from connector.wire.views import ReportRowView

BY = ("agent", "skill", "line", "outcome", "entry-point", "day", "hour")
_DAYS = re.compile(r"(\d{1,3})d")
_DAY_MS = 86_400_000
_MINUTE_MS = 60_000
_WIDTH = 100  # cells, where there is no terminal
_LONGEST_NAME = 24
_LEAST_BAR, _MOST_BAR = 8, 24
_IS_BAR = 35  # the weight of bars
_NUMBER = re.compile(r"\+[0-9]{1,15}")
# What a spreadsheet may take for a formula: https://owasp.org/www-community/attacks/CSV_Injection
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


class _Column(NamedTuple):
    title: str
    cells: list[str]
    roles: list[str]  # green, amber, red or empty
    weight: int  # the lightest are left out first where there is no room


def check(options: Namespace) -> None:
    if options.csv and options.json:
        raise CommandFailed("--csv and --json are two forms of the same: give one of them.", os.EX_USAGE)
    if options.since is not None:
        _day(options.since, now=0)
    if options.until is not None:
        _day(options.until, now=0)
    _only(options.only)


async def run(link: Link, options: Namespace) -> int:
    """Prints a report of today unless `--since` is given; with `--json` a line each, the sum as the last one."""
    now = link.now()
    since = now if options.since is None else _day(options.since, now)
    until = None if options.until is None else _day(options.until, now)
    by = options.by.replace("-", "_")
    found = await link.ask(requests.GetReport(since, by, until, _only(options.only)))
    assert isinstance(found, answers.Report)
    _note_what_is_missing(found, since, options)
    if options.csv:
        for line in _csv(found):
            write(line)
    elif options.json:
        for row in found.rows:
            write(json_line({"by": options.by, **msgspec.to_builtins(row)}))
        about = {"since_at": found.since, "until_at": found.until, "zone": found.zone, "is_own": found.is_own}
        more = {"left_out": found.left_out, "counted_since_at": found.counted_since}
        write(json_line({"by": "all", **msgspec.to_builtins(found.total), **about, **more}))
    else:
        for line in _lines(found, options.by):
            write(line)
    return 0


def _note_what_is_missing(found: answers.Report, since: int, options: Namespace) -> None:
    """Warn, on stderr, of days that are no longer kept and of filters that match nothing."""
    if found.since > since:
        note(f"No more is kept of this: the report begins on {datetime.fromtimestamp(found.since / 1000):%Y-%m-%d}.")
    if options.only and not _has_anything(found.total):
        of = " and ".join(options.only)
        note(f"Nothing was counted of {of}. It is to be written whole, as a report --by agent, line … has it.")


def _day(text: str, now: int) -> int:
    """A moment of the day that is meant: `7d` is today and the six days before, of a date it is noon, which is on the
    same day wherever the brand's clock is. Raises CommandFailed."""
    if (found := _DAYS.fullmatch(text)) is not None:
        return max(0, now - (max(1, int(found[1])) - 1) * _DAY_MS)
    if (ago := moments.days_ago(text)) is not None:
        text = (datetime.fromtimestamp(now / 1000).date() - timedelta(days=ago)).isoformat()
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return moment_arguments.past(text, now)
    noon = round(datetime.combine(day, time(12)).timestamp() * 1000)
    if now and noon > now + _DAY_MS:
        raise CommandFailed(f"{text} is still to come: a report goes up to today.", os.EX_USAGE)
    return max(0, min(noon, now) if now else noon)


def _only(written: Sequence[str]) -> dict[str, str]:
    """`--only agent=ben` as the request has it. Raises CommandFailed."""
    found = {}
    for one in written:
        name, sign, value = one.partition("=")
        if not sign or not value:
            words = f"{one} does not say of what: write it like --only agent=ben or --only line=+15550100."
            raise CommandFailed(words, os.EX_USAGE)
        found[name.replace("-", "_")] = value
    return found


# For people.


def _lines(found: answers.Report, by: str) -> list[str]:
    width = shutil.get_terminal_size().columns if sys.stdout.isatty() else _WIDTH
    lines = [plain(f"{_title(found)}, by {by.replace('-', ' ')}"), "", *_summary(found.total)]
    if found.counted_since is not None:
        lines.append(f"  Waiting, skill and entry point are counted since {moment(found.counted_since)}.")
    rows = found.rows if by not in ("day", "hour") else _without_empty_ends(found.rows)
    rows = [row for row in rows if by in ("day", "hour") or _has_anything(row)]
    if not any(map(_has_anything, rows)):
        return [*lines, "", "Nothing was counted in these days."]
    lines += ["", *_table(rows, by, width)]
    if found.left_out:
        lines.append(f"… and {count(found.left_out, 'more row')}; --json and --csv end there, too.")
    return lines


def _title(found: answers.Report) -> str:
    first, last = (datetime.fromtimestamp(at / 1000) for at in (found.since + 43_200_000, found.until - 43_200_000))
    days = f"{first:%Y-%m-%d}" if first.date() == last.date() else f"{first:%Y-%m-%d} to {last:%Y-%m-%d}"
    whose = "Your own work" if found.is_own else "Report"
    return f"{whose}, {days}{f' ({found.zone})' if found.zone else ''}"


def _summary(row: ReportRowView) -> list[str]:
    """The sums in sentences, without what is not known."""
    said = [("Texts", f"{row.texts:,} in, {count(row.opened, 'conversation')} opened, {row.closed:,} closed")]
    if row.answers:
        half, most = report_figures.seconds(row.median_s), report_figures.seconds(row.p90_s)
        timely = report_figures.in_time(row)
        said.append(
            ("Answers", f"{row.answers:,}: half within {half}, nine in ten within {most}, {timely} of them in time")
        )
    replies = [f"{row.replies:,}"]
    if share := report_figures.delivered(row):
        replies.append(f"{share} delivered, {row.failed:,} failed" if row.failed else f"{share} delivered")
    if pace := report_figures.per_hour(row):
        replies.append(f"{pace} an hour online")
    said.append(("Replies", ", ".join(replies)))
    segments = [f"{row.segments:,} sent"]
    if paid := report_figures.cost(row.cost):
        segments.append(f"{paid}{f' and {row.unpriced:,} segments without a price' if row.unpriced else ''}")
    if row.billed_otherwise:
        segments.append(report_figures.billed_otherwise(row))
    said.append(("Segments", ", ".join(segments)))
    return [f"  {name:<9} {words}" for name, words in said]


def _has_anything(row: ReportRowView) -> bool:
    return bool(row.texts or row.opened or row.closed or row.replies or row.transfers or row.online_ms > _MINUTE_MS)


def _without_empty_ends(rows: Sequence[ReportRowView]) -> list[ReportRowView]:
    filled = [number for number, row in enumerate(rows) if _has_anything(row)]
    return [*rows[filled[0] : filled[-1] + 1]] if filled else []


def _table(rows: Sequence[ReportRowView], by: str, width: int) -> list[str]:
    most = max(row.replies for row in rows)
    names = [one_line(plain(row.name), _LONGEST_NAME) for row in rows]
    empty = [""] * len(rows)
    columns = [
        _Column(by.replace("-", " ").upper(), names, empty, 99),
        _Column("REPLIES", [f"{row.replies:,}" for row in rows], empty, 98),
        _Column("", [" " * _LEAST_BAR for _ in rows], ["bar"] * len(rows), _IS_BAR),
        _Column("HALF IN", [report_figures.seconds(row.median_s) for row in rows], empty, 90),
        _Column("9 IN 10", [report_figures.seconds(row.p90_s) for row in rows], empty, 40),
        _Column("ANSWERED IN TIME", [report_figures.in_time(row) for row in rows], [_timely(row) for row in rows], 95),
        _Column("DELIVERED", [report_figures.delivered(row) for row in rows], [_sound(row) for row in rows], 80),
        _Column("AN HOUR", [report_figures.per_hour(row) for row in rows], empty, 30),
        _Column("TEXTS", [f"{row.texts:,}" for row in rows], empty, 60),
        _Column("OPENED", [f"{row.opened:,}" for row in rows], empty, 20),
        _Column("CLOSED", [f"{row.closed:,}" for row in rows], empty, 50),
        _Column("SEGMENTS", [f"{row.segments:,}" for row in rows], empty, 25),
        _Column("COST", [report_figures.cost(row.cost) for row in rows], empty, 45),
    ]
    shown = [
        one
        for one in columns
        if one.weight >= 98 or one.weight == _IS_BAR or any(cell.strip("0") for cell in one.cells)
    ]
    while len(shown) > 2 and sum(map(_wide, shown)) + 2 * (len(shown) - 1) > width:
        shown.remove(min(shown, key=lambda one: one.weight))
    room = width - sum(map(_wide, shown)) - 2 * (len(shown) - 1)
    bars = [report_figures.bar(row.replies, most, min(_MOST_BAR, _LEAST_BAR + room)) for row in rows]
    shown = [one._replace(cells=bars) if one.weight == _IS_BAR else one for one in shown]
    colours = Colours(sys.stdout)
    paint = {"green": colours.green, "amber": colours.amber, "red": colours.red, "bar": colours.green}
    lines = [colours.faint("  ".join(_aligned(one, one.title) for one in shown).rstrip())]
    for number in range(len(rows)):
        drawn = []
        for one in shown:
            cell, role = _aligned(one, one.cells[number]), one.roles[number]
            drawn.append(paint[role](cell) if role in paint else cell)
        lines.append("  ".join(drawn).rstrip())
    return lines


def _wide(column: _Column) -> int:
    return max(cells(column.title), *map(cells, column.cells))


def _aligned(column: _Column, cell: str) -> str:
    """Names and bars to the left, numbers to the right."""
    room = " " * (_wide(column) - cells(cell))
    return f"{cell}{room}" if column.weight in (99, _IS_BAR) else f"{room}{cell}"


def _timely(row: ReportRowView) -> str:
    share = 1 - row.late / row.answers if row.answers else 1
    return "red" if share < 0.75 else "amber" if share < 0.9 else ""


def _sound(row: ReportRowView) -> str:
    known = row.delivered + row.failed
    share = row.failed / known if known else 0
    return "red" if share >= 0.25 else "amber" if share >= 0.1 else ""


# For spreadsheets.


def _csv(found: answers.Report) -> list[str]:
    """A line of titles, a line a row, and the sum as the last one."""
    currencies = sorted(found.total.cost)
    plain_fields = [name for name in ReportRowView.__struct_fields__ if name not in ("key", "name", "cost")]
    titles = ["by", "key", "name", *plain_fields, *(f"cost_{one}" for one in currencies)]
    lines = [titles]
    for by, row in [*((found.by, row) for row in found.rows), ("all", found.total)]:
        values = ["" if (value := getattr(row, name)) is None else str(value) for name in plain_fields]
        lines.append([by, _cell(row.key), _cell(row.name), *values, *(row.cost.get(one, "0") for one in currencies)])
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows(lines)
    return out.getvalue().splitlines()


def _cell(text: str) -> str:
    """A text that no spreadsheet takes for a formula: it begins with an apostrophe then. A phone number stays as it is:
    a spreadsheet reads its plus as a sign."""
    text = plain(text)
    return f"'{text}" if text.startswith(_FORMULA) and not _NUMBER.fullmatch(text) else text
