"""Whether a full-screen program can run where this process was started."""

from __future__ import annotations

import sys
from collections.abc import Mapping

# Terminfo's names of terminals that cannot move the cursor.
_CANNOT_DRAW = ("dumb", "unknown")


def has_terminal() -> bool:
    """Input and output are the terminal's: a full-screen program reads one and draws on the other. Errors may go to a
    file."""
    return all(stream is not None and stream.isatty() for stream in (sys.stdin, sys.stdout))


def is_any_terminal() -> bool:
    """At least one of them is: a person is there."""
    return any(stream is not None and stream.isatty() for stream in (sys.stdin, sys.stdout, sys.stderr))


def cannot_draw(environ: Mapping[str, str]) -> str:
    """Why no screen can be drawn on a terminal of this kind, as a sentence; "" where one can."""
    kind = environ.get("TERM", "").lower()
    if kind not in _CANNOT_DRAW:
        return ""
    return (
        f"TERM={kind} stands for a terminal that cannot draw a screen; set it to what this one is, like xterm-256color."
    )
