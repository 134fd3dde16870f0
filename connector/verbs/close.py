"""`textdesk close ID`: end a conversation."""

from __future__ import annotations

from connector.verbs.find import conversation_id
from connector.verbs.link import Link
from connector.verbs.output import json_line, plain, write
from connector.verbs.owning import ask_as_owner
from connector.wire import requests


async def run(link: Link, asked: str, *, as_json: bool) -> int:
    found = conversation_id(asked, (await link.snapshot()).conversations)
    await ask_as_owner(link, found, requests.Close(found))
    write(json_line({"conversation_id": found}) if as_json else plain(f"Conversation {found} is closed."))
    return 0
