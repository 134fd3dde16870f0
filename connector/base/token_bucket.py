"""A token bucket: a rate with a burst."""

from __future__ import annotations

from connector.base.clock import Clock


class TokenBucket:
    """Holds at most `burst` tokens, and gets `per_s` anew each second."""

    def __init__(self, clock: Clock, burst: float, per_s: float) -> None:
        self._clock = clock
        self._burst = burst
        self._per_s = per_s
        self._tokens = burst
        self._at = clock.steady()

    def wait_s(self, count: float) -> float:
        """Seconds until `count` tokens are there; 0: they are."""
        now = self._clock.steady()
        self._tokens = min(self._burst, self._tokens + (now - self._at) / 1000 * self._per_s)
        self._at = now
        return max(0.0, (min(count, self._burst) - self._tokens) / self._per_s)

    def take(self, count: float) -> float:
        """Take them, on credit if need be. Returns the seconds until the credit is repaid."""
        wait_s = self.wait_s(count)
        self._tokens -= count
        return wait_s
