"""Finds the conversation that an argument means."""

from __future__ import annotations

import os
from collections.abc import Iterable

from connector.base import ids
from connector.console.failure import CommandFailed
from connector.sms.addresses import without_separators
from connector.wire.views import ConversationView


def conversation_id(asked: str, conversations: Iterable[ConversationView], *, also_closed: bool = False) -> str:
    """The id for an id, the prefix of one, or a consumer's number. Raises CommandFailed unless exactly one matches.

    Numbers and prefixes mean open conversations or, with `also_closed`, else the one closed last, within the last day.
    A whole id is returned as it is, since the conversation may have been closed before that.
    """
    number = without_separators(asked).removeprefix("+")
    prefix = asked.strip().upper()
    matching = [view for view in conversations if number and view.consumer.removeprefix("+") == number]
    matching = matching or [view for view in conversations if prefix and view.id.startswith(prefix)]
    found = [view.id for view in matching if view.state != "closed"]
    if not found and matching and also_closed:
        return max(matching, key=lambda view: view.closed_at or 0).id
    if len(found) == 1:
        return found[0]
    if found:
        raise CommandFailed(
            f"{asked} could be any of {len(found)} open conversations: {', '.join(found)}.", os.EX_USAGE
        )
    if len(prefix) == ids.LENGTH and prefix.isalnum():
        return prefix
    raise CommandFailed(f"No open conversation is {asked}: `textdesk queue --all` lists them.")


def view_of(conversation_id: str, conversations: Iterable[ConversationView]) -> ConversationView | None:
    """None for a conversation that was closed more than a day ago."""
    return next((view for view in conversations if view.id == conversation_id), None)
