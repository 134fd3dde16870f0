"""`textdesk start NUMBER TEXT`: text a consumer first."""

from __future__ import annotations

import os
from argparse import Namespace

from connector.cli.find_conversation import view_of
from connector.cli.send_outcome import report, undo_s
from connector.cli.text_argument import read_text
from connector.client.link import Link
from connector.console.failure import CommandFailed
from connector.wire import answers, requests


def check(options: Namespace) -> None:
    options.text = read_text(options.text)


async def run(link: Link, options: Namespace) -> int:
    """Opens a conversation, or goes on with the open one. Waits for what the provider says."""
    line = _line(link, options.line)
    request = requests.Start(line, options.number, options.text, confirmed=options.confirmed, override=options.override)
    answer = await link.ask(request)
    assert isinstance(answer, answers.Started)
    view = view_of(answer.conversation_id, (await link.snapshot()).conversations)
    return await report(link, answer.message_id, undo_s(link, view), answer.conversation_id, options)


def _line(link: Link, asked: str | None) -> str:
    """Raises CommandFailed when none is named and there are several."""
    if asked is not None:
        return asked
    lines = [line.address for line in link.lines if line.may_start]
    if not lines:
        raise CommandFailed("There is no line that you may text a consumer first from.", os.EX_NOPERM)
    if len(lines) != 1:
        raise CommandFailed(f"Say from which line (--line): {', '.join(lines)}.", os.EX_USAGE)
    return lines[0]
