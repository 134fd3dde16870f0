"""`textdesk watch`: prints events as they happen, or runs a command for each."""

from __future__ import annotations

import os
import shutil
from argparse import Namespace
from collections.abc import Collection
from typing import Any, get_args

import msgspec

from connector.base.alike import meant
from connector.cli.event_command import run_for_event
from connector.client.link import EventsMissed, Link
from connector.console.event_lines import event_line
from connector.console.failure import CommandFailed
from connector.console.output import clock, json_line, note, plain, write
from connector.wire import events

_TYPES = {str(one.__struct_config__.tag) for one in get_args(events.Event)}
_GROUPS = {"alerts": {one for one in _TYPES if one.startswith("alert_")}}
_MISSED = "events_missed"
_LONGEST_S = 3600


def check(options: Namespace) -> None:
    _wanted(options)
    if options.exec is None:
        return
    if not options.exec:
        raise CommandFailed("--exec wants the command to run: watch --only alerts --exec CMD ARGUMENT …", os.EX_USAGE)
    if shutil.which(options.exec[0]) is None:
        raise CommandFailed(f"There is no command {options.exec[0][:200]}, or it cannot be run.", os.EX_USAGE)
    if not 0 < options.timeout <= _LONGEST_S:
        raise CommandFailed(f"--timeout is more than 0 and at most {_LONGEST_S} seconds.", os.EX_USAGE)


async def run(link: Link, options: Namespace) -> int:
    """Runs until interrupted. Beside events it prints `watching` first, and `events_missed` when there is a gap."""
    wanted = _wanted(options)
    position = (await link.snapshot()).position
    if options.exec is None or options.json:
        _write(position, link.now(), {"type": "watching"}, "watching", "from now on", as_json=options.json)
    while True:
        event = await link.next_event()
        if isinstance(event, EventsMissed):
            missed = "the core could not tell all that happened meanwhile"
            at, body, line = link.now(), {"type": _MISSED}, ("missed", missed)
            position = event.state.position
        else:
            at, body, position = event.at, msgspec.to_builtins(event.body), event.position
            if body["type"] not in wanted:
                continue
            line = event_line(event.body)
        if options.exec is None:
            _write(position, at, body, *line, as_json=options.json)
        else:
            await _run(options, {"position": position, "at": at, **body})


async def _run(options: Namespace, event: dict[str, Any]) -> None:
    """Run the command for an event, and say how it ended."""
    ended = await run_for_event(options.exec, json_line(event), options.timeout)
    if options.json:
        about = {"type": event["type"], "position": event["position"]}
        write(json_line({**about, "exit_code": ended.exit_code, "seconds": ended.seconds}))
    if ended.words:
        note(f"{plain(options.exec[0])} for {event['type']} at {event['position']}: {ended.words}")


def _wanted(options: Namespace) -> Collection[str]:
    """The types of events to be told of. Raises CommandFailed for one that there is not."""
    if options.only is None:
        return _TYPES
    found: set[str] = set()
    for name in filter(None, (one.strip() for one in options.only.split(","))):
        if name not in _TYPES and name not in _GROUPS:
            alike = meant(name, [*_GROUPS, *_TYPES])
            hint = f": did you mean {alike}?" if alike else "; docs/protocol.md lists them."
            raise CommandFailed(f"There are no events {name[:64]}{hint}", os.EX_USAGE)
        found |= _GROUPS.get(name, {name})
    if not found:
        raise CommandFailed("--only names types of events, or alerts.", os.EX_USAGE)
    return found


def _write(position: int, at: int, body: dict[str, Any], kind: str, sentence: str, *, as_json: bool) -> None:
    if as_json:
        write(json_line({"position": position, "at": at, **body}))
    else:
        write(f"{clock(at)}  {kind:<8}  {sentence}")
