"""`textdesk reload`: take over the configuration's file, without restarting the core."""

from __future__ import annotations

from argparse import Namespace

import msgspec

from connector.client.link import Link
from connector.console.output import json_line, note, plain, table, write
from connector.wire import administration, answers


async def run(link: Link, options: Namespace) -> int:
    """One line for each thing that has changed."""
    answer = await link.ask(administration.Reload())
    assert isinstance(answer, answers.Reloaded)
    if options.json:
        write(json_line(msgspec.to_builtins(answer)))
        return 0
    kinds = {
        "agent": answer.agents,
        "skill": answer.skills,
        "line": answer.lines,
        "account": answer.accounts,
        "setting": answer.settings,
    }
    rows = [[kind, *item.rpartition(": ")[::2]] for kind, items in kinds.items() for item in items]
    if not rows:
        write(plain(f"Nothing has changed in {answer.file}."))
    else:
        for line in table(("WHAT", "NAME", "CHANGED"), rows):
            write(line)
    for words in answer.warnings:
        note(words)
    return 0
