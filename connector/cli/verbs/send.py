"""`textdesk send ID TEXT`: send one reply."""

from __future__ import annotations

from argparse import Namespace

from connector.cli.find_conversation import conversation_id, view_of
from connector.cli.text_argument import read_text
from connector.client.link import Link
from connector.console.output import json_line, plain, write
from connector.wire import answers, requests


def check(options: Namespace) -> None:
    options.text = read_text(options.text)


async def run(link: Link, options: Namespace) -> int:
    """Refused as stale if there is a newer message than in the snapshot."""
    conversations = (await link.snapshot()).conversations
    found = conversation_id(options.id, conversations)
    view = view_of(found, conversations)
    request = requests.Reply(found, options.text, seen=view.last_seq if view else None, accept=True)
    answer = await link.ask(request)
    message_id = answer.message_id if isinstance(answer, answers.Written) else ""
    if options.json:
        write(json_line({"message_id": message_id, "conversation_id": found}))
    else:
        write(plain(f"Written and on its way: message {message_id}."))
    return 0
