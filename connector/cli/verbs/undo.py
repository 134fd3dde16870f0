"""`textdesk undo ID`: withdraw a reply that has not left yet, or cancel one that is to be sent later."""

from __future__ import annotations

import os
from argparse import Namespace

from connector.base import ids
from connector.client.errors import RequestRefused
from connector.client.link import Link
from connector.console.failure import CommandFailed
from connector.console.output import json_line, plain, write
from connector.wire import requests
from connector.wire.refusals import RefusalCode


def check(options: Namespace) -> None:
    if len(options.message.strip()) != ids.LENGTH:
        words = f"{options.message} is no id of a message: `send` and `scheduled` print it, and so does `show --json`."
        raise CommandFailed(words, os.EX_USAGE)


async def run(link: Link, options: Namespace) -> int:
    try:
        await link.ask(requests.UndoReply(options.message))
    except RequestRefused as refused:
        if refused.code != RefusalCode.UNKNOWN_MESSAGE:
            raise
        await link.ask(requests.CancelScheduled(options.message))
    words = plain(f"Message {options.message} is not sent.")
    write(json_line({"message_id": options.message}) if options.json else words)
    return 0
