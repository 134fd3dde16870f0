"""`textdesk sign-off`: go off duty."""

from __future__ import annotations

from argparse import Namespace

from connector.cli import moment_arguments
from connector.client.link import Link
from connector.console.output import json_line, plain, write
from connector.wire import requests

_DONE = {"close": "closed", "return": "given back", "due": "put off"}


def check(options: Namespace) -> None:
    if options.due is not None:
        moment_arguments.future(options.due, now=0)
        options.choice = "due"


async def run(link: Link, options: Namespace) -> int:
    """`options.choice` (close, return, due) applies to every conversation the agent still owns."""
    agent = link.agent.id if link.agent else ""
    choice = options.choice
    due_at = None if options.due is None else moment_arguments.future(options.due, link.now())
    owned = [one for one in (await link.snapshot()).conversations if one.state == "assigned" and one.agent == agent]
    leaving = [] if choice is None else [requests.SignOffChoice(one.id, choice, due_at) for one in owned]
    await link.ask(requests.SignOff(leaving))
    if options.json:
        ids = [one.conversation_id for one in leaving]
        write(json_line({"agent": agent, "choice": choice, "conversation_ids": ids}))
    else:
        rest = f" Conversations {_DONE[choice]}: {len(leaving)}." if leaving else ""
        write(plain(f"{agent} is off duty.{rest}"))
    return 0
