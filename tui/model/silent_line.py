"""What happened while the terminal did not answer, in words for the agent who is back."""

from __future__ import annotations

from collections.abc import Set

from msgspec import Struct

BEGINS = "This terminal does not answer: you are offline and get no conversations until it does. Press any key."


class SilentLine(Struct, frozen=True):
    """Since when the line is silent, and which open conversations were the agent's then."""

    since: int
    mine: frozenset[str]

    def words_at_end(self, mine: Set[str], now: int) -> str:
        """`mine`: those that are the agent's by now."""
        words = f"This terminal did not answer for {_duration(now - self.since)}: you were offline."
        gone = len(self.mine - mine)
        if not gone:
            return words
        return f"{words} {'One' if gone == 1 else gone} of your conversations went to others."


def _duration(ms: int) -> str:
    minutes, seconds = divmod(ms // 1000, 60)
    return f"{minutes} min" if minutes else f"{seconds} s"
