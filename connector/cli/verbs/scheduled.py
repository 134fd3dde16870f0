"""`textdesk scheduled`: your replies that are to be sent later."""

from __future__ import annotations

from argparse import Namespace

import msgspec

from connector.client.link import Link
from connector.console.consumer_name import consumer_name
from connector.console.output import json_line, moment, table, write
from connector.sms.text import one_line
from connector.wire import answers, requests

_MOST_TEXT = 60


async def run(link: Link, options: Namespace) -> int:
    """The next one first."""
    answer = await link.ask(requests.GetScheduled())
    assert isinstance(answer, answers.ScheduledReplies)
    if options.json:
        for one in answer.scheduled:
            write(json_line(msgspec.to_builtins(one)))
        return 0
    if not answer.scheduled:
        write("Nothing of yours is to be sent later.")
        return 0
    known = {view.id: view for view in (await link.snapshot()).conversations}
    rows = []
    for one in answer.scheduled:
        view = known.get(one.conversation_id)
        to = consumer_name(view) if view is not None else one.conversation_id
        rows.append([moment(one.send_at), one.id, to, one_line(one.text, _MOST_TEXT)])
    for line in table(("SENT AT", "ID", "TO", "TEXT"), rows):
        write(line)
    return 0
