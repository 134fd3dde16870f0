"""`textdesk why ID`: the reasons behind a conversation's state, its place in the queue, and what comes next."""

from __future__ import annotations

from argparse import Namespace

import msgspec

from connector.cli.find_conversation import conversation_id, view_of
from connector.client.link import Link
from connector.console.consumer_name import consumer_name
from connector.console.output import age, json_line, moment, write, write_words
from connector.sms.text import shown
from connector.wire import answers, requests
from connector.wire.views import ConsentEntryView


async def run(link: Link, options: Namespace) -> int:
    conversations = (await link.snapshot()).conversations
    found = conversation_id(options.id, conversations, also_closed=True)
    answer = await link.ask(requests.Explain(found))
    assert isinstance(answer, answers.Explained)
    if options.json:
        values = msgspec.to_builtins(answer)
        values.pop("type")
        write(json_line({"conversation_id": found, **values}))
        return 0
    view = view_of(found, conversations)
    state = "" if view is None else f" with {consumer_name(view)} is {view.state.replace('_', ' ')}"
    place = "" if answer.place is None else f", number {answer.place} in its queue"
    write_words(f"Conversation {found}{state}{place}: {answer.reason}.")
    if answer.place is not None:
        _write_block(
            "Its place:", [f"{_score(part.ms, index)}  {part.words}" for index, part in enumerate(answer.score)]
        )
    if answer.agents:
        rows = [[one.agent, "fits" if one.fits else "no", one.words] for one in answer.agents]
        write("Agents, the best first:")
        width = max(len(agent) for agent, _, _ in rows)
        for agent, fits, words in rows:
            write_words(f"{agent.ljust(width)}  {fits.ljust(len('fits'))}  {words}", indent="  ")
    if answer.consent is not None:
        _write_block("Consent:", _consent(answer.consent))
    if answer.next:
        _write_block("What comes next:", answer.next)
    return 0


def _consent(entry: ConsentEntryView) -> list[str]:
    """The latest entry of the ledger: what, since when, by which rule, who recorded it, and the evidence."""
    what = "opted out" if entry.opted_out else "opted in"
    author = f", recorded by {entry.author}" if entry.author and entry.author not in entry.rule else ""
    lines = [f"{entry.consumer} {what}: {entry.rule}{author}, {moment(entry.at)}"]
    return lines + ([f"evidence: {shown(entry.evidence, keep_newlines=False)}"] if entry.evidence else [])


def _score(ms: int, index: int) -> str:
    """The first part is a moment, the others shift it."""
    return moment(ms) if index == 0 else f"{'+' if ms >= 0 else '-'}{age(abs(ms))}"


def _write_block(head: str, lines: list[str]) -> None:
    write(head)
    for line in lines:
        write_words(line, indent="  ")
