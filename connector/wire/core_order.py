"""The order in which the cores of one database are tried."""

from __future__ import annotations

from collections.abc import Sequence


class CoreOrder:
    """`urls` as given; one that was reached and refused the desk comes after the others until one lets it in."""

    def __init__(self, urls: Sequence[str]) -> None:
        self._urls = tuple(urls)
        self._behind: set[str] = set()

    def next(self) -> list[str]:
        """The order for another connection."""
        return sorted(self._urls, key=lambda url: url in self._behind)

    def reached(self, url: str) -> None:
        """It has a connection, and says nothing yet."""
        self._behind.add(url)

    @property
    def has_silent(self) -> bool:
        """Whether a core was reached that did not let us in."""
        return bool(self._behind)

    def welcomed(self) -> None:
        """One has let us in: the next connection begins with the first again."""
        self._behind.clear()
