"""The verbs that are one request about one conversation: accept, close, due, note, transfer and others."""

from __future__ import annotations

import os
from argparse import Namespace

import msgspec

from connector.cli import moment_arguments
from connector.cli.find_conversation import conversation_id, view_of
from connector.cli.text_argument import read_text
from connector.client.link import Link
from connector.console.failure import CommandFailed
from connector.console.output import json_line, moment, plain, write
from connector.wire import answers, requests
from connector.wire.views import ConversationView

# These also accept a conversation that was closed within the last day.
_ALSO_CLOSED = ("reopen", "note", "tag")


def check(options: Namespace) -> None:
    if options.command == "note":
        options.text = read_text(options.text)
    if options.command == "due":
        if (options.moment is None) != options.clear:
            raise CommandFailed("Say when an answer is due, or --clear.", os.EX_USAGE)
        if options.moment is not None:
            moment_arguments.future(options.moment, now=0)
    if options.command == "snooze":
        if (options.moment is None) != options.wake:
            raise CommandFailed("Say until when, or --wake.", os.EX_USAGE)
        if options.moment is not None:
            moment_arguments.future(options.moment, now=0)
    if options.command == "tag" and (empty := [one for one in options.words if not one.lstrip("+-#")]):
        raise CommandFailed(f"{empty[0]} is no tag: write +refund to add one, -refund to remove it.", os.EX_USAGE)
    if options.command == "transfer" and options.skill is None and options.to is None:
        raise CommandFailed("Name a --skill or an agent (--to) to hand it to.", os.EX_USAGE)


async def run(link: Link, options: Namespace) -> int:
    conversations = (await link.snapshot()).conversations
    found = conversation_id(options.id, conversations, also_closed=options.command in _ALSO_CLOSED)
    request, words = _request(options, found, view_of(found, conversations), link.now())
    answer = await link.ask(request)
    if options.json:
        values = msgspec.to_builtins(answer)
        values.pop("type")
        if not values.get("not_told", True):
            values.pop("not_told")
        if isinstance(request, requests.SetDue):
            values["due_at"] = request.due_at
        if isinstance(request, requests.Snooze):
            values["until"] = request.until
        write(json_line({"conversation_id": found, **values}))
    elif isinstance(answer, answers.Transferred):
        write(plain(f"{answer.words}."))
    else:
        write(plain(f"Conversation {found} {words}."))
    if not options.json and isinstance(answer, answers.Done | answers.Written | answers.Transferred):
        for one in answer.not_told:
            write(plain(f"{one} does not see this conversation, and is not told of your note."))
    return 0


def _request(options: Namespace, found: str, view: ConversationView | None, now: int) -> tuple[requests.Request, str]:
    """The request, and how the conversation is afterwards."""
    match options.command:
        case "accept":
            return requests.Accept(found), "is yours"
        case "decline":
            return requests.Decline(found), "rings at you no more"
        case "take-over":
            return requests.TakeOver(found), "is yours"
        case "join":
            return requests.Join(found), "has you beside its owner"
        case "leave":
            return requests.Leave(found), "is its owner's alone again"
        case "note":
            return requests.WriteNote(found, options.text), "has your note"
        case "return":
            return requests.GiveBack(found, options.note), "is given back"
        case "transfer":
            return requests.Transfer(found, skill=options.skill, agent=options.to, note=options.note), "is transferred"
        case "due" if options.clear:
            return requests.SetDue(found, None, keep=options.keep), "is due as the rules say"
        case "due":
            due_at = moment_arguments.future(options.moment, now)
            return requests.SetDue(found, due_at, keep=options.keep), f"is due at {moment(due_at)}"
        case "snooze" if options.wake:
            return requests.Snooze(found, None), "is awake"
        case "snooze":
            until = moment_arguments.future(options.moment, now)
            return requests.Snooze(found, until), f"is snoozed until {moment(until)}"
        case "decide":
            is_opt_out = options.decision == "opt-out"
            words = "has an opt-out: nothing is sent to its consumer" if is_opt_out else "can be answered: no opt-out"
            return requests.DecideOptOut(found, is_opt_out), words
        case "unread":
            return requests.MarkUnread(found), "is unread"
        case "tag":
            removed = [one[1:] for one in options.words if one.startswith("-")]
            added = [one.removeprefix("+") for one in options.words if not one.startswith("-")]
            return requests.SetTags(found, added, removed), "is tagged"
        case "close" if view is not None and view.state == "wrap_up":
            return requests.WrapUp(found, options.outcome, options.note, options.tag), "is closed"
        case "close":
            return requests.Close(found, options.outcome, options.note, options.tag, accept=True), "is closed"
    return requests.Reopen(found), "is open again, and yours"
