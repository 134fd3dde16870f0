"""Whether a command has a terminal."""

from __future__ import annotations

import os
import sys

from connector.console.failure import CommandFailed


def demand_terminal(otherwise: str) -> None:
    """Raises CommandFailed with the words `otherwise` unless a full-screen program can run here."""
    if not all(stream.isatty() for stream in (sys.stdin, sys.stdout, sys.stderr)):  # Textual draws on stderr
        raise CommandFailed(otherwise, os.EX_USAGE)
