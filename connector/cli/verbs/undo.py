"""`textdesk undo ID`: withdraw a reply that has not left yet, or cancel one that is to be sent later."""

from __future__ import annotations

from argparse import Namespace

from connector.client.errors import RequestRefused
from connector.client.link import Link
from connector.console.output import json_line, plain, write
from connector.wire import requests
from connector.wire.refusals import RefusalCode


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
