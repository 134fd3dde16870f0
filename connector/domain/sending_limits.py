"""Limits of what agents send, against toll fraud and mistakes: countries, new numbers, and sends by hour and day."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

from msgspec import Struct

HOUR_MS = 3_600_000
SLOT_MS = 300_000
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


class SpanOfSends(Struct, frozen=True):
    """What one agent sent from one moment until another."""

    begins: int
    until: int
    sends: int
    new_numbers: int

    def count(self, what: Counted) -> int:
        return self.new_numbers if what is Counted.NEW_NUMBERS else self.sends


class Reached(Struct, frozen=True):
    """A limit that is reached: `limit` within the last `hours` hours."""

    what: Counted
    limit: int
    hours: int
    free_at: int  # when it is not reached any more


def slot_of(at: int) -> int:
    """When the slot began in which a send of this moment is counted.

    Sends are counted in slots as no more than the limit may fall into any hour: with one count for each hour of the
    clock, twice as many could be sent around a full one.
    """
    return at - at % SLOT_MS


def counted_since(now: int) -> int:
    """The beginning of the earliest slot that counts."""
    return slot_of(now) - _DAY_HOURS * HOUR_MS


def slots_since(now: int) -> int:
    """A full hour from which on single slots matter. Before it, those of an hour may be one span."""
    earliest = slot_of(now) - HOUR_MS
    return earliest - earliest % HOUR_MS


def reached(limits: SendingLimits, sent: Iterable[SpanOfSends], now: int, *, is_new: bool) -> Reached | None:
    """The first limit that one more would exceed. `sent`: the agent's spans. `is_new`: it goes to a new number.

    A span counts while any moment of it is within the last hour or day, so that these are longer by up to its length.
    Spans to come were counted while the clock was ahead: they count as the slot that runs, unless they are further off
    than an hour or day, as they would shut the agent out until then.
    """
    spans = [*sent]
    for what, hour, day, is_asked in (
        (Counted.NEW_NUMBERS, limits.new_numbers_per_hour, limits.new_numbers_per_day, is_new),
        (Counted.SENDS, limits.sends_per_hour, limits.sends_per_day, True),
    ):
        for limit, hours in ((hour, 1), (day, _DAY_HOURS)):
            if is_asked and limit and (found := _reached(what, limit, hours, spans, now)) is not None:
                return found
    return None


def _reached(what: Counted, limit: int, hours: int, spans: list[SpanOfSends], now: int) -> Reached | None:
    length, end = hours * HOUR_MS, slot_of(now) + SLOT_MS
    counted = [one for one in spans if now - length < one.until and one.begins < now + length]
    counts = sorted((min(one.until, end), one.count(what)) for one in counted)
    total = sum(count for _, count in counts)
    if total < limit:
        return None
    for until, count in counts:
        total -= count
        if total < limit:
            return Reached(what, limit, hours, until + length)
    raise AssertionError("without its spans, nothing is counted")
