"""Moments in arguments; a malformed one is a CommandFailed."""

from __future__ import annotations

import os

from connector.base import moments
from connector.base.clock import SystemClock
from connector.console.failure import CommandFailed


def past(text: str, now: int) -> int:
    """The moment of `moments.parse_past`. Raises CommandFailed. `now` 0: only whether it can be one is asked."""
    at = moments.parse_past(text, now)
    if at is None:
        words = f"{text} is neither a span like 6h or 2d, nor yesterday, nor a moment like 2026-11-22T08:00."
        raise CommandFailed(words, os.EX_USAGE)
    if now and at > now:
        raise CommandFailed(f"{text} is still to come: give a span like 6h or 2d, or a moment before.", os.EX_USAGE)
    return max(0, at)


def future(text: str, now: int) -> int:
    """The moment of `moments.parse_future`. Raises CommandFailed. `now` 0: only whether it can be one is asked."""
    at = moments.parse_future(text, now)
    if at is None:
        why = moments.why_no_future(text, now or SystemClock().now())
        raise CommandFailed(f"{text} is no moment to come. {why}", os.EX_USAGE)
    return at
