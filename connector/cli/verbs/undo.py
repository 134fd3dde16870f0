"""`textdesk undo MESSAGE_ID`: withdraw a reply that has not left yet."""

from __future__ import annotations

from argparse import Namespace

from connector.client.link import Link
from connector.console.output import json_line, plain, write
from connector.wire import requests


async def run(link: Link, options: Namespace) -> int:
    await link.ask(requests.UndoReply(options.message))
    words = plain(f"Message {options.message} is not sent.")
    write(json_line({"message_id": options.message}) if options.json else words)
    return 0
