"""`textdesk undo ID`: withdraw a reply that has not left yet, or cancel one that is to be sent later."""

from __future__ import annotations

import os
from argparse import Namespace

from connector.base import ids
from connector.cli.find_conversation import conversation_id, view_of
from connector.cli.verbs.show import history
from connector.client.errors import RequestRefused
from connector.client.link import Link
from connector.console.consumer_name import consumer_name
from connector.console.failure import CommandFailed
from connector.console.output import json_line, moment, plain, write
from connector.domain.status import Status
from connector.sms.text import one_line
from connector.wire import answers, requests
from connector.wire.refusals import RefusalCode

_MOST_TEXT = 40


async def run(link: Link, options: Namespace) -> int:
    message = await _meant(link, options.id)
    try:
        await link.ask(requests.UndoReply(message))
    except RequestRefused as refused:
        if refused.code != RefusalCode.UNKNOWN_MESSAGE:
            raise
        await link.ask(requests.CancelScheduled(message))
    words = plain(f"Message {message} is not sent.")
    write(json_line({"message_id": message}) if options.json else words)
    return 0


async def _meant(link: Link, asked: str) -> str:
    """The id of the reply: by itself, or the only one that can be undone of a conversation's. Raises CommandFailed."""
    conversations, wanted = (await link.snapshot()).conversations, asked.strip().upper()
    if len(wanted) == ids.LENGTH and wanted.isalnum() and view_of(wanted, conversations) is None:
        return wanted
    view = view_of(conversation_id(asked, conversations, also_closed=True), conversations)
    if view is None:
        raise CommandFailed(f"No conversation is {asked}: `textdesk queue --all` lists them.")
    me = link.agent.id if link.agent else ""
    messages, _ = await history(link, view.id)
    found = [
        (one.id, f"{one.id} (not sent yet: {one_line(one.text, _MOST_TEXT)})")
        for one in messages
        if one.direction == "reply" and one.status == Status.QUEUED and one.author == me
    ]
    later = await link.ask(requests.GetScheduled())
    assert isinstance(later, answers.ScheduledReplies)
    found += [
        (one.id, f"{one.id} (at {moment(one.send_at)}: {one_line(one.text, _MOST_TEXT)})")
        for one in later.scheduled
        if one.conversation_id == view.id
    ]
    if not found:
        words = f"No reply of yours to {consumer_name(view)} can be undone: none waits to leave, or to be sent later."
        raise CommandFailed(f"{words} `textdesk scheduled` lists what is to be sent later.")
    if len(found) > 1:
        each = ", ".join(words for _, words in found)
        raise CommandFailed(
            f"{len(found)} replies to {consumer_name(view)} can be undone; name one: {each}.", os.EX_USAGE
        )
    return found[0][0]
