"""`textdesk watch`: prints events as they happen."""

from __future__ import annotations

from argparse import Namespace
from typing import Any

import msgspec

from connector.client.link import EventsMissed, Link
from connector.console.event_lines import event_line
from connector.console.output import clock, json_line, write


async def run(link: Link, options: Namespace) -> int:
    """Runs until interrupted. Beside events it prints `watching` first, and `events_missed` when there is a gap."""
    position = (await link.snapshot()).position
    _write(position, link.now(), {"type": "watching"}, "watching", "from now on", as_json=options.json)
    while True:
        event = await link.next_event()
        if isinstance(event, EventsMissed):
            missed = "the core could not tell all that happened meanwhile"
            _write(event.state.position, link.now(), {"type": "events_missed"}, "missed", missed, as_json=options.json)
        else:
            body = msgspec.to_builtins(event.body)
            _write(event.position, event.at, body, *event_line(event.body), as_json=options.json)


def _write(position: int, at: int, body: dict[str, Any], kind: str, sentence: str, *, as_json: bool) -> None:
    if as_json:
        write(json_line({"position": position, "at": at, **body}))
    else:
        write(f"{clock(at)}  {kind:<8}  {sentence}")
