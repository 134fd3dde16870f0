"""`textdesk why ID` and `textdesk targets ID`: what the core makes of a conversation."""

from __future__ import annotations

import msgspec

from connector.cli.find_conversation import conversation_id, view_of
from connector.client.link import Link
from connector.console.output import age, json_line, moment, plain, table, write
from connector.wire import answers, requests


async def run(link: Link, asked: str, *, as_json: bool) -> int:
    """Why it is where it is, who would get it, and what comes next."""
    conversations = (await link.snapshot()).conversations
    found = conversation_id(asked, conversations, also_closed=True)
    answer = await link.ask(requests.Explain(found))
    assert isinstance(answer, answers.Explained)
    if as_json:
        told = msgspec.to_builtins(answer)
        told.pop("type")
        write(json_line({"conversation_id": found, **told}))
        return 0
    view = view_of(found, conversations)
    where = "" if view is None else f" with {view.consumer} is {view.state.replace('_', ' ')}"
    place = "" if answer.place is None else f", number {answer.place} in its queue"
    write(plain(f"Conversation {found}{where}{place}: {answer.reason}."))
    if answer.place is not None:
        _write_block(
            "Its place:", [f"{_score(part.ms, index)}  {part.words}" for index, part in enumerate(answer.score)]
        )
    if answer.agents:
        rows = [[one.agent, "fits" if one.fits else "no", one.words] for one in answer.agents]
        _write_block("Agents, the best first:", table(("AGENT", "", "WHY"), rows)[1:])
    if answer.next:
        _write_block("What comes next:", answer.next)
    return 0


def _score(ms: int, index: int) -> str:
    """The first part is a moment, the others move it."""
    return moment(ms) if index == 0 else f"{'+' if ms >= 0 else '-'}{age(abs(ms))}"


def _write_block(head: str, lines: list[str]) -> None:
    write(head)
    for line in lines:
        write(plain(f"  {line}"))


async def targets(link: Link, asked: str, *, as_json: bool) -> int:
    """Where it can be handed, one line each: skills, then agents."""
    found = conversation_id(asked, (await link.snapshot()).conversations)
    answer = await link.ask(requests.GetTargets(found))
    assert isinstance(answer, answers.Targets)
    if as_json:
        for target in (*answer.skills, *answer.agents):
            write(json_line(msgspec.to_builtins(target)))
        return 0
    rows = [["skill", one.skill, "yes" if one.goes_to else "no", one.words] for one in answer.skills]
    rows += [["agent", one.agent, "yes" if one.can_take else "no", one.words] for one in answer.agents]
    for line in table(("TO", "NAME", "TAKES IT", "HOW IT IS THERE"), rows):
        write(line)
    return 0
