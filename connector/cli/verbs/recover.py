"""`textdesk recover --since`: take in messages that providers have and the core missed."""

from __future__ import annotations

from argparse import Namespace

from connector.cli import moment_arguments
from connector.client.errors import RequestRefused
from connector.client.link import Link
from connector.console.output import json_line, plain, write
from connector.wire import administration, answers


def check(options: Namespace) -> None:
    moment_arguments.past(options.since, now=0)


async def run(link: Link, options: Namespace) -> int:
    """0 when all accounts that have a list were gone through, also where none has one; else the exit code of the first
    that failed."""
    since = moment_arguments.past(options.since, link.now())
    accounts = [options.account] if options.account else sorted({line.account for line in link.lines})
    codes = []
    for name in accounts:
        try:
            answer = await link.ask(administration.Recover(name, since))
        except RequestRefused as refused:
            write(json_line({"account": name, "error": str(refused)}) if options.json else plain(f"{name}: {refused}"))
            if options.account or refused.details.get("cause") != "no_list":
                codes.append(refused.exit_code)
            continue
        assert isinstance(answer, answers.Recovered)
        values = {"account": name, "looked_at": answer.looked_at, "taken_in": answer.taken_in}
        words = f"{name}: {answer.taken_in} taken in of {answer.looked_at} looked at."
        write(json_line(values) if options.json else plain(words))
    return codes[0] if codes else 0
