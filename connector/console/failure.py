"""How a command ends when it cannot do what it was asked."""

from __future__ import annotations


class CommandFailed(Exception):
    """One sentence for a person, and the exit code: 1, or one of sysexits.h (`os.EX_…`)."""

    def __init__(self, words: str, code: int = 1) -> None:
        super().__init__(words)
        self.code = code
