"""`textdesk unmask MESSAGE_ID …`: the text of a message as it was written; of several parts, one after the other."""

from __future__ import annotations

from argparse import Namespace

from connector.client.link import Link
from connector.console.output import json_line, write
from connector.sms.text import shown
from connector.wire import answers, requests


async def run(link: Link, options: Namespace) -> int:
    texts = []
    for message in options.message:
        answer = await link.ask(requests.Unmask(message))
        assert isinstance(answer, answers.Unmasked)
        texts.append(answer.text)
    text = "".join(texts)
    write(json_line({"message_ids": options.message, "text": text}) if options.json else shown(text))
    return 0
