"""`textdesk watch`: everything that happens, as it happens."""

from __future__ import annotations

import msgspec

from connector.verbs.link import Link, Missed
from connector.verbs.output import clock, json_line, write
from connector.verbs.telling import tell


async def run(link: Link, *, as_json: bool) -> int:
    """Until interrupted."""
    while True:
        told = await link.next_event()
        if isinstance(told, Missed):
            position, at = told.state.position, link.now()
            body = {"type": "events_missed"}
            word, sentence = "missed", "the core could not tell all that happened meanwhile"
        else:
            position, at = told.position, told.at
            body = msgspec.to_builtins(told.body)
            word, sentence = tell(told.body)
        if as_json:
            write(json_line({"position": position, "at": at, **body}))
        else:
            write(f"{clock(at)}  {word:<8}  {sentence}")
