"""Budgets for requests that prove nothing: rows, bytes and processor time, by account and by source."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable, Iterable
from typing import NamedTuple

from connector.base.clock import Clock
from connector.base.token_bucket import TokenBucket
from connector.store.hook_budgets import Standing, budget

log = logging.getLogger(__name__)

# Sources and accounts that are counted apart, those used last. An attacker may have any number.
_MOST_KEYS = 4096


class RowLimits(NamedTuple):
    """Hooks that are quarantined in a minute: of one standing and account, and of those from one source."""

    rows: int
    of_a_source: int


_ROWS = {
    Standing.LIKELY: RowLimits(60, 30),  # a new secret may not be configured yet
    Standing.UNPROVEN: RowLimits(30, 10),
    Standing.UNKNOWN: RowLimits(30, 10),  # for all accounts that there are not
}


class Allowance(NamedTuple):
    """So much a second, and at most so much at once."""

    per_s: float
    burst: float


class Buckets:
    """An allowance for each key. All may be overdrawn once: what something costs is known after it."""

    def __init__(self, allowance: Allowance, clock: Clock) -> None:
        self._allowance = allowance
        self._clock = clock
        self._buckets: dict[str, TokenBucket] = {}

    def __len__(self) -> int:
        return len(self._buckets)

    def has_left(self, key: str) -> bool:
        return self._of(key).wait_s(0) == 0

    def charge(self, key: str, amount: float) -> None:
        self._of(key).take(amount)

    def _of(self, key: str) -> TokenBucket:
        bucket = self._buckets.pop(key, None) or TokenBucket(self._clock, self._allowance.burst, self._allowance.per_s)
        self._buckets[key] = bucket
        if len(self._buckets) > _MOST_KEYS:
            del self._buckets[next(iter(self._buckets))]
        return bucket


# Seconds of processor time for proofs that turn out wrong. Hooks of an ordinary size cost 0.00003 s and have room of
# their own, so that a genuine one is not refused for large ones.
_ORDINARY_BYTES = 8 * 1024
_ORDINARY_CHECKS = Allowance(0.25, 1.0)
_LARGE_CHECKS = Allowance(0.05, 0.25)
# Bytes of hooks that an account takes without proof while it only watches signatures: some 30 ordinary ones a second.
_WATCHED = Allowance(32 * 1024, 4 * 1024 * 1024)
# Pictures asked for by an address that does not exist.
_MISSES = Allowance(2, 20)


class Check:
    """A proof that is being checked. A wrong one is charged the time since this was made."""

    __slots__ = ("_began_s", "_buckets", "_keys", "_time_s")

    def __init__(self, buckets: Buckets, keys: Iterable[str], time_s: Callable[[], float]) -> None:
        self._buckets = buckets
        self._keys = keys
        self._time_s = time_s
        self._began_s = time_s()

    def failed(self) -> None:
        took_s = self._time_s() - self._began_s
        for key in self._keys:
            self._buckets.charge(key, took_s)


class UnprovenBudget:
    def __init__(self, clock: Clock, time_s: Callable[[], float]) -> None:
        """`time_s`: seconds, for how long a check took."""
        self._clock = clock
        self._minute = 0
        self._rows: Counter[str] = Counter()
        self._of_source: Counter[tuple[str, str]] = Counter()
        self._dropped: Counter[str] = Counter()
        self._time_s = time_s
        self._ordinary = Buckets(_ORDINARY_CHECKS, clock)
        self._large = Buckets(_LARGE_CHECKS, clock)
        self._watched = Buckets(_WATCHED, clock)
        self._misses = Buckets(_MISSES, clock)

    def allows_row(self, standing: Standing, account: str, source: str) -> bool:
        """Count one hook to be quarantined; False when its account, or its source's share, is full this minute."""
        minute = self._clock.now() // 60_000
        if minute != self._minute:
            self._close_minute()
            self._minute = minute
        if len(self._of_source) >= _MOST_KEYS:
            source = ""
        name, limits = budget(standing, account), _ROWS[standing]
        is_allowed = self._rows[name] < limits.rows and self._of_source[name, source] < limits.of_a_source
        if is_allowed:
            self._rows[name] += 1
            self._of_source[name, source] += 1
        else:
            self._dropped[name] += 1
        return is_allowed

    def check(self, account: str, source: str, size: int) -> Check | None:
        """The check of a proof for a hook of so many bytes, which begins with this call; None when it must not be."""
        buckets = self._ordinary if size <= _ORDINARY_BYTES else self._large
        if not (buckets.has_left(source) and buckets.has_left(account)):
            return None
        return Check(buckets, (source, account), self._time_s)

    def allows_watched(self, account: str, size: int) -> bool:
        """Whether an account that only watches signatures may take a hook of this size without proof; counts it."""
        if not self._watched.has_left(account):
            return False
        self._watched.charge(account, size)
        return True

    def allows_miss(self, source: str) -> bool:
        """Whether a source may ask for a picture; those that are there are not charged."""
        return self._misses.has_left(source) and self._misses.has_left("all")

    def charge_miss(self, source: str) -> None:
        self._misses.charge(source, 1)

    def _close_minute(self) -> None:
        for name, count in self._dropped.items():
            log.warning("%d more hooks in that minute were not stored (%s)", count, name)
        for counts in (self._rows, self._of_source, self._dropped):
            counts.clear()
