"""Asking for what only a conversation's owner may do."""

from __future__ import annotations

from connector.verbs.link import Link, Refused
from connector.wire import requests


async def ask_as_owner(link: Link, conversation: str, body: requests.Request) -> requests.Answer:
    """Ask; a conversation that waits in the queue is taken first, and given back when the answer is still no."""
    try:
        return await link.ask(body)
    except Refused as refused:
        is_waiting = refused.reason == requests.NOT_OWNER and refused.details.get("agent") is None
        if not is_waiting:
            raise
    await link.ask(requests.Accept(conversation))
    try:
        return await link.ask(body)
    except Refused:
        await link.ask(requests.ReturnToQueue(conversation))
        raise
