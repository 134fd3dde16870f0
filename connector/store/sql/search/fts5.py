"""Terms in SQLite: an FTS5 table that stores them alone, without texts, positions or lengths.

Its tokenizer takes words apart at blanks only. Nothing is needed that SQLite 3.34 does not have.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence

from sqlalchemy import BigInteger, Text, bindparam, column, text
from sqlalchemy.exc import DBAPIError

from connector.domain.search.lookups import Lookup
from connector.store.ports import Raced
from connector.store.sql.search.terms_table import Numbered, index_errors
from connector.store.sql.session import SqlSession, WriteSession
from connector.store.sql.statements import scalars

_TABLE = "search_terms"
# FTS5 makes these beside it; without positions, lengths and texts there are no others.
_PARTS = (_TABLE, f"{_TABLE}_data", f"{_TABLE}_idx", f"{_TABLE}_config")
_CREATE = text(
    f"CREATE VIRTUAL TABLE {_TABLE} USING fts5("
    "terms, content = '', detail = none, columnsize = 0, tokenize = \"ascii tokenchars '#+*@=<_&'\")"
)
# Otherwise joining segments would take a writer's time by itself, now and then much of it.
_JOIN_WHEN_ASKED = text(f"INSERT INTO {_TABLE}({_TABLE}, rank) VALUES ('automerge', 0)")
_DROP = text(f"DROP TABLE IF EXISTS {_TABLE}")
_ADD = text(f"INSERT INTO {_TABLE}(rowid, terms) VALUES (:number, :terms)")
_REMOVE = text(f"INSERT INTO {_TABLE}({_TABLE}, rowid, terms) VALUES ('delete', :number, :terms)")
_MERGE = text(f"INSERT INTO {_TABLE}({_TABLE}, rank) VALUES ('merge', :pages)")
_SAVEPOINT = text("SAVEPOINT search_terms_written")
_RELEASE = text("RELEASE search_terms_written")
_CHANGES = scalars(text("SELECT total_changes() AS count").columns(column("count", BigInteger)))
_COUNT_PARTS = scalars(
    text(f"SELECT count(*) AS count FROM sqlite_master WHERE type = 'table' AND name IN {_PARTS}").columns(
        column("count", BigInteger)
    )
)
_IS_SUPPORTED = scalars(
    text("SELECT count(*) AS count FROM pragma_module_list WHERE name = 'fts5'").columns(column("count", BigInteger))
)
_FIND = scalars(
    text(
        f"SELECT rowid AS number FROM {_TABLE} WHERE {_TABLE} MATCH :query AND rowid < :below"
        " ORDER BY rowid DESC LIMIT :limit"
    )
    .bindparams(bindparam("query", type_=Text))
    .columns(column("number", BigInteger))
)
_PAGES = 16  # written by one step of joining: some milliseconds


class Fts5Terms:
    """See `TermsTable`."""

    def __init__(self) -> None:
        self._cannot_be_dropped = False

    def is_supported(self, session: SqlSession) -> bool:
        return bool(session.one(_IS_SUPPORTED, {}))

    def is_whole(self, session: SqlSession) -> bool:
        return bool(session.one(_COUNT_PARTS, {}) == len(_PARTS))

    def create(self, session: WriteSession) -> None:
        session.execute(_CREATE, {})
        session.execute(_JOIN_WHEN_ASKED, {})

    def drop(self, session: WriteSession) -> None:
        if self._cannot_be_dropped:
            _take_out_of_schema(session)
            self._cannot_be_dropped = False
            return
        try:
            session.execute(_DROP, {})
        except DBAPIError as error:
            # Only a transaction that has not touched it can still be committed: the next one.
            self._cannot_be_dropped = True
            raise Raced from error

    def add(self, session: WriteSession, documents: Sequence[Numbered]) -> None:
        with _written_out(session):
            session.execute_many(_ADD, _rows(documents))

    def remove(self, session: WriteSession, documents: Sequence[Numbered]) -> None:
        with _written_out(session):
            session.execute_many(_REMOVE, _rows(documents))

    def merge(self, session: WriteSession) -> bool:
        return self._merge(session, _PAGES)

    def begin_purge(self, session: WriteSession) -> bool:
        # Negative: all segments become one, which then has no trace of what was removed.
        self._merge(session, -_PAGES)
        return True

    def find(self, session: SqlSession, lookup: Lookup, below: int, limit: int) -> list[int]:
        with index_errors():
            return session.all(_FIND, {"query": _expression(lookup), "below": below, "limit": limit})

    def _merge(self, session: WriteSession, pages: int) -> bool:
        before = session.one(_CHANGES, {})
        with _written_out(session):
            session.execute(_MERGE, {"pages": pages})
        # https://www.sqlite.org/fts5.html#the_merge_command: there was nothing to do
        return bool(session.one(_CHANGES, {}) - before >= 2)


@contextlib.contextmanager
def _written_out(session: WriteSession) -> Iterator[None]:
    """Have FTS5 write what it has gathered in memory at the end of this, as it does before a savepoint: its errors are
    then the index's, and not those of the commit, which is of all who share it."""
    with index_errors():
        yield
        session.execute(_SAVEPOINT, {})
        session.execute(_RELEASE, {})


def _take_out_of_schema(session: WriteSession) -> None:
    """Where it is too damaged to be dropped: its pages stay in the file, and belong to nothing, until that is written
    anew (VACUUM)."""
    for sql in (
        "PRAGMA writable_schema = ON",
        f"DELETE FROM sqlite_master WHERE name IN {_PARTS} OR tbl_name IN {_PARTS}",
        "PRAGMA writable_schema = RESET",
    ):
        session.execute(text(sql), {})


def _rows(documents: Sequence[Numbered]) -> list[dict[str, object]]:
    return [{"number": number, "terms": " ".join(sorted(one.terms))} for number, one in documents]


def _expression(lookup: Lookup) -> str:
    """In FTS5's language. No term has a quote in it."""
    return " AND ".join(
        f"({' OR '.join('(' + ' AND '.join(_quoted(term) for term in terms) + ')' for terms in alternatives)})"
        for alternatives in lookup
    )


def _quoted(term: str) -> str:
    return f'"{term}"'
