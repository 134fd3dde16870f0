"""From what was said to the verb that does it. A verb's own module is imported when it is needed."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from connector.client.errors import RequestRefused
    from connector.client.link import CoreAddress, Link

# These go on for longer than a core may be away.
PATIENT = ("watch", "recover")
CHANGING = ("accept", "take-over", "join", "leave", "note", "return", "transfer", "due", "close", "reopen")
VERBS = (*CHANGING, *PATIENT, "queue", "show", "why", "agents", "send", "undo", "targets", "presence", "sign-off")


def work(options: Namespace) -> Callable[[Link], Awaitable[int]]:
    """What to do once there is a core. Raises Failure for what makes no sense whatever a core would say."""
    from connector.cli import moment_arguments
    from connector.cli.verbs import conversation, queue, recover, send, show, staff, watch, why

    if options.command in ("send", "note"):
        options.text = send.read_text(options.text)
    if options.command in ("recover", "agents") and options.since is not None:
        moment_arguments.past(options.since, now=0)
    if options.command == "sign-off" and options.due is not None:
        moment_arguments.coming(options.due, now=0)
        options.choice = "due"
    conversation.demand_sense(options)
    as_json = options.json
    return {
        **{name: lambda link: conversation.run(link, options) for name in CHANGING},
        "queue": lambda link: queue.run(link, every=options.all, as_json=as_json),
        "show": lambda link: show.run(link, options.id, as_json=as_json),
        "why": lambda link: why.run(link, options.id, as_json=as_json),
        "targets": lambda link: why.targets(link, options.id, as_json=as_json),
        "agents": lambda link: staff.agents(link, options.since, as_json=as_json),
        "presence": lambda link: staff.presence(link, options.presence, options.reason, as_json=as_json),
        "sign-off": lambda link: staff.sign_off(link, options.choice, options.due, as_json=as_json),
        "send": lambda link: send.run(link, options.id, options.text, as_json=as_json),
        "undo": lambda link: send.take_back(link, options.message, as_json=as_json),
        "watch": lambda link: watch.run(link, as_json=as_json),
        "recover": lambda link: recover.run(link, options.since, options.account, as_json=as_json),
    }[options.command]


def run(options: Namespace, place: CoreAddress) -> int:
    """The verb to its end. Raises Failure; what the core refused is told first, for programs and where it says more."""
    import asyncio
    import sys

    from connector.client.errors import RequestRefused
    from connector.client.link import Link

    todo = work(options)

    def tell(words: str) -> None:
        print(f"textdesk: {words}", file=sys.stderr)

    async def with_core() -> int:
        is_patient = options.command in PATIENT
        link = Link(place, patience_s=None, notify=tell) if is_patient else Link(place)
        async with link:
            try:
                return await todo(link)
            except RequestRefused as refused:
                _tell_refusal(refused, as_json=options.json)
                raise

    return asyncio.run(with_core())


def _tell_refusal(refused: RequestRefused, *, as_json: bool) -> None:
    import msgspec

    from connector.cli.verbs import show
    from connector.console.output import json_line, write

    if as_json:
        messages = msgspec.to_builtins(refused.messages)
        told = {"refused": refused.code, "words": str(refused), "details": refused.details, "messages": messages}
        write(json_line(told))
        return
    for message in refused.messages:
        for line in show.lines(message):
            write(line)
