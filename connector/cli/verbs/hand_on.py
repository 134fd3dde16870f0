"""`textdesk hand-on`: end a shift; a colleague's, for leads, or one's own."""

from __future__ import annotations

from argparse import Namespace

from connector.base.counted import count
from connector.client.link import Link
from connector.console.output import json_line, plain, write
from connector.wire import answers
from connector.wire.board import HandOn, NotHandedOnView


async def run(link: Link, options: Namespace) -> int:
    """One request after the other, while there are more conversations than one hands on."""
    moved: list[str] = []
    refused: dict[str, NotHandedOnView] = {}
    not_told: dict[str, None] = {}
    while True:
        done = await link.ask(HandOn(options.agent_id, options.skill, options.to, options.note))
        assert isinstance(done, answers.HandedOn)
        moved += done.moved
        refused |= {one.conversation_id: one for one in done.refused}
        not_told |= dict.fromkeys(done.not_told)
        if not done.more:
            break
    if options.json:
        left = [{"conversation_id": one.conversation_id, "words": one.words} for one in refused.values()]
        told = {"not_told": [*not_told]} if not_told else {}
        write(json_line({"agent": options.agent_id, "conversation_ids": moved, "refused": left, **told}))
        return 0
    where = f"to {options.to or options.skill}" if options.to or options.skill else "back to the queue"
    write(plain(f"{options.agent_id} is off duty. {count(len(moved), 'conversation')} went {where}."))
    for one in refused.values():
        write(plain(f"{one.conversation_id} is still theirs: {one.words}"))
    for name in not_told:
        write(plain(f"{name} does not see all of them, and is not told of your note there."))
    return 0
