"""`textdesk audit`: who did what, and whether the record of it is what was stored."""

from __future__ import annotations

import asyncio
import os
import re
import sys
from argparse import Namespace
from collections.abc import Awaitable, Callable
from pathlib import Path

import msgspec

from connector.base import data_directory
from connector.base.counted import count
from connector.cli import moment_arguments
from connector.client.core_address import CoreAddress
from connector.client.link import Link
from connector.console.failure import CommandFailed
from connector.console.output import json_line, moment, plain, table, write
from connector.console.progress import ProgressLine
from connector.wire import administration, answers, limits
from connector.wire.views import AuditEntryView

_HEAD_ROW = ["NUMBER", "AT", "WHO", "ACTION", "ABOUT", "DETAILS"]
_DAY_MS = 86_400_000
_HEAD = re.compile(r"([0-9]{1,18}):([0-9a-f]{64}|)")


def check(options: Namespace) -> None:
    if options.since is not None:
        moment_arguments.past(options.since, now=0)
    if options.head is not None and (options.what != "verify" or not _HEAD.fullmatch(options.head)):
        raise CommandFailed("--head belongs to `audit verify`, and is NUMBER:HASH as the core logs it.", os.EX_USAGE)
    if options.what == "verify" and (options.who or options.since or options.action or options.number):
        raise CommandFailed("`audit verify` looks at all entries: leave the other options away.", os.EX_USAGE)


async def run(link: Link, options: Namespace) -> int:
    """Prints entries, the latest first: those of the last day unless --since is given. With `verify`: 0, or EX_DATAERR
    (65) where an entry is not what was stored."""
    return await (_verify(link.ask, options) if options.what == "verify" else _list(link, options))


def without_core(options: Namespace, core: CoreAddress) -> int | None:
    """`verify` where the data directory has a database and no core runs on it: it is read here, and left as it is.

    Raises CommandFailed where a directory has none: it may be evidence, on which no core is to be started.
    """
    path = core.data / "textdesk.db"
    if options.what != "verify" or core.urls or not _can_enter(core.data) or data_directory.is_in_use(core.data):
        return None
    if not os.path.exists(path):
        words = f"{core.data} has no textdesk.db to verify, and no core is running on it: name another with --data."
        raise CommandFailed(words, os.EX_UNAVAILABLE)
    from connector.doctor import stored_audit

    with stored_audit.opened(core.data) as answer:

        async def ask(question: administration.VerifyAudit) -> answers.AuditVerified:
            return answer(question)

        return asyncio.run(_verify(ask, options))


def _can_enter(folder: Path) -> bool:
    return os.path.isdir(folder) and os.access(folder, os.X_OK)


async def _list(link: Link, options: Namespace) -> int:
    since = link.now() - _DAY_MS if options.since is None else moment_arguments.past(options.since, link.now())
    before: int | None = None
    is_headed = False
    while True:
        page = await link.ask(
            administration.GetAudit(options.who, options.action, since, options.number, before, limits.AUDIT_PAGE)
        )
        assert isinstance(page, answers.AuditPage)
        if options.json:
            lines = [json_line(_values(entry)) for entry in page.entries]
        elif page.entries:
            headed = table(_HEAD_ROW, [_row(entry) for entry in page.entries])
            lines, is_headed = headed[is_headed:], True
        else:
            lines = []
        for line in lines:
            write(line)
        if page.before is None and not (options.json or is_headed):
            write("No entry is like that.")
        if page.before is None:
            return 0
        before = page.before


def _values(entry: AuditEntryView) -> dict[str, object]:
    values: dict[str, object] = msgspec.to_builtins(entry)
    return values | {"details": msgspec.json.decode(entry.details)}


def _row(entry: AuditEntryView) -> list[str]:
    about = " ".join(part for part in (entry.subject, entry.person) if part)
    who = entry.actor or administration.CORE
    return [str(entry.number), moment(entry.at), who, entry.action, about or "-", details_in_words(entry.details)]


def details_in_words(details: str) -> str:
    """The JSON of an entry as `name: value; name: value`, without what is empty, and with a time for what is a
    moment."""
    values: dict[str, object] = msgspec.json.decode(details)
    said = []
    for name, value in values.items():
        if name == "since" and isinstance(value, int):
            value = moment(value)
        if value not in ("", []):
            said.append(f"{name}: {', '.join(map(str, value)) if isinstance(value, list) else value}")
    return "; ".join(said)


async def _verify(ask: Callable[[administration.VerifyAudit], Awaitable[answers.Answer]], options: Namespace) -> int:
    head = _HEAD.fullmatch(options.head) if options.head else None
    until = int(head[1]) if head else None
    progress = ProgressLine(sys.stderr)
    last, hash_ = 0, ""
    seen = "" if until == 0 else None  # the hash of the entry that --head names
    while True:
        limit = limits.AUDIT_PAGE if until is None or last >= until else min(limits.AUDIT_PAGE, until - last)
        page = await ask(administration.VerifyAudit(last, hash_, limit))
        assert isinstance(page, answers.AuditVerified)
        last, hash_ = page.last, page.hash
        if last == until:
            seen = hash_
        if page.broken is not None:
            progress.clear()
            words = f"{page.words[:1].upper()}{page.words[1:]}. {_key_words(page.broken)}"
            return _broken(options, page.broken, words.strip())
        if not page.more:
            break
        progress.show(f"{count(last, 'entry', 'entries')} verified")
    progress.clear()
    if head is not None and until is not None and seen is None:
        return _broken(
            options, last + 1, f"It ends with entry {last}, but entry {until} was stored: its end was cut off."
        )
    if head is not None and seen != head[2]:
        return _broken(options, int(head[1]), f"Entry {until} is another than the one that --head names.")
    values = {"entries": last, "head": f"{last}:{hash_}", "broken": None}
    words = f"{count(last, 'entry', 'entries')}, each as it was stored. Head: {last}:{hash_}"
    write(json_line(values) if options.json else plain(words))
    return 0


def _broken(options: Namespace, number: int, words: str) -> int:
    values = {"entries": max(0, number - 1), "broken": number, "words": words}
    write(json_line(values) if options.json else plain(words))
    return os.EX_DATAERR


def _key_words(number: int) -> str:
    if number < 1:
        return ""
    if number == 1:
        return (
            "Or the core has another key now than the one the audit was written with (hash.key in the data directory,"
            " or [core] hash_key): put that back and try again."
        )
    return (
        f"The {number - 1:,} before it are as they were stored. If hash.key was lost or replaced at that time, what"
        " follows was written with the new key, and cannot be verified beside it."
    )
