"""Budgets for requests that prove nothing: rows, bytes and processor time, by account and by source."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable, Iterable
from typing import NamedTuple

from msgspec import Struct

from connector.store.hook_budgets import Standing, budget

log = logging.getLogger(__name__)

# Sources and accounts that are counted apart; the others share. An attacker may have any number.
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


class _Level(Struct):
    left: float
    at: float


class Buckets:
    """An allowance for each key (token buckets). All may be overdrawn once: what something costs is known after it."""

    def __init__(self, allowance: Allowance, time_s: Callable[[], float]) -> None:
        self._allowance = allowance
        self._time_s = time_s
        self._levels: dict[str, _Level] = {}

    def has_left(self, key: str) -> bool:
        return self._level(key).left > 0

    def charge(self, key: str, amount: float) -> None:
        self._level(key).left -= amount

    def _level(self, key: str) -> _Level:
        now, (per_s, burst) = self._time_s(), self._allowance
        level = self._levels.get(key)
        if level is None:
            if len(self._levels) >= _MOST_KEYS:
                self._levels = {
                    each: one for each, one in self._levels.items() if one.left + per_s * (now - one.at) < burst
                }
            if len(self._levels) >= _MOST_KEYS:
                key = ""
            level = self._levels.setdefault(key, _Level(burst, now))
        level.left = min(burst, level.left + per_s * (now - level.at))
        level.at = now
        return level


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
    def __init__(self, now: Callable[[], int], time_s: Callable[[], float]) -> None:
        """`now`: the clock's milliseconds, for minutes; `time_s`: seconds that only go forward."""
        self._now = now
        self._minute = 0
        self._rows: Counter[str] = Counter()
        self._of_source: Counter[tuple[str, str]] = Counter()
        self._dropped: Counter[str] = Counter()
        self._time_s = time_s
        self._ordinary = Buckets(_ORDINARY_CHECKS, time_s)
        self._large = Buckets(_LARGE_CHECKS, time_s)
        self._watched = Buckets(_WATCHED, time_s)
        self._misses = Buckets(_MISSES, time_s)

    def allows_row(self, standing: Standing, account: str, source: str) -> bool:
        """Count one hook to be quarantined; False when its account, or its source's share, is full this minute."""
        minute = self._now() // 60_000
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
