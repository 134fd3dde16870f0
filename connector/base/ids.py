"""Unique ids that sort in the order they were given."""

from __future__ import annotations

import os
import random
import re
import threading

from connector.base.clock import Clock

# Crockford's base 32: no I, L, O or U, so an id can be read out over the phone.
_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_PAIRS = [first + second for first in _ALPHABET for second in _ALPHABET]
_RANDOM_BITS = 80
_TIME_LENGTH = 10
_POOL_BYTES = 4096
_MOST_TAIL = (1 << _RANDOM_BITS) - 1
LENGTH = 26
_ULID = re.compile(f"[0-7][{_ALPHABET}]{{{LENGTH - 1}}}")


class Ids:
    """Generator of ULIDs (github.com/ulid/spec): 48 bits of milliseconds, then 80 bits that grow within a millisecond.

    Ids of one generator sort in the order they were made, also when the clock stands still or is set back, and
    whichever threads ask for them. `follow` continues this order after other generators (a hybrid logical clock:
    Kulkarni et al., Logical Physical Clocks, 2014): the store has the highest id given by any core at any time.
    """

    def __init__(self, clock: Clock, chance: random.Random | None = None) -> None:
        """`chance`: a seeded source, for simulations; None: the system's."""
        self._clock = clock
        self._chance = chance
        self._pool = b""
        self._lock = threading.Lock()
        self._process = os.getpid()
        self._last_at = 0
        self._start = ""  # what ids of this millisecond begin with
        self._tail = 0
        self.latest = ""  # the highest id made or followed

    def new(self) -> str:
        with self._lock:
            at = self._clock.now()
            if at > self._last_at or not self._start or self._process != os.getpid():
                self._begin(max(at, self._last_at))
            elif self._tail < _MOST_TAIL:
                self._tail += 1
            else:
                self._begin(self._last_at + 1)
            tail = self._tail
            self.latest = self._start + _letters(tail >> 40) + _letters(tail & 0xFF_FFFF_FFFF)
            return self.latest

    def follow(self, earlier: str) -> None:
        """Make all further ids higher than this one. What is no ULID is none that can be followed."""
        if earlier <= self.latest or _ULID.fullmatch(earlier) is None:
            return
        with self._lock:
            if earlier > self.latest:
                value = _decode(earlier)
                self._last_at, self._tail = value >> _RANDOM_BITS, value & _MOST_TAIL
                self._start, self.latest = earlier[:_TIME_LENGTH], earlier

    def secret(self) -> str:
        """26 unguessable characters: 130 random bits."""
        chance = self._chance or random.SystemRandom()
        return "".join(chance.choice(_ALPHABET) for _ in range(LENGTH))

    def _begin(self, at: int) -> None:
        """Begin a millisecond, or go on in a forked process, which must not make the ids of its parent."""
        if self._process != os.getpid():
            self._process, self._pool = os.getpid(), b""
        self._last_at = at
        self._start = encode(at << _RANDOM_BITS)[:_TIME_LENGTH]
        # One bit less than there is room for, so that counting up does not overflow.
        if self._chance is not None:
            self._tail = self._chance.getrandbits(_RANDOM_BITS - 1)
        else:
            self._tail = int.from_bytes(self._random(_RANDOM_BITS // 8), "big") >> 1

    def _random(self, count: int) -> bytes:
        """Random bytes of the system, fetched many at a time: each fetch is a system call that gives up the GIL."""
        if len(self._pool) < count:
            self._pool = os.urandom(_POOL_BYTES)
        taken, self._pool = self._pool[:count], self._pool[count:]
        return taken


def encode(value: int) -> str:
    """128 bits as 26 characters of base 32."""
    return "".join([_PAIRS[(value >> shift) & 1023] for shift in range(120, -1, -10)])


def _decode(ulid: str) -> int:
    value = 0
    for letter in ulid:
        value = value << 5 | _ALPHABET.index(letter)
    return value


def _letters(value: int) -> str:
    """40 bits as 8 characters of base 32."""
    return _PAIRS[value >> 30] + _PAIRS[value >> 20 & 1023] + _PAIRS[value >> 10 & 1023] + _PAIRS[value & 1023]
