"""`textdesk send ID TEXT`: send one reply."""

from __future__ import annotations

from argparse import Namespace

from connector.cli.find_conversation import conversation_id, view_of
from connector.cli.send_outcome import report, undo_s
from connector.cli.text_argument import read_text
from connector.client.link import Link
from connector.wire import answers, requests


def check(options: Namespace) -> None:
    options.text = read_text(options.text)


async def run(link: Link, options: Namespace) -> int:
    """Refused as stale if there is a newer message than in the snapshot. Waits for what the provider says."""
    conversations = (await link.snapshot()).conversations
    found = conversation_id(options.id, conversations)
    view = view_of(found, conversations)
    request = requests.Reply(
        found, options.text, seen=view.last_seq if view else None, accept=True, override=options.override
    )
    answer = await link.ask(request)
    message_id = answer.message_id if isinstance(answer, answers.Written) else ""
    return await report(link, message_id, undo_s(link, view), found, options)
