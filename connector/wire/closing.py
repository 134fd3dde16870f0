"""What a core means by closing a connection, for desks and commands."""

from __future__ import annotations

import os
from typing import NamedTuple

from connector.wire import frames


class Turned(NamedTuple):
    """Why a core does not go on with a client: a sentence, and the exit code of a command or desk that ends with it."""

    words: str
    code: int


def turned_away(code: int | None, reason: str) -> Turned | None:
    """None for the end of a connection that another one can follow at once."""
    words = reason or "no reason given"
    match code:
        case frames.CLOSE_NOT_SIGNED_IN:
            return Turned(f"The core does not let you in: {words}", os.EX_NOPERM)
        case frames.CLOSE_TOO_MANY:
            return Turned(f"The core lets no more in for now: {words}", os.EX_TEMPFAIL)
        case frames.CLOSE_PROTOCOL | frames.CLOSE_BAD_FRAME:
            return Turned(f"The core does not understand this program: {words}", os.EX_UNAVAILABLE)
    return None
