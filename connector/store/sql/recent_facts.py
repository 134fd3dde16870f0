"""A buffer of the facts this core committed last, so that they need not be read back from the database."""

from __future__ import annotations

from collections import deque
from itertools import islice

from connector.store.values import FactRow

_CAPACITY = 500


class RecentFacts:
    """The latest facts without a gap. `is_only_writer`: no other core can commit facts."""

    def __init__(self, is_only_writer: bool) -> None:
        self._is_only_writer = is_only_writer
        self._rows: deque[FactRow] = deque(maxlen=_CAPACITY)

    def add(self, rows: list[FactRow]) -> None:
        """Add the facts of a commit, in order. Positions missing before them are those of other cores."""
        if self._rows and rows and rows[0].position != self._rows[-1].position + 1:
            self._rows.clear()
        self._rows.extend(rows)

    def clear(self) -> None:
        """Facts were replaced in the database."""
        self._rows.clear()

    def after(self, position: int, limit: int) -> list[FactRow] | None:
        """The next facts after this position; None when they must be read from the database."""
        first = position + 1 - self._rows[0].position if self._rows else -1
        if not 0 <= first <= len(self._rows):
            return None
        rows = list(islice(self._rows, first, first + limit))
        return rows if rows or self._is_only_writer else None
