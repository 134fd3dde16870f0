"""Calls that are not repeated at once: a bell, a title. What comes soon after one is gathered into the next."""

from __future__ import annotations

import math
import time
from collections.abc import Callable


class Caller:
    """Calls at once after a calm; what is asked for within `apart_s` of a call is one more call at the end of them."""

    def __init__(
        self,
        call: Callable[[], None],
        later: Callable[[float, Callable[[], None]], object],
        apart_s: float,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """`later` calls a function after so many seconds."""
        self._call = call
        self._later = later
        self._apart_s = apart_s
        self._clock = clock
        self._called_at = -math.inf
        self._is_asked = False

    def ask(self) -> None:
        if self._is_asked:
            return
        left_s = self._called_at + self._apart_s - self._clock()
        if left_s <= 0:
            self._call_now()
        else:
            self._is_asked = True
            self._later(left_s, self._call_now)

    def _call_now(self) -> None:
        self._is_asked = False
        self._called_at = self._clock()
        self._call()
