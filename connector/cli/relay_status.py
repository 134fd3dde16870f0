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
        waiting = f"{found.waiting:,} texts and receipts wait for the core, the oldest for {since}, {answer}."
    said = [
        "The relay is running." if runs else "No relay is running on this data directory.",
        waiting,
        f"{found.handed_on:,} were handed on in 14 days; {found.repeats:,} more were repetitions.",
        f"{found.sends:,} replies came from the core.",
    ]
    if found.not_understood:
        said.append(f"{found.not_understood:,} the core could not read: `textdesk doctor` there says why.")
    if found.unknown:
        said.append(f"{found.unknown:,} parts of replies are of unknown end: no answer of Kannel, and no receipt.")
    if found.unsent:
        said.append(f"{found.unsent:,} parts of replies wait for Kannel.")
    return said
