"""How a command ends when it cannot do what it was asked."""

from __future__ import annotations

from connector.base.failure import Failure


class CommandFailed(Failure):
    """A command cannot do what it was asked: one sentence for a person, and the exit code."""
