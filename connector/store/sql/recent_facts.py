"""The facts this core has just committed, kept for those who follow, so that they need not read them back."""

from __future__ import annotations

from collections import deque
from itertools import islice

from connector.store.values import FactRow

_KEPT = 500


class RecentFacts:
    """The latest facts without a gap. `is_alone`: no other core can commit facts."""

    def __init__(self, is_alone: bool) -> None:
        self._is_alone = is_alone
        self._rows: deque[FactRow] = deque(maxlen=_KEPT)

    def add(self, rows: list[FactRow]) -> None:
        """Committed just now, in order; what is missing before them is another core's."""
        if self._rows and rows and rows[0].position != self._rows[-1].position + 1:
            self._rows.clear()
        self._rows.extend(rows)

    def after(self, position: int, limit: int) -> list[FactRow] | None:
        """The next facts after this position; None when only the database knows."""
        first = position + 1 - self._rows[0].position if self._rows else -1
        if not 0 <= first <= len(self._rows):
            return None
        rows = list(islice(self._rows, first, first + limit))
        return rows if rows or self._is_alone else None
