"""`textdesk unmask MESSAGE_ID …`: texts of messages as they were written, each on a line of its own; the parts of one
text are joined."""

from __future__ import annotations

from argparse import Namespace

from connector.client.link import Link
from connector.console.output import json_line, write
from connector.sms.text import shown
from connector.wire import administration, answers
from connector.wire.views import PartView


async def run(link: Link, options: Namespace) -> int:
    text, before = "", None
    for message in options.message:
        answer = await link.ask(administration.Unmask(message))
        assert isinstance(answer, answers.Unmasked)
        text += answer.text if not text or goes_on(before, answer.part) else f"\n{answer.text}"
        before = answer.part
    write(json_line({"message_ids": options.message, "text": text}) if options.json else shown(text))
    return 0


def goes_on(before: PartView | None, part: PartView | None) -> bool:
    """Whether this part comes later in the same text."""
    if before is None or part is None:
        return False
    is_same = (before.reference, before.total, before.wide) == (part.reference, part.total, part.wide)
    return is_same and before.number < part.number
