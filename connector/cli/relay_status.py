"""`textdesk relay status`: what a relay holds, read from its file, whether it runs or not."""

from __future__ import annotations

import os
import sqlite3
from argparse import Namespace
from pathlib import Path

import msgspec

from connector.base.clock import SystemClock
from connector.console.failure import CommandFailed
from connector.console.output import age, json_line, write
from connector.relay.process import FILE_NAME, is_running
from connector.relay.store import RelayCounts, counts_at


def run(options: Namespace, data: Path) -> int:
    """Prints the counts. Returns 0, or 1 when texts wait that no running relay hands on."""
    path = data / FILE_NAME
    try:
        found = counts_at(path)
        runs = is_running(data)
    except (sqlite3.Error, OSError):
        raise CommandFailed(f"{path}: cannot be read; --data names a relay's data directory.", os.EX_IOERR) from None
    if options.json:
        write(json_line({"running": runs, **msgspec.to_builtins(found)}))
    else:
        for line in lines(found, SystemClock().now(), runs=runs):
            write(line)
    return 1 if found.waiting and not runs else 0


def lines(found: RelayCounts, now: int, *, runs: bool) -> list[str]:
    """The counts as sentences."""
    waiting = "Nothing waits for the core."
    if found.oldest_at is not None:
        answer = "without an answer" if found.last_answer is None else f"last answered HTTP {found.last_answer}"
        since = age(now - found.oldest_at)
        waiting = f"Texts and receipts that wait for the core: {found.waiting:,}, the oldest for {since}, {answer}."
    said = [
        "The relay is running." if runs else "No relay is running on this data directory.",
        waiting,
        f"Handed on in 14 days: {found.handed_on:,}; repetitions of these that Kannel brought: {found.repeats:,}.",
        f"Replies of the core in 14 days: {found.sends:,}.",
    ]
    if found.not_understood:
        said.append(f"Not understood by the core: {found.not_understood:,}; `textdesk doctor` there says why.")
    if found.unknown:
        said.append(f"Parts of replies of unknown end, without an answer of Kannel or a receipt: {found.unknown:,}.")
    if found.unsent:
        said.append(f"Parts of replies that wait for Kannel: {found.unsent:,}.")
    return said
