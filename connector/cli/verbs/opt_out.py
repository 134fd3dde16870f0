"""`textdesk opt-out NUMBER --because …` and `opt-in`: record what a consumer has said about being texted."""

from __future__ import annotations

import os
from argparse import Namespace

from connector.cli.find_conversation import consumer_of
from connector.client.link import Link
from connector.console.failure import CommandFailed
from connector.console.output import json_line, plain, write
from connector.wire import answers, requests


def check(options: Namespace) -> None:
    if not options.because.strip():
        raise CommandFailed("--because: say what the consumer said or wrote, where and when.", os.EX_USAGE)


async def run(link: Link, options: Namespace) -> int:
    is_opt_out = options.command == "opt-out"
    record = requests.OptOut if is_opt_out else requests.OptIn
    consumer = consumer_of(options.number, (await link.snapshot()).conversations)
    answer = await link.ask(record(consumer, options.because))
    assert isinstance(answer, answers.ConsentRecorded)
    words = "has opted out: nothing is sent to them" if is_opt_out else "may be texted again"
    if options.json:
        write(json_line({"consumer": answer.consumer, "opted_out": answer.opted_out}))
    else:
        write(plain(f"{answer.consumer} {words}."))
    return 0
