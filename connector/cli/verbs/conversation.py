"""The verbs that change one conversation: each is one request."""

from __future__ import annotations

import os
from argparse import Namespace
from collections.abc import Callable

import msgspec

from connector.cli import moment_arguments
from connector.cli.as_owner import ask_as_owner
from connector.cli.find_conversation import conversation_id, view_of
from connector.client.link import Link
from connector.console.failure import CommandFailed
from connector.console.output import json_line, moment, plain, write
from connector.wire import answers, requests
from connector.wire.views import ConversationView

# Those that also mean a conversation which was closed lately.
_ALSO_CLOSED = ("reopen", "note")


async def run(link: Link, options: Namespace) -> int:
    conversations = (await link.snapshot()).conversations
    found = conversation_id(options.id, conversations, also_closed=options.command in _ALSO_CLOSED)
    request = _request(options, found, view_of(found, conversations), link.now)
    ask = ask_as_owner if options.command == "close" else _ask
    answer = await ask(link, found, request)
    if options.json:
        told = msgspec.to_builtins(answer)
        told.pop("type")
        if isinstance(request, requests.SetDue):
            told["due_at"] = request.due_at
        write(json_line({"conversation_id": found, **told}))
    elif isinstance(answer, answers.Transferred):
        write(plain(f"{answer.words}."))
    else:
        write(plain(f"Conversation {found} {_words(request)}."))
    return 0


async def _ask(link: Link, _: str, request: requests.Request) -> answers.Answer:
    return await link.ask(request)


def _request(options: Namespace, found: str, view: ConversationView | None, now: Callable[[], int]) -> requests.Request:
    match options.command:
        case "accept":
            return requests.Accept(found)
        case "take-over":
            return requests.TakeOver(found)
        case "join":
            return requests.Join(found)
        case "leave":
            return requests.Leave(found)
        case "note":
            return requests.WriteNote(found, options.text)
        case "return":
            return requests.GiveBack(found, options.note)
        case "transfer":
            return requests.Transfer(found, skill=options.skill, agent=options.to, note=options.note)
        case "due":
            due_at = None if options.clear else moment_arguments.coming(options.moment, now())
            return requests.SetDue(found, due_at, keep=options.keep)
        case "close" if view is not None and view.state == "wrap_up":
            return requests.WrapUp(found, options.outcome, options.note, options.tag)
        case "close":
            return requests.Close(found, options.outcome, options.note, options.tag)
    return requests.Reopen(found)


def _words(request: requests.Request) -> str:
    match request:
        case requests.Accept() | requests.TakeOver():
            return "is yours"
        case requests.Join():
            return "has you beside its owner"
        case requests.Leave():
            return "is its owner's alone again"
        case requests.WriteNote():
            return "has your note"
        case requests.GiveBack():
            return "is given back"
        case requests.SetDue(due_at=None):
            return "is due as the rules say"
        case requests.SetDue(due_at=int(at)):
            return f"is due at {moment(at)}"
        case requests.Reopen():
            return "is open again, and yours"
    return "is closed"


def demand_sense(options: Namespace) -> None:
    """What can be told before a core is looked for. Raises Failure."""
    if options.command == "due":
        if (options.moment is None) != options.clear:
            raise CommandFailed("Say when an answer is due, or --clear.", os.EX_USAGE)
        if options.moment is not None:
            moment_arguments.coming(options.moment, now=0)
    if options.command == "transfer" and options.skill is None and options.to is None:
        raise CommandFailed("Name a --skill or an agent (--to) to hand it to.", os.EX_USAGE)
