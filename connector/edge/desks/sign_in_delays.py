"""Delay of sign-ins from a source that has failed before, so that no token that people have thought of is guessed.

Such tokens stand in configurations. Issued tokens are never delayed (`identity`): a source may be a whole office behind
one address, and must not be kept out by one guesser in it.
"""

from __future__ import annotations

from collections import OrderedDict, deque

from msgspec import Struct, field

from connector.base.clock import Clock

_FREE = 3  # failures without a delay: a mistyped token, or an old one
_FIRST_S, _LONGEST_S = 0.5, 60.0
_PATIENCE_S = 8.0  # a sign-in that would have to wait for longer is refused at once
_HALF_LIFE_S = 900  # of the failures
_MOST = 64  # failures that count: issued tokens are tried without a delay, and shut no source out for long
_SOURCES = 4096
_REMEMBERED = 16  # wrong tokens of one source


class _Failures(Struct):
    """Moments are in steady time: setting the clock neither locks a source out nor lets it in."""

    count: float
    at: int  # of the latest
    next_at: int = 0  # the earliest moment at which the next token is looked at
    wrong: deque[str] = field(default_factory=lambda: deque(maxlen=_REMEMBERED))


class SignInDelays:
    """Failures by source, of at most so many sources: the one heard of longest ago gives way.

    Tokens come as digests. One that this source has tried before is no new guess: it counts once, so that a forgotten
    desk with an old token does not lock out the others behind its address.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._by_source: OrderedDict[str, _Failures] = OrderedDict()

    def was_wrong(self, source: str, digest: str) -> bool:
        known = self._by_source.get(source)
        return known is not None and digest in known.wrong

    def reserve(self, source: str) -> float | None:
        """Seconds after which a token of this source may be looked at: 0 for most. None: refuse it, there is a queue.

        Each reservation puts off the next one of the same source, so waiting sign-ins are few.
        """
        known = self._by_source.get(source)
        if known is None:
            return 0.0
        now = self._clock.steady()
        wait_s = max(0, known.next_at - now) / 1000
        if wait_s > _PATIENCE_S:
            return None
        known.next_at = max(now, known.next_at) + round(_delay_s(self._left(known, now)) * 1000)
        return wait_s

    def failed(self, source: str, digest: str) -> int:
        """Count a wrong token. Returns how many new ones the source has tried of late, `_MOST` at most."""
        now = self._clock.steady()
        known = self._by_source.setdefault(source, _Failures(0, now))
        known.count, known.at = min(self._left(known, now) + 1, _MOST), now
        known.next_at = max(known.next_at, now + round(_delay_s(known.count) * 1000))
        known.wrong.append(digest)
        self._by_source.move_to_end(source)
        while len(self._by_source) > _SOURCES:
            self._by_source.popitem(last=False)
        return round(known.count)

    def _left(self, known: _Failures, now: int) -> float:
        return float(known.count * 0.5 ** ((now - known.at) / 1000 / _HALF_LIFE_S))


def _delay_s(failures: float) -> float:
    beyond = round(failures) - _FREE
    return 0.0 if beyond < 0 else min(_LONGEST_S, _FIRST_S * 2 ** min(beyond, 16))
