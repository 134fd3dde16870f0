"""Runs the verbs that talk to a core. Their modules are imported only here, when a verb is run."""

from __future__ import annotations

import os
from argparse import Namespace
from typing import TYPE_CHECKING, Protocol

from connector.base.loading import loading
from connector.console.failure import CommandFailed

if TYPE_CHECKING:
    from connector.client.core_address import CoreAddress
    from connector.client.errors import RequestRefused
    from connector.client.link import Link

# These wait for the core as long as it takes.
PATIENT = ("watch", "recover")
# These are one request about one conversation.
CHANGING = (
    "accept",
    "decline",
    "take-over",
    "join",
    "leave",
    "note",
    "return",
    "transfer",
    "due",
    "snooze",
    "decide",
    "unread",
    "tag",
    "close",
    "reopen",
)
VERBS = (
    *CHANGING,
    *PATIENT,
    "account",
    "hooks",
    "picture",
    "queue",
    "release",
    "reload",
    "search",
    "show",
    "why",
    "agents",
    "audit",
    "unmask",
    "agent",
    "replies",
    "contact",
    "report",
    "send",
    "resend",
    "scheduled",
    "start",
    "undo",
    "opt-out",
    "opt-in",
    "targets",
    "presence",
    "sign-off",
    "hand-on",
    "forget",
    "alerts",
    "ack",
)


class Verb(Protocol):
    """A module of `verbs`. It may also have `check(options)`, which raises CommandFailed for wrong usage, and
    `without_core(options, core)`, which returns the exit code where no core is needed, else None."""

    async def run(self, link: Link, options: Namespace) -> int: ...


def run(options: Namespace, core: CoreAddress) -> int:
    """Run a verb; its exit code. Raises Failure, after a refusal was printed in full."""
    with loading():
        import asyncio
        import contextlib
        import sys

        from connector.cli.refusal_advice import advice
        from connector.client.errors import RequestRefused
        from connector.client.link import Link
        from connector.console.output import note
        from connector.console.reader_gone import on_reader_gone

        verb = module_of(options.command)
    _require_utf8(options)
    if check := getattr(verb, "check", None):
        check(options)  # before a core is looked for
    if (without_core := getattr(verb, "without_core", None)) and (code := without_core(options, core)) is not None:
        return int(code)

    async def with_core() -> int:
        is_patient = options.command in PATIENT
        link = Link(core, patience_s=None, notify=note) if is_patient else Link(core)
        async with link:
            try:
                return await verb.run(link, options)
            except RequestRefused as refused:
                _print_refusal(refused, as_json=options.json)
                if (more := advice(refused, options)) != "":
                    raise CommandFailed(f"{refused} {more}", refused.exit_code) from None
                raise

    async def for_a_reader() -> int:
        """A verb that may wait for ever ends with its reader."""
        if options.command not in PATIENT:
            return await with_core()
        loop, gone = asyncio.get_running_loop(), asyncio.Event()
        verb_task = asyncio.current_task()
        assert verb_task is not None

        def end() -> None:
            gone.set()
            verb_task.cancel()

        def end_from_thread() -> None:
            with contextlib.suppress(RuntimeError):  # it has ended
                loop.call_soon_threadsafe(end)

        on_reader_gone(sys.stdout, end_from_thread)
        try:
            return await with_core()
        except asyncio.CancelledError:
            if gone.is_set():
                raise BrokenPipeError from None
            raise

    return asyncio.run(for_a_reader())


def _require_utf8(options: Namespace) -> None:
    """Raises CommandFailed for an argument whose bytes are no text; Python has surrogates in their place."""
    for value in vars(options).values():
        for text in value if isinstance(value, list) else [value]:
            if isinstance(text, str) and any("\ud800" <= char <= "\udfff" for char in text):
                raise CommandFailed("An argument is not UTF-8.", os.EX_USAGE)


def module_of(command: str) -> Verb:
    from connector.cli.verbs import (
        account,
        ack,
        agent,
        agents,
        alerts,
        audit,
        contact,
        conversation,
        forget,
        hand_on,
        hooks,
        opt_out,
        picture,
        presence,
        queue,
        recover,
        reload,
        replies,
        report,
        resend,
        scheduled,
        search,
        send,
        show,
        sign_off,
        start,
        targets,
        undo,
        unmask,
        watch,
        why,
    )

    modules: dict[str, Verb] = {
        **dict.fromkeys(CHANGING, conversation),
        "account": account,
        "agent": agent,
        "ack": ack,
        "agents": agents,
        "alerts": alerts,
        "audit": audit,
        "contact": contact,
        "forget": forget,
        "hand-on": hand_on,
        "hooks": hooks,
        "opt-in": opt_out,
        "opt-out": opt_out,
        "picture": picture,
        "presence": presence,
        "queue": queue,
        "release": hooks,
        "recover": recover,
        "reload": reload,
        "replies": replies,
        "report": report,
        "resend": resend,
        "scheduled": scheduled,
        "search": search,
        "send": send,
        "show": show,
        "sign-off": sign_off,
        "start": start,
        "targets": targets,
        "undo": undo,
        "unmask": unmask,
        "watch": watch,
        "why": why,
    }
    return modules[command]


def _print_refusal(refused: RequestRefused, *, as_json: bool) -> None:
    """As JSON, the whole refusal; for people, the messages that came with it."""
    import msgspec

    from connector.cli.verbs.show import message_lines
    from connector.console.output import json_line, write

    if as_json:
        messages = msgspec.to_builtins(refused.messages)
        values = {"refused": refused.code, "words": str(refused), "details": refused.details, "messages": messages}
        write(json_line(values))
        return
    for message in refused.messages:
        for line in message_lines(message):
            write(line)
