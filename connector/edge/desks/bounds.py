"""Bounds of what one agent may ask for, over all their desks and scripts. The figures stand in `connector.wire.limits`.

They are counted in this core's memory, and so anew after a restart and in each core of a database.
"""

from __future__ import annotations

from connector.base.clock import Clock
from connector.base.token_bucket import TokenBucket
from connector.domain.refusals import Refused
from connector.wire import limits
from connector.wire.refusals import RefusalCode

_HOUR_S = 3600


class AgentBounds:
    """What one agent has left."""

    def __init__(self, clock: Clock) -> None:
        self.connections = 0
        self.snapshot_conversations = 0  # in the last one
        self.unanswered_bytes = 0  # in memory, of all connections
        self._requests = TokenBucket(clock, limits.REQUEST_BURST, limits.REQUESTS_PER_S)
        self._pictures = TokenBucket(clock, limits.PICTURES_PER_HOUR, limits.PICTURES_PER_HOUR / _HOUR_S)
        self._picture_bytes = TokenBucket(clock, limits.PICTURE_BYTES_PER_HOUR, limits.PICTURE_BYTES_PER_HOUR / _HOUR_S)
        self._notes = TokenBucket(clock, limits.NOTES_PER_HOUR, limits.NOTES_PER_HOUR / _HOUR_S)

    def pace(self, size: int) -> float:
        """Count a request of `size` bytes. Returns the seconds after which it is to be carried out."""
        return self._requests.take(_cost(size))

    def pace_snapshot(self) -> float:
        """Count a snapshot, as large as the last one. Returns the seconds after which it is to be read."""
        return self._requests.take(self.snapshot_conversations // limits.REQUEST_UNIT_CONVERSATIONS)

    def ask(self, size: int, times: int = 1) -> None:
        """Count a question of `size` bytes, as so many. Raises Refused when the agent asks too fast."""
        _take(self._requests, _cost(size) * times, f"More than {limits.REQUESTS_PER_S} requests a second")

    def upload(self, size: int) -> None:
        """Count a picture. Raises Refused."""
        words = f"More than {limits.PICTURE_BYTES_PER_HOUR // 1_000_000} MB of pictures in an hour"
        _require(self._picture_bytes, size, words)
        _take(self._pictures, 1, f"More than {limits.PICTURES_PER_HOUR} pictures in an hour")
        self._picture_bytes.take(size)

    def write_note(self) -> Refused | None:
        """Count a note. Returns the refusal of one too many, which the repeat of a written note does not get."""
        try:
            _take(self._notes, 1, f"More than {limits.NOTES_PER_HOUR} notes in an hour")
        except Refused as too_many:
            return too_many
        return None


def _cost(size: int) -> int:
    return 1 + size // limits.REQUEST_UNIT_BYTES


def _take(bucket: TokenBucket, count: float, words: str) -> None:
    _require(bucket, count, words)
    bucket.take(count)


def _require(bucket: TokenBucket, count: float, words: str) -> None:
    wait_s = bucket.wait_s(count)
    if wait_s > 0:
        again = f"Try again in {wait_s:.0f} seconds" if wait_s > 1 else "Try again in a second"
        raise Refused(RefusalCode.TOO_MANY_REQUESTS, f"{words}. {again}.", retry_after_ms=round(wait_s * 1000) + 1)
