"""The counts of the last hour and day by account, kept up to date from what has changed in the store's counters."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping

from connector.domain.tallies import TAKEN
from connector.store.ports import Reading
from connector.store.values import CounterKey, CounterKind, CounterRow, HookState, Span
from connector.wire import limits

# A forged hook that was refused is no sign that the provider reaches us.
_SIGNS_OF_LIFE = frozenset(HookState) - {HookState.REFUSED}
_HOURS = 24
_SKEW_MS = 60_000  # a little ahead of now is what another core has just counted


class SlidingCounts:
    """The counts of the spans of one length that begin at or after a time and not after another, summed by account.

    Spans to come were counted while the clock was wrong.
    """

    def __init__(self, span: Span, since: int, until: int, rows: Iterable[CounterRow]) -> None:
        self.span = span
        self._since = since
        self._until = until
        self._spans: dict[int, dict[CounterKey, int]] = {}
        self._sums: defaultdict[str, Counter[CounterKey]] = defaultdict(Counter)
        self.put(rows)

    def put(self, rows: Iterable[CounterRow]) -> None:
        """Add rows, or replace them by their later state; those of other spans are left out."""
        for row in rows:
            if row.span == self.span and row.at >= self._since:
                counts, key = self._spans.setdefault(row.at, {}), row.key
                if row.at <= self._until:
                    self._add(key, row.count - counts.get(key, 0))
                counts[key] = row.count

    def slide(self, since: int, until: int) -> None:
        """Leave out the spans that begin before the first time, and add those up to the second; neither is before the
        last one."""
        for at in [at for at in self._spans if at < since]:
            for key, count in self._spans.pop(at).items():
                if at <= self._until:
                    self._add(key, -count)
        for at in [at for at in self._spans if self._until < at <= until]:
            for key, count in self._spans[at].items():
                self._add(key, count)
        self._since, self._until = since, until

    def of(self, account: str) -> Mapping[CounterKey, int]:
        return self._sums[account]

    def _add(self, key: CounterKey, count: int) -> None:
        sums = self._sums[key.account]
        sums[key] += count
        if not sums[key]:
            del sums[key]


class RecentCounts:
    """What a core knows of the recent traffic. Nothing in it is more than a copy of the store's counters."""

    def __init__(self) -> None:
        self.hour = SlidingCounts(Span.MINUTE, 0, 0, ())
        self.day = SlidingCounts(Span.HOUR, 0, 0, ())
        self.last_hook_at: dict[str, int] = {}  # of an account
        self.last_reply_at: dict[str, int] = {}  # when the latest was written that the provider took
        self._looked_at: int | None = None
        self._position = 0

    def refresh(self, reading: Reading, now: int) -> set[str]:
        """Read what has changed since the last time: the accounts it is about. All of it the first time, and after the
        clock or the store went back."""
        position = reading.position()
        if self._looked_at is None or now < self._looked_at or position < self._position:
            rows = self._load(reading, now)
        else:
            rows = reading.counters_after(self._position)
            self.hour.slide(hour_began_at(now), now + _SKEW_MS)
            self.day.slide(_day_began_at(now), now + _SKEW_MS)
            self.hour.put(rows)
            self.day.put(rows)
        for known, found in ((self.last_hook_at, _last_hooks(rows)), (self.last_reply_at, _last_replies(rows))):
            for account, at in found.items():
                known[account] = max(at, known.get(account, 0))
        self._looked_at, self._position = now, position
        return {row.account for row in rows}

    def _load(self, reading: Reading, now: int) -> list[CounterRow]:
        hour, day = hour_began_at(now), _day_began_at(now)
        minutes, hours = reading.counters(Span.MINUTE, hour), reading.counters(Span.HOUR, day)
        self.hour = SlidingCounts(Span.MINUTE, hour, now + _SKEW_MS, minutes)
        self.day = SlidingCounts(Span.HOUR, day, now + _SKEW_MS, hours)
        self.last_hook_at, self.last_reply_at = {}, {}
        return reading.counters(Span.IN_ALL, 0)


def hour_began_at(now: int) -> int:
    """When the first of the twelve buckets of the last hour began, of which the newest has not ended."""
    return (now // limits.TRAFFIC_BUCKET_MS - limits.TRAFFIC_BUCKETS + 1) * limits.TRAFFIC_BUCKET_MS


def last_hooks(reading: Reading) -> dict[str, int]:
    """When the last hook of each account came that shows that its provider reaches us."""
    return _last_hooks(reading.counters(Span.IN_ALL, 0))


def total(counts: Mapping[CounterKey, int], kind: CounterKind, *statuses: str) -> int:
    """How many there are of this kind, of all statuses if none is named."""
    return sum(n for key, n in counts.items() if key.kind is kind and (not statuses or key.status in statuses))


def _last_replies(rows: Iterable[CounterRow]) -> dict[str, int]:
    found: dict[str, int] = {}
    for row in rows:
        if row.kind is CounterKind.REPLY and row.status in TAKEN:
            found[row.account] = max(row.last_at, found.get(row.account, 0))
    return found


def _last_hooks(rows: Iterable[CounterRow]) -> dict[str, int]:
    found: dict[str, int] = {}
    for row in rows:
        if row.kind is CounterKind.HOOK and row.status in _SIGNS_OF_LIFE:
            found[row.account] = max(row.last_at, found.get(row.account, 0))
    return found


def _day_began_at(now: int) -> int:
    """The same for the 24 hours of the last day."""
    return (now // Span.HOUR - _HOURS + 1) * Span.HOUR
