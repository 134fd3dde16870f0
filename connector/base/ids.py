"""Unique ids that sort by creation time."""

from __future__ import annotations

import random

from connector.base.clock import Clock

# Crockford's base 32: no I, L, O or U, so an id can be read out over the phone.
_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_RANDOM_BITS = 80
LENGTH = 26


class Ids:
    """Generator of ULIDs (github.com/ulid/spec): 48 bits of milliseconds, then 80 bits that grow within a millisecond.

    Ids of one generator sort in the order they were made, also when the clock stands still or is set back.
    """

    def __init__(self, clock: Clock, chance: random.Random | None = None) -> None:
        self._clock = clock
        self._chance = chance or random.SystemRandom()
        self._last_at = 0
        self._tail = 0

    def new(self) -> str:
        at = self._clock.now()
        if at > self._last_at:
            self._last_at = at
            self._tail = self._chance.getrandbits(_RANDOM_BITS - 1)
        else:
            self._tail += 1
        return encode((self._last_at << _RANDOM_BITS) | self._tail)

    def secret(self) -> str:
        """26 unguessable characters: 130 random bits."""
        return "".join(self._chance.choice(_ALPHABET) for _ in range(LENGTH))


def encode(value: int) -> str:
    """128 bits as 26 characters of base 32."""
    return "".join(_ALPHABET[(value >> shift) & 31] for shift in range(125, -1, -5))
