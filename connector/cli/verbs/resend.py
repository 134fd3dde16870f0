"""`textdesk resend ID`: send a reply again that did not arrive."""

from __future__ import annotations

import os
import sys
from argparse import Namespace

from msgspec.structs import replace

from connector.cli.find_conversation import conversation_id, view_of
from connector.cli.send_outcome import report, undo_s
from connector.cli.verbs.show import history
from connector.client.errors import RequestRefused
from connector.client.link import Link
from connector.console.failure import CommandFailed
from connector.console.output import plain
from connector.console.questions import TerminalQuestions
from connector.wire import answers, requests
from connector.wire.refusals import RefusalCode
from connector.wire.views import ConversationView, MessageView


async def run(link: Link, options: Namespace) -> int:
    """Of one that may have arrived, first says what is known, and asks."""
    conversations = (await link.snapshot()).conversations
    view, message = await _lost(link, options.id, conversations)
    seen = view.last_seq if view else None
    request = requests.Resend(
        message, seen, even_if_uncertain=options.even_if_uncertain, accept=True, override=options.override
    )
    try:
        answer = await link.ask(request)
    except RequestRefused as refused:
        if refused.code != RefusalCode.MAY_HAVE_ARRIVED or options.json or not sys.stdin.isatty():
            raise
        if not TerminalQuestions().yes(f"{plain(str(refused))} Send it again all the same?", given=False):
            return 1
        answer = await link.ask(replace(request, even_if_uncertain=True))
    assert isinstance(answer, answers.Written)
    return await report(link, answer.message_id, undo_s(link, view), view.id if view else None, options)


async def _lost(link: Link, asked: str, conversations: list[ConversationView]) -> tuple[ConversationView | None, str]:
    """The reply that is meant, by its own id or as the only one of a conversation that did not arrive, with the
    conversation it would be sent in. Where none did not, it is the latest that is still being looked up."""
    wanted = asked.strip().upper()
    for view in conversations:
        if view.unsent and any(one.id == wanted for one in await _unsettled(link, view)):
            return view, wanted
    found = conversation_id(asked, conversations, also_closed=True)
    named = view_of(found, conversations)
    if named is None:
        return None, found  # a message of which no conversation is known here: the core says what it is
    lost = await _unsettled(link, named) or await _uncertain(link, named)
    if not lost:
        raise CommandFailed(f"No reply in conversation {named.id} waits to be sent again.")
    if len(lost) > 1:
        each = ", ".join(f"{one.id} ({one.status})" for one in lost)
        raise CommandFailed(f"{len(lost)} replies did not arrive; name one: {each}.", os.EX_USAGE)
    return named, lost[0].id


async def _unsettled(link: Link, view: ConversationView) -> list[MessageView]:
    messages, _ = await history(link, view.id)
    return [one for one in messages if one.is_unsettled and one.line == view.line]


async def _uncertain(link: Link, view: ConversationView) -> list[MessageView]:
    """The latest reply of which it is unknown whether it arrived, while it is not yet left to an agent."""
    messages, _ = await history(link, view.id)
    replies = [one for one in messages if one.direction == "reply" and one.line == view.line]
    return [one for one in replies if one.status == "uncertain" and one.resent_as is None][-1:]
