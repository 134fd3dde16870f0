"""Terms in PostgreSQL: a tsvector of each message with a GIN index.

GIN knows no order: it would read all that has a frequent word for the latest fifty. So the latest messages are looked
through as they stand, which finds what is frequent; and what is not, in spans that each message's terms name, too.
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
_LOOKED_UP = _numbers("terms @@ CAST(:query AS tsquery) LIMIT :limit")

_LAST = scalars(text(f"SELECT coalesce(max(number), 0) AS number FROM {_TABLE}").columns(column("number", BigInteger)))

_NEAR = 8192  # messages that are looked through
_SPAN_BITS = 16
_SPANS_AT_ONCE = 8
_MANY = 600  # found in some spans: they are rather looked at one by one


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
        rows = [
            {"number": number, "terms": [*sorted(one.terms), _span(number >> _SPAN_BITS)]} for number, one in documents
        ]
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


def _find(session: SqlSession, query: str, below: int, limit: int) -> list[int]:
    below = min(below, session.one(_LAST, {}) + 1)
    above = max(below - _NEAR, 0)
    found = _look_through(session, query, above, below, limit)
    span = (above - 1) >> _SPAN_BITS
    while len(found) < limit and span >= 0:
        spans = range(span, max(span - _SPANS_AT_ONCE, -1), -1)
        some = _look_up(session, query, spans)
        if len(some) < _MANY:
            found += sorted((one for one in some if one < above), reverse=True)
        else:
            for one in spans:
                found += _in_span(session, query, one, above, limit)
                if len(found) >= limit:
                    break
        span -= _SPANS_AT_ONCE
    return found[:limit]


def _in_span(session: SqlSession, query: str, span: int, below: int, limit: int) -> list[int]:
    some = _look_up(session, query, [span])
    if len(some) < _MANY:
        return sorted((one for one in some if one < below), reverse=True)
    return _look_through(session, query, span << _SPAN_BITS, min(below, (span + 1) << _SPAN_BITS), limit)


def _look_through(session: SqlSession, query: str, above: int, below: int, limit: int) -> list[int]:
    return session.all(_LOOKED_THROUGH, {"query": query, "above": above, "below": below, "limit": limit})


def _look_up(session: SqlSession, query: str, spans: Sequence[int]) -> list[int]:
    within = " | ".join(_quoted(_span(one)) for one in spans)
    return session.all(_LOOKED_UP, {"query": f"({query}) & ({within})", "limit": _MANY})


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
