"""Asking for what only a conversation's owner may do."""

from __future__ import annotations

from connector.client.errors import RequestRefused
from connector.client.link import Link
from connector.wire import answers, requests
from connector.wire.refusals import RefusalCode


async def ask_as_owner(link: Link, conversation: str, body: requests.Request) -> answers.Answer:
    """Ask; a conversation that waits in the queue is taken first, and given back when the answer is still no. One that
    was ours until our hold on it ended is taken again, unless somebody else has it."""
    try:
        return await link.ask(body)
    except RequestRefused as refused:
        was_ours = refused.code == RefusalCode.HOLD_OVER
        is_waiting = refused.code == RefusalCode.NOT_OWNER and refused.details.get("agent") is None
        if not is_waiting and not was_ours:
            raise
    await link.ask(requests.Accept(conversation))
    try:
        return await link.ask(body)
    except RequestRefused:
        if not was_ours:
            await link.ask(requests.GiveBack(conversation))
        raise
