"""Requests that only the owner of a conversation may make."""

from __future__ import annotations

from connector.client.errors import RequestRefused
from connector.client.link import Link
from connector.wire import answers, requests
from connector.wire.refusals import RefusalCode


async def ask_as_owner(link: Link, conversation: str, body: requests.Request) -> answers.Answer:
    """Ask, and accept the conversation first if it is queued, or was ours until our hold expired.

    A queued one is given back when the request is still refused.
    """
    try:
        return await link.ask(body)
    except RequestRefused as refused:
        was_ours = refused.code == RefusalCode.HOLD_OVER
        is_queued = refused.code == RefusalCode.NOT_OWNER and refused.details.get("agent") is None
        if not is_queued and not was_ours:
            raise
    await link.ask(requests.Accept(conversation))
    try:
        return await link.ask(body)
    except RequestRefused:
        if not was_ours:
            await link.ask(requests.GiveBack(conversation))
        raise
