"""Why the core says no to a desk."""

from __future__ import annotations


class Refused(Exception):
    """Nothing happens. `code` for programs (see `connector.wire.requests`), `words` for the agent."""

    def __init__(self, code: str, words: str, **details: str | int | None) -> None:
        super().__init__(words)
        self.code = code
        self.words = words
        self.details = details
