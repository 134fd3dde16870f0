"""The log of replies that did not arrive: account, status and code, never a text or a number."""

from __future__ import annotations

import logging

from connector.store.values import FactRow
from connector.wire import events, frames

log = logging.getLogger(__name__)

_KIND = events.SendFailed.__struct_config__.tag


def note(row: FactRow) -> None:
    """Log a fact, if it is that a reply did not arrive. Other facts cost a comparison."""
    if row.fact.kind != _KIND:
        return
    event = frames.decode_event(row.fact.body)
    if isinstance(event, events.SendFailed):
        message = event.message
        code = f", code {message.code}" if message.code else ""
        log.warning(
            "account %s: a reply did not arrive: %s%s (message %s)",
            event.conversation.account,
            message.status,
            code,
            message.id,
        )
