"""`textdesk forget NUMBER`: erase what is stored of a consumer, and print the proof."""

from __future__ import annotations

import os
import re
import sys
from argparse import Namespace

import msgspec

from connector.base.counted import count
from connector.client.link import Link
from connector.console import questions
from connector.console.failure import CommandFailed
from connector.console.output import json_line, write, write_words
from connector.console.progress import ProgressLine
from connector.wire import administration, answers

_WHAT_GOES = (
    "Messages, notes, the contact, pictures, hooks, receipts and drafts are erased for good. What they said about being"
    " texted stays as a keyed hash, so that an opt-out holds; so do the audit and counts."
)
_KINDS = {
    "conversations": ("conversation", "conversations"),
    "messages": ("message", "messages"),
    "contacts": ("contact", "contacts"),
    "consent": ("consent entry", "consent entries"),
    "consent entries under a keyed hash": ("consent entry under a keyed hash", "consent entries under a keyed hash"),
    "attempts": ("attempt", "attempts"),
    "receipts": ("receipt", "receipts"),
    "work": ("piece of work", "pieces of work"),
    "uploads": ("upload", "uploads"),
    "hooks": ("hook", "hooks"),
    "events": ("event", "events"),
    "answers": ("answer", "answers"),
    "words of counters": ("word of a counter", "words of counters"),
    "outcomes in tallies": ("outcome in a tally", "outcomes in tallies"),
    "picture files": ("picture file", "picture files"),
}
"""One and several of what the core counts."""


async def run(link: Link, options: Namespace) -> int:
    """0 when all of it is erased; 1 when nothing was ever stored, another number was typed
    to confirm it, or deleted bytes are, or may be, left in files."""
    preview = await _ask(link, administration.Forget(options.number, is_preview=True))
    if not options.yes:
        _confirm(preview, options)
    progress = ProgressLine(sys.stderr)
    answer = preview
    while not answer.is_done:
        answer = await _ask(link, administration.Forget(options.number, rewrite=options.rewrite))
        progress.show(answer.words)
    progress.clear()
    if options.json:
        write(json_line(msgspec.to_builtins(answer)))
    else:
        for line in _lines(answer):
            write_words(line)
    return int(not answer.was_known or bool(answer.found))


async def _ask(link: Link, request: administration.Forget) -> answers.Forgotten:
    answer = await link.ask(request)
    assert isinstance(answer, answers.Forgotten)
    return answer


def _confirm(preview: answers.Forgotten, options: Namespace) -> None:
    """Raises CommandFailed unless the number is typed again."""
    if options.json or not sys.stdin.isatty():
        raise CommandFailed("Without a terminal to confirm it on, forget needs --yes.", os.EX_USAGE)
    counts = [_counted(number, name) for name, number in preview.stored.items() if number]
    write_words(f"Of {preview.consumer} there is stored: {', '.join(counts) or 'no conversation'}.")
    write_words(_WHAT_GOES)
    typed = questions.line("Type the number again to erase it: ")
    if _digits(typed) not in {_digits(options.number), _digits(preview.consumer)}:
        raise CommandFailed("That is another number: nothing was erased.")


def _digits(text: str) -> str:
    return re.sub(r"[\s()./+-]", "", text)


def _counted(number: int, kind: str) -> str:
    """`1 message`, `2 messages`. A kind that only a newer core knows stays as it comes."""
    return count(number, *_KINDS.get(kind, (kind, kind)))


def _lines(answer: answers.Forgotten) -> list[str]:
    if not answer.was_known:
        return [f"Nothing was ever stored of {answer.consumer}."]
    erased = ", ".join(_counted(number, name) for name, number in answer.erased.items()) or "nothing was left"
    kept = ", ".join(_counted(number, name) for name, number in answer.stored.items() if number)
    return [
        f"{answer.consumer}: {answer.words}",
        f"erased: {erased}",
        f"stays: {f'{kept}, ' if kept else ''}the audit with a keyed hash, counts without numbers",
        *(f"searched: {one}" for one in answer.searched),
        *(f"left: {one}" for one in answer.found),
        *(f"stays, as it is of others or came since: {one}" for one in answer.others),
        *(f"out of reach: {one}" for one in answer.out_of_reach),
    ]
