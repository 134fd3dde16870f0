"""The error that ends a command with one sentence."""

from __future__ import annotations


class Failure(Exception):
    """One sentence for a person, and the exit code of a command that ends with it: 1, or one of sysexits.h."""

    def __init__(self, words: str, exit_code: int = 1) -> None:
        super().__init__(words)
        self.exit_code = exit_code
