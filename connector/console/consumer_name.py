"""The consumer of a conversation as people read it."""

from __future__ import annotations

from connector.wire.views import ConversationView


def consumer_name(view: ConversationView) -> str:
    """Their name; without one their number as people of the line's country write it."""
    return view.name or view.shown or view.consumer
