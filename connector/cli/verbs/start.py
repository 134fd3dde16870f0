"""`textdesk start WHO TEXT`: text a consumer first, by their number or their contact's name."""

from __future__ import annotations

import os
from argparse import Namespace

from connector.cli.find_conversation import named, view_of
from connector.cli.send_outcome import report, undo_s
from connector.cli.text_argument import read_text
from connector.client.link import Link
from connector.console.failure import CommandFailed
from connector.wire import answers, contacts, limits, requests

_MOST_NAMED = 5
_FEWEST_DIGITS = 3  # that stand for a line of ours


def check(options: Namespace) -> None:
    options.text = read_text(options.text)


async def run(link: Link, options: Namespace) -> int:
    """Opens a conversation, or goes on with the open one. Waits for what the provider says."""
    line = _line(link, options.line)
    number = await _number(link, options.number)
    request = requests.Start(line, number, options.text, confirmed=options.confirmed, override=options.override)
    answer = await link.ask(request)
    assert isinstance(answer, answers.Started)
    view = view_of(answer.conversation_id, (await link.snapshot()).conversations)
    return await report(link, answer.message_id, undo_s(link, view), answer.conversation_id, options)


async def _number(link: Link, asked: str) -> str:
    """What was given, or the number of the one contact of this name. Raises CommandFailed unless it is one."""
    if not any(map(str.isalpha, asked)):
        return asked
    answer = await link.ask(contacts.FindContacts(asked, limits.CONTACTS_FOUND))
    assert isinstance(answer, answers.Contacts)
    found = [answer.contacts[row] for row in named(asked, [one.name for one in answer.contacts])]
    if len(found) == 1 and not answer.more:
        return found[0].consumer
    if not found and not answer.more:
        raise CommandFailed(f"No contact is called {asked}: `textdesk contact find` finds parts of names.")
    each = ", ".join(f"{one.consumer} ({one.name})" for one in found[:_MOST_NAMED])
    more = " and more" if answer.more or len(found) > _MOST_NAMED else ""
    raise CommandFailed(f"{asked} could be {each or 'one of many'}{more}: give the number.", os.EX_USAGE)


def _line(link: Link, asked: str | None) -> str:
    """One that is named may be so by its last digits. Raises CommandFailed when none is named and there are several."""
    if asked is not None:
        ending = [line.address for line in link.lines if len(asked) >= _FEWEST_DIGITS and line.address.endswith(asked)]
        return ending[0] if len(ending) == 1 else asked
    lines = [line.address for line in link.lines if line.may_start]
    if not lines:
        raise CommandFailed("There is no line that you may text a consumer first from.", os.EX_NOPERM)
    if len(lines) != 1:
        raise CommandFailed(f"Say from which line (--line): {', '.join(lines)}.", os.EX_USAGE)
    return lines[0]
