"""`textdesk hooks` and `textdesk release HOOK_ID`: hooks in quarantine, and processing one all the same."""

from __future__ import annotations

import os
from argparse import Namespace

import msgspec

from connector.client.link import Link
from connector.console.failure import CommandFailed
from connector.console.output import json_line, moment, plain, write, write_words
from connector.wire import administration, answers, limits
from connector.wire.views import HookView


def check(options: Namespace) -> None:
    if options.command == "hooks" and not 1 <= options.limit <= limits.PAGE_SIZE:
        raise CommandFailed(f"--limit is from 1 to {limits.PAGE_SIZE}.", os.EX_USAGE)


async def run(link: Link, options: Namespace) -> int:
    if options.command == "release":
        await link.ask(administration.ReleaseHook(options.hook))
        said = plain(f"Hook {options.hook} was processed.")
        write(json_line({"hook_id": options.hook}) if options.json else said)
        return 0
    answer = await link.ask(administration.GetHooks(options.limit))
    assert isinstance(answer, answers.HookPage)
    for hook in answer.hooks:
        if options.json:
            write(json_line(msgspec.to_builtins(hook)))
        else:
            _write(hook)
    if not answer.hooks and not options.json:
        write("No hook is in quarantine.")
    return 0


def _write(hook: HookView) -> None:
    write(plain(f"{moment(hook.at)}  {hook.state}  {hook.account}  {hook.path}"))
    write_words(hook.reason, indent="    ")
    if hook.body:
        write_words(hook.body, indent="    ")
    write(plain(f"    textdesk release {hook.id}"))
    write("")
