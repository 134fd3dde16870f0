"""Terms in PostgreSQL: a tsvector of each message with a GIN index.

GIN knows no order: it would read all that has a frequent word for the latest fifty. So the latest messages are looked
through as they stand, which finds what is frequent; what is less so is looked up in one span after another, which each
message's terms name, too; and what is rare is looked up once.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import BigInteger, Boolean, bindparam, column, text

from connector.domain.search.lookups import Lookup
from connector.store.sql.search.terms_table import Numbered, index_errors
from connector.store.sql.session import SqlSession, WriteSession
from connector.store.sql.statements import RowQuery, scalars

_TABLE = "search_terms"
_INDEX = "search_terms_by_term"
_CREATE = (
    f"CREATE TABLE {_TABLE} (number bigint PRIMARY KEY, terms tsvector NOT NULL)",
    # A larger list of what is not in the index yet would be read by every question.
    f"CREATE INDEX {_INDEX} ON {_TABLE} USING gin (terms) WITH (gin_pending_list_limit = 256)",
)
_DROP = text(f"DROP TABLE IF EXISTS {_TABLE}")
_ADD = text(f"INSERT INTO {_TABLE} (number, terms) VALUES (:number, array_to_tsvector(CAST(:terms AS text[])))")
_REMOVE = text(f"DELETE FROM {_TABLE} WHERE number = :number")
_IS_WHOLE = scalars(
    text(
        f"SELECT to_regclass('{_TABLE}') IS NOT NULL AND EXISTS (SELECT FROM pg_index"
        f" WHERE indexrelid = to_regclass('{_INDEX}') AND indisvalid) AS is_whole"
    ).columns(column("is_whole", Boolean))
)


def _numbers(condition: str) -> RowQuery[int]:
    sql = f"SELECT number FROM {_TABLE} WHERE {condition}"
    return scalars(text(sql).bindparams(bindparam("limit", type_=BigInteger)).columns(column("number", BigInteger)))


# By a function, which no index is used for, in the order of the other one.
_LOOKED_THROUGH = _numbers(
    "number < :below AND number >= :above AND ts_match_vq(terms, CAST(:query AS tsquery))"
    " ORDER BY number DESC LIMIT :limit"
)
# `number + 0`: an index of numbers would be used otherwise, where few are to be found.
_LOOKED_UP = _numbers("terms @@ CAST(:query AS tsquery) AND number + 0 < :below LIMIT :limit")
# Two conditions, not one of both: then GIN goes on in each of them from where the other one is.
_IN_SPAN = _numbers(
    "terms @@ CAST(:query AS tsquery) AND terms @@ CAST(:span AS tsquery) AND number + 0 < :below LIMIT :limit"
)

_NEAR = 1024  # messages that are looked through
_SPAN = 65_536
_RARE = 1000  # found in all: they are looked up at once
_MANY = 4000  # found in a span: they are rather looked at one by one


class TsvectorTerms:
    """See `TermsTable`."""

    def is_supported(self, session: SqlSession) -> bool:
        return True

    def is_whole(self, session: SqlSession) -> bool:
        return bool(session.one(_IS_WHOLE, {}))

    def create(self, session: WriteSession) -> None:
        for sql in _CREATE:
            session.execute(text(sql), {})

    def drop(self, session: WriteSession) -> None:
        session.execute(_DROP, {})

    def add(self, session: WriteSession, documents: Sequence[Numbered]) -> None:
        rows = [{"number": number, "terms": [*sorted(one.terms), _span(number // _SPAN)]} for number, one in documents]
        with index_errors():
            session.execute_many(_ADD, rows)

    def remove(self, session: WriteSession, documents: Sequence[Numbered]) -> None:
        with index_errors():
            session.execute_many(_REMOVE, [{"number": number} for number, _ in documents])

    def merge(self, session: WriteSession) -> bool:
        return False  # autovacuum does

    def begin_purge(self, session: WriteSession) -> bool:
        return False  # VACUUM does

    def find(self, session: SqlSession, lookup: Lookup, below: int, limit: int) -> list[int]:
        with index_errors():
            return _find(session, _expression(lookup), below, limit)


def _find(session: SqlSession, query: str, first: int, limit: int) -> list[int]:
    above = max(first - _NEAR, 0)
    found = _look_through(session, query, above, first, limit)
    while above and len(found) < limit and _is_frequent(len(found), first - above, limit):
        further = (limit - len(found)) * (first - above) // len(found) + _NEAR
        below, above = above, max(above - further, 0)
        found += _look_through(session, query, above, below, limit - len(found))
    may_be_rare = True
    while above and len(found) < limit:
        looked_at = first - above
        if may_be_rare and looked_at > _SPAN // 2 and len(found) * above <= _RARE * looked_at:
            rest = session.all(_LOOKED_UP, {"query": query, "below": above, "limit": _MANY})
            if len(rest) < _MANY:
                return [*found, *sorted(rest, reverse=True)][:limit]
            may_be_rare = False
        span = (above - 1) // _SPAN
        found += _in_span(session, query, span, above, limit)
        above = span * _SPAN
    return found[:limit]


def _is_frequent(found: int, looked_at: int, limit: int) -> bool:
    """Whether looking through finds so many sooner than looking up all that a span has, which takes some three times as
    long for each."""
    return found * found * 3 * _SPAN >= limit * looked_at * looked_at


def _in_span(session: SqlSession, query: str, span: int, below: int, limit: int) -> list[int]:
    values = {"query": query, "span": _quoted(_span(span)), "below": below, "limit": _MANY}
    found = session.all(_IN_SPAN, values)
    if len(found) < _MANY:
        return sorted(found, reverse=True)
    return _look_through(session, query, span * _SPAN, below, limit)


def _look_through(session: SqlSession, query: str, above: int, below: int, limit: int) -> list[int]:
    return session.all(_LOOKED_THROUGH, {"query": query, "above": above, "below": below, "limit": limit})


def _span(span: int) -> str:
    return f"~{span}"


def _expression(lookup: Lookup) -> str:
    """As a tsquery in text form. No term has a quote or backslash in it."""
    return " & ".join(
        f"({' | '.join('(' + ' & '.join(_quoted(term) for term in terms) + ')' for terms in alternatives)})"
        for alternatives in lookup
    )


def _quoted(term: str) -> str:
    return f"'{term}'"
