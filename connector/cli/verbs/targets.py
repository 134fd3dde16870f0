"""`textdesk targets ID`: where a conversation can be transferred."""

from __future__ import annotations

from argparse import Namespace

import msgspec

from connector.cli.find_conversation import conversation_id
from connector.client.link import Link
from connector.console.output import json_line, table, write
from connector.wire import answers, requests


async def run(link: Link, options: Namespace) -> int:
    """One line for each skill, then for each agent."""
    found = conversation_id(options.id, (await link.snapshot()).conversations)
    answer = await link.ask(requests.GetTargets(found))
    assert isinstance(answer, answers.Targets)
    if options.json:
        for target in (*answer.skills, *answer.agents):
            write(json_line(msgspec.to_builtins(target)))
        return 0
    rows = [["skill", one.skill, "yes" if one.goes_to else "no", one.words] for one in answer.skills]
    rows += [["agent", one.agent, "yes" if one.can_take else "no", one.words] for one in answer.agents]
    for line in table(("TO", "NAME", "TAKES IT", "HOW IT IS THERE"), rows):
        write(line)
    return 0
