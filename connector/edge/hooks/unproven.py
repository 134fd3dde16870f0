"""Budgets for requests that prove nothing: rows, bytes and processor time, by account and by source."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable, Iterable
from typing import NamedTuple

from connector.base.clock import Clock, processor_s
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


# Seconds of processor time for an account's proofs that turn out wrong. Hooks of an ordinary size (address and body)
# cost 0.00003 s and have room of their own, so that a genuine one is not refused for large ones.
_ORDINARY_BYTES = 8 * 1024
_ORDINARY_CHECKS = Allowance(0.25, 1.0)
_LARGE_CHECKS = Allowance(0.05, 0.25)
# What one source may use of it.
_PART_OF_A_SOURCE = 0.25
# Sources of genuine hooks that are remembered. Each has an allowance of its own, beside its account's.
_MOST_KNOWN = 1024
# Bytes of hooks that an account takes without proof while it only watches signatures: some 20 ordinary ones a second.
_WATCHED = Allowance(32 * 1024, 4 * 1024 * 1024)
_WATCHED_ROW = 1024  # the least that a hook takes beside its bytes: message, conversation, events
# Pictures asked for by an address that does not exist.
_MISSES = Allowance(2, 20)
# Recoveries of an account that hooks cause which were refused unchecked: one in ten minutes.
_RECOVERIES = Allowance(1 / 600, 0)


class Check:
    """A proof that is being checked. A wrong one is charged the time since this was made."""

    __slots__ = ("_began_s", "_charged", "_processor_s")

    def __init__(self, charged: Iterable[tuple[Buckets, str]], processor_s: Callable[[], float]) -> None:
        self._charged = charged
        self._processor_s = processor_s
        self._began_s = processor_s()

    def failed(self) -> None:
        took_s = self._processor_s() - self._began_s
        for buckets, key in self._charged:
            buckets.charge(key, took_s)


class _CheckRoom:
    """The allowances for hooks of one size: of each account, of each source, and of each source of genuine hooks."""

    def __init__(self, of_account: Allowance, clock: Clock) -> None:
        per_s, burst = of_account
        self._accounts = Buckets(of_account, clock)
        self._sources = Buckets(Allowance(per_s * _PART_OF_A_SOURCE, burst * _PART_OF_A_SOURCE), clock)
        self._known = Buckets(of_account, clock)

    def charged(self, account: str, source: str, *, is_known: bool) -> list[tuple[Buckets, str]]:
        """What a wrong proof is charged to."""
        return [(self._known, source)] if is_known else [(self._sources, source), (self._accounts, account)]


class UnprovenBudget:
    def __init__(self, clock: Clock, processor_s: Callable[[], float] = processor_s) -> None:
        """`processor_s`: processor time of this thread, in seconds, for what a check took."""
        self._clock = clock
        self._minute = 0
        self._rows: Counter[str] = Counter()
        self._of_source: Counter[tuple[str, str]] = Counter()
        self._dropped: Counter[str] = Counter()
        self._processor_s = processor_s
        self._ordinary = _CheckRoom(_ORDINARY_CHECKS, clock)
        self._large = _CheckRoom(_LARGE_CHECKS, clock)
        self._known: dict[str, None] = {}  # the one that was genuine the longest ago first
        self._watched = Buckets(_WATCHED, clock)
        self._misses = Buckets(_MISSES, clock)
        self._recoveries = Buckets(_RECOVERIES, clock)

    def allows_row(self, standing: Standing, account: str, source: str) -> bool:
        """Count one hook to be quarantined; False when its account, or its source's share, is full this minute."""
        minute = self._clock.steady() // 60_000
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
        room = self._ordinary if size <= _ORDINARY_BYTES else self._large
        charged = room.charged(account, source, is_known=source in self._known)
        if not all(buckets.has_left(key) for buckets, key in charged):
            return None
        return Check(charged, self._processor_s)

    def remember(self, source: str) -> None:
        """A genuine hook came from this source."""
        self._known.pop(source, None)
        self._known[source] = None
        if len(self._known) > _MOST_KNOWN:
            del self._known[next(iter(self._known))]

    def allows_recovery(self, account: str) -> bool:
        """Whether the account's messages may be listed because one of its hooks was refused unchecked; counts it."""
        if not self._recoveries.has_left(account):
            return False
        self._recoveries.charge(account, 1)
        return True

    def allows_watched(self, account: str, size: int) -> bool:
        """Whether an account that only watches signatures may take a hook of this size without proof; counts it."""
        if not self._watched.has_left(account):
            return False
        self._watched.charge(account, _WATCHED_ROW + size)
        return True

    def allows_miss(self, source: str) -> bool:
        """Whether a source may ask for a picture; those that are there are not charged."""
        return self._misses.has_left(source)

    def charge_miss(self, source: str) -> None:
        self._misses.charge(source, 1)

    def _close_minute(self) -> None:
        for name, count in self._dropped.items():
            log.warning("%d more hooks in that minute were not stored (%s)", count, name)
        for counts in (self._rows, self._of_source, self._dropped):
            counts.clear()
