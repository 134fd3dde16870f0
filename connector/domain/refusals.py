"""Why the core says no to a desk."""

from __future__ import annotations

from collections.abc import Sequence

from connector.domain.values import Message


class Refused(Exception):
    """Nothing happens. `code` for programs (see `connector.wire.requests`), `words` for the agent.

    `messages` are those the agent has to see before asking again.
    """

    def __init__(self, code: str, words: str, *, messages: Sequence[Message] = (), **details: str | int | None) -> None:
        super().__init__(words)
        self.messages = tuple(messages)
        self.code = code
        self.words = words
        self.details = details
