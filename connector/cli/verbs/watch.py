"""`textdesk watch`: everything that happens, as it happens."""

from __future__ import annotations

from typing import Any

import msgspec

from connector.client.link import EventsMissed, Link
from connector.console.event_lines import tell
from connector.console.output import clock, json_line, write


async def run(link: Link, *, as_json: bool) -> int:
    """Until interrupted. Two lines are no events: the first one, `watching`, and `events_missed`, if there is a gap."""
    position = (await link.snapshot()).position
    _write(position, link.now(), {"type": "watching"}, "watching", "from now on", as_json=as_json)
    while True:
        told = await link.next_event()
        if isinstance(told, EventsMissed):
            missed = "the core could not tell all that happened meanwhile"
            _write(told.state.position, link.now(), {"type": "events_missed"}, "missed", missed, as_json=as_json)
        else:
            body = msgspec.to_builtins(told.body)
            _write(told.position, told.at, body, *tell(told.body), as_json=as_json)


def _write(position: int, at: int, body: dict[str, Any], word: str, sentence: str, *, as_json: bool) -> None:
    if as_json:
        write(json_line({"position": position, "at": at, **body}))
    else:
        write(f"{clock(at)}  {word:<8}  {sentence}")
