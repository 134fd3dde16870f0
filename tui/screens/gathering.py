"""When what has arrived is drawn: at once after a calm, and a few times a second while more keeps coming.

While keys come it is drawn right behind one of them, when the next is furthest away.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable

from tui.model.state import Model

_LEAST_S, _MOST_S = 0.05, 0.1  # between two drawings; while keys come


class Gathering:
    """`later` calls a function after so many seconds."""

    def __init__(
        self,
        draw: Callable[[], None],
        later: Callable[[float, Callable[[], None]], object],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._draw = draw
        self._later = later
        self._clock = clock
        self._drawn_at = self._key_at = -math.inf
        self._since: float | None = None  # when the first arrived that is not drawn yet

    def arrived(self, *, is_awaited: bool = False) -> None:
        """Something has; what the agent waits for is drawn at once."""
        now = self._clock()
        if is_awaited or (self._since is None and now - self._drawn_at >= _LEAST_S):
            self._draw_all()
        elif self._since is None:
            self._since = now
            self._later(self._drawn_at + _LEAST_S - now, self._draw_due)

    def begun(self) -> None:
        """The first part of something has arrived: it is drawn with the rest, or after 50 ms."""
        if self._since is None:
            self._since = self._clock()
            self._later(_LEAST_S, self._draw_due)

    def key_drawn(self) -> None:
        """What a key has done is on the screen."""
        self._key_at = self._clock()
        if self._since is not None:
            self._draw_all()

    def _draw_due(self) -> None:
        if self._since is None:
            return
        now = self._clock()
        if (left_s := self._drawn_at + _LEAST_S - now) > 0 or (
            now - self._key_at < _MOST_S and (left_s := self._since + _MOST_S - now) > 0
        ):
            self._later(left_s, self._draw_due)
        else:
            self._draw_all()

    def _draw_all(self) -> None:
        self._since = None
        self._draw()
        self._drawn_at = self._clock()


def is_awaited(before: Model, after: Model) -> bool:
    """The agent waits for what has arrived; or the text that the next letter belongs to is another one from now on."""
    if after.search is not before.search:
        return True
    if after.shown != before.shown or after.compose.drafts is not before.compose.drafts:
        return True
    was_loading = before.transcript is not None and before.transcript.is_loading
    return was_loading and after.transcript is not None and not after.transcript.is_loading
