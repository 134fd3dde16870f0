"""The terms of each message, in the engine's own full-text index. It is no table of the schema: it may be missing, be
damaged or be made anew at any time.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from typing import Protocol

from sqlalchemy.exc import DBAPIError

from connector.domain.search.documents import Document
from connector.domain.search.lookups import Lookup
from connector.store.search import IndexDamaged, TookTooLong
from connector.store.sql.errors import is_index_damage, is_interruption
from connector.store.sql.session import SqlSession, WriteSession

Numbered = tuple[int, Document]


class TermsTable(Protocol):
    """What the two engines do in their own ways. All but `is_whole`, `drop` and `empty` may raise IndexDamaged."""

    def is_supported(self, session: SqlSession) -> bool: ...

    def is_whole(self, session: SqlSession) -> bool:
        """Whether all that belongs to it is there; nothing in it is looked at."""
        ...

    def create(self, session: WriteSession) -> None: ...

    def drop(self, session: WriteSession) -> None:
        """Also when it is damaged, or not there."""

    def add(self, session: WriteSession, documents: Sequence[Numbered]) -> None: ...

    def remove(self, session: WriteSession, documents: Sequence[Numbered]) -> None: ...

    def merge(self, session: WriteSession) -> bool:
        """See `SearchIndex.merge`."""
        ...

    def begin_purge(self, session: WriteSession) -> bool:
        """Whether there is anything to purge, which `merge` then does."""
        ...

    def find(self, session: SqlSession, lookup: Lookup, below: int, limit: int) -> list[int]:
        """See `SearchReading.find`; there is something to look up."""
        ...


@contextlib.contextmanager
def index_errors() -> Iterator[None]:
    """Errors of statements that touch nothing but the index, as what they say of it."""
    try:
        yield
    except DBAPIError as error:
        if is_interruption(error):
            raise TookTooLong from error
        if is_index_damage(error):
            raise IndexDamaged from error
        raise
