"""Whether a command has a terminal."""

from __future__ import annotations

import os

from connector.base import full_screen
from connector.console.failure import CommandFailed


def demand_terminal(otherwise: str) -> None:
    """Raises CommandFailed unless a full-screen program can run here, with the words `otherwise` without a terminal."""
    if not full_screen.has_terminal():
        raise CommandFailed(otherwise, os.EX_USAGE)
    if words := full_screen.cannot_draw(os.environ):
        raise CommandFailed(words, os.EX_USAGE)
