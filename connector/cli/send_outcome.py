"""What became of a reply that a verb has written: waits for the provider's first word, and reports it."""

from __future__ import annotations

import asyncio
import contextlib
import os
from argparse import Namespace

from connector.cli.refusal_advice import decide
from connector.client.errors import ClientError
from connector.client.link import EventsMissed, Link
from connector.console.failure import CommandFailed
from connector.console.output import json_line, plain, write
from connector.domain.attempts import ASKED_WITHIN_S
from connector.wire import answers, events, requests
from connector.wire.frames import EventFrame
from connector.wire.views import ConversationView, MessageView

# Beyond the time in which the reply can be undone, as far as that is short.
_WAIT_S, _MOST_UNDO_S = 5.0, 10
_TAKEN = ("accepted", "sent", "delivered")
_LOST = ("failed", "undelivered", "expired", "uncertain")


def undo_s(link: Link, view: ConversationView | None) -> int:
    """For how long a reply in this conversation waits to be undone."""
    line = view.line if view else ""
    return max((one.undo_s for one in link.lines if one.address == line), default=0)


async def report(link: Link, message_id: str, undo_s: int, conversation_id: str | None, options: Namespace) -> int:
    """Write at once that the reply is written, and what happened to it as soon as that is known; as JSON, both in one
    object. The exit code is 76 when it did not arrive, or may not have; as text this raises CommandFailed."""
    if not options.json:
        write(plain(f"Written: message {message_id}."))  # first, as it can be undone meanwhile
    moved = None if options.no_wait else await _outcome(link, message_id, _WAIT_S + min(undo_s, _MOST_UNDO_S))
    status, words = (moved.status, moved.words or "") if moved else ("queued", "")
    is_lost = status in _LOST
    if options.json:
        about = {"code": moved.code if moved else None, "words": words or None}
        write(json_line({"message_id": message_id, "conversation_id": conversation_id, "status": status, **about}))
    elif is_lost:
        is_left = moved is not None and moved.is_unsettled
        what = _lost_words(status, words)
        raise CommandFailed(
            f"{what} {await _next_step(link, message_id, conversation_id, status, is_left)}", os.EX_PROTOCOL
        )
    elif not options.no_wait:
        write(plain(_words(status, words)))
    return os.EX_PROTOCOL if is_lost else 0


async def _outcome(link: Link, message_id: str, limit_s: float) -> events.StatusMoved | MessageView | None:
    """The latest that is known of the reply: as soon as the provider has taken or refused it, or it was undone; or
    after this time."""
    latest: events.StatusMoved | None = None
    with contextlib.suppress(TimeoutError, ClientError):
        async with asyncio.timeout(limit_s):
            while latest is None or latest.status not in (*_TAKEN, *_LOST):
                match await link.next_event():
                    case EventsMissed():
                        break
                    case EventFrame(body=events.ReplyUndone(message=message)) if message.id == message_id:
                        return message
                    case EventFrame(body=events.StatusMoved() as moved) if moved.message_id == message_id:
                        latest = moved
    return latest


def _words(status: str, words: str) -> str:
    if status == "withdrawn":
        return f"It is not sent: {words}."
    if status in _TAKEN:
        return "It is delivered." if status == "delivered" else "The provider has taken it."
    return f"It is not sent yet. {words}".rstrip()


def _lost_words(status: str, words: str) -> str:
    what = "It is unknown whether the reply was sent" if status == "uncertain" else "The reply was not sent"
    why = f" ({words.rstrip('.')})" if words else ""
    return f"{what}{why}."


async def _next_step(link: Link, message_id: str, conversation: str | None, status: str, is_left: bool) -> str:
    """What to do about a reply that did not arrive. `is_left`: it waits for an agent's decision.

    Nothing is said to be sent again that would be refused.
    """
    if conversation is not None:
        with contextlib.suppress(ClientError):
            now = await link.ask(requests.Explain(conversation))
            assert isinstance(now, answers.Explained)
            if now.consent is not None and now.consent.opted_out:
                return f"Nothing is sent to {now.consent.consumer}, who has opted out."
            if now.likely_opt_out:
                return decide(conversation)
    if status != "uncertain":
        return f"To send it again: textdesk resend {message_id}"
    if is_left:
        return f"To send it all the same: textdesk resend {message_id} --even-if-uncertain"
    within = -(-ASKED_WITHIN_S // 60)
    return f"It is being looked up, and left to an agent if that is still unknown in {within} minutes: wait until then."
