"""`textdesk send ID TEXT` and `textdesk undo MESSAGE_ID`: one reply, and taking it back."""

from __future__ import annotations

import os
import sys

from connector.cli.as_owner import ask_as_owner
from connector.cli.find_conversation import conversation_id, view_of
from connector.client.link import Link
from connector.console.failure import CommandFailed
from connector.console.output import json_line, plain, write
from connector.wire import answers, requests


def read_text(given: str) -> str:
    """The text as given, or all of stdin for `-`, without the line end that closes it."""
    if given != "-":
        if any("\ud800" <= character <= "\udfff" for character in given):
            raise CommandFailed("The text is not UTF-8.", os.EX_USAGE)
        return given
    try:
        text = sys.stdin.buffer.read().decode()
    except UnicodeDecodeError:
        raise CommandFailed("What came on stdin is not UTF-8.", os.EX_USAGE) from None
    return text.removesuffix("\n").removesuffix("\r")


async def run(link: Link, asked: str, text: str, *, as_json: bool) -> int:
    """Refused as stale when somebody has written since the core was reached."""
    conversations = (await link.snapshot()).conversations
    found = conversation_id(asked, conversations)
    view = view_of(found, conversations)
    answer = await ask_as_owner(link, found, requests.Reply(found, text, seen=view.last_seq if view else None))
    message_id = answer.message_id if isinstance(answer, answers.Written) else ""
    if as_json:
        write(json_line({"message_id": message_id, "conversation_id": found}))
    else:
        write(plain(f"Written and on its way: message {message_id}."))
    return 0


async def take_back(link: Link, message_id: str, *, as_json: bool) -> int:
    await link.ask(requests.UndoReply(message_id))
    write(json_line({"message_id": message_id}) if as_json else plain(f"Message {message_id} is not sent."))
    return 0
