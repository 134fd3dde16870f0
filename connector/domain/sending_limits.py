"""Limits of what agents send, against toll fraud and mistakes: countries, new numbers, and sends by hour and day."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

from msgspec import Struct

HOUR_MS = 3_600_000
_DAY_HOURS = 24


class SendingLimits(Struct, frozen=True, kw_only=True):
    """What agents may send, each for themselves. 0: no limit."""

    countries: frozenset[str] | None = None  # whose numbers may be texted first (ISO 3166); None: all
    new_numbers_per_hour: int = 0
    new_numbers_per_day: int = 0
    sends_per_hour: int = 0
    sends_per_day: int = 0


class Counted(StrEnum):
    """What is counted. A new number is one that was never written with before, by anyone."""

    NEW_NUMBERS = "new_numbers"
    SENDS = "sends"


class HourOfSends(Struct, frozen=True):
    """What one agent sent within an hour of the clock, which begins at `hour`."""

    hour: int
    sends: int
    new_numbers: int

    def count(self, what: Counted) -> int:
        return self.new_numbers if what is Counted.NEW_NUMBERS else self.sends


class Reached(Struct, frozen=True):
    """A limit that is reached: `limit` within the last `hours` hours of the clock, the one that runs included."""

    what: Counted
    limit: int
    hours: int
    free_at: int  # when it is not reached any more


def hour_of(at: int) -> int:
    """When the hour of the clock began."""
    return at - at % HOUR_MS


def counted_since(now: int) -> int:
    """The beginning of the earliest hour that counts."""
    return hour_of(now) - (_DAY_HOURS - 1) * HOUR_MS


def reached(limits: SendingLimits, sent: Iterable[HourOfSends], now: int, *, is_new: bool) -> Reached | None:
    """The first limit that one more would exceed. `sent`: the agent's hours; those to come, which were counted while
    the clock was wrong, count as the one that runs. `is_new`: it goes to a new number."""
    hours = [*sent]
    for what, hour, day, is_asked in (
        (Counted.NEW_NUMBERS, limits.new_numbers_per_hour, limits.new_numbers_per_day, is_new),
        (Counted.SENDS, limits.sends_per_hour, limits.sends_per_day, True),
    ):
        for limit, span in ((hour, 1), (day, _DAY_HOURS)):
            if is_asked and limit and (found := _reached(what, limit, span, hours, now)) is not None:
                return found
    return None


def _reached(what: Counted, limit: int, span: int, hours: list[HourOfSends], now: int) -> Reached | None:
    running = hour_of(now)
    since = running - (span - 1) * HOUR_MS
    counts = sorted((min(one.hour, running), one.count(what)) for one in hours if one.hour >= since)
    total = sum(count for _, count in counts)
    if total < limit:
        return None
    for hour, count in counts:
        total -= count
        if total < limit:
            return Reached(what, limit, span, hour + span * HOUR_MS)
    raise AssertionError("without its hours, nothing is counted")
