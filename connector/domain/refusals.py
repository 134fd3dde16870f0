"""The exception by which rules and use cases refuse a request."""

from __future__ import annotations

from collections.abc import Sequence

from connector.domain.message import Message
from connector.wire.refusals import RefusalCode


class Refused(Exception):
    """A request is refused and has no effect.

    `code` is for programs, `words` for the agent, who has to read `messages` before asking again.
    """

    def __init__(
        self, code: RefusalCode, words: str, *, messages: Sequence[Message] = (), **details: str | int | None
    ) -> None:
        super().__init__(words)
        self.messages = tuple(messages)
        self.code = code
        self.words = words
        self.details = details
