"""Facts and their positions in SQL."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from msgspec.structs import asdict
from sqlalchemy import (
    BigInteger,
    bindparam,
    case,
    column,
    delete,
    func,
    insert,
    literal_column,
    select,
    text,
    update,
)

from connector.store.sql.session import WriteSession
from connector.store.sql.statements import RowQuery, scalars, tuples
from connector.store.sql.tables.facts import facts as table
from connector.store.sql.tables.facts import stream
from connector.store.values import Cutoffs, Fact, FactRow

# PostgreSQL's, of the moment it runs, not of the transaction's beginning.
SERVER_TIME = scalars(
    text("SELECT (extract(epoch FROM clock_timestamp()) * 1000)::bigint AS at").columns(column("at", BigInteger))
)
POSITION = scalars(select(stream.c.position))
_LATEST_ID = scalars(select(stream.c.latest_id))
FLOOR = scalars(select(stream.c.floor))
AFTER = RowQuery(
    select(table).where(table.c.position > bindparam("after")).order_by(table.c.position).limit(bindparam("limit")),
    ("position", *Fact.__struct_fields__),
    lambda position, *fact: FactRow(position, Fact(*fact)),
)
_ADD = insert(table)
_ADVANCE = scalars(
    update(stream)
    .values(
        position=stream.c.position + bindparam("added"),
        floor=case((stream.c.floor < bindparam("dropped"), bindparam("dropped")), else_=stream.c.floor),
        latest_id=case((stream.c.latest_id < bindparam("given"), bindparam("given")), else_=stream.c.latest_id),
    )
    .returning(stream.c.position)
)
# Clocks of several cores differ a little, so times do not quite follow positions: the facts before the first that is
# young enough go, and what is left has no hole.
_first = select(table.c.position, table.c.at).order_by(table.c.position).limit(bindparam("limit")).subquery()
_first_to_stay = (
    select(func.min(_first.c.position))
    .where(_first.c.at >= bindparam("before"), _first.c.at <= bindparam("until_at"))
    .scalar_subquery()
)
_TO_GO = tuples(
    select(func.count().label("count"), func.max(_first.c.position).label("last")).where(
        _first.c.position < func.coalesce(_first_to_stay, literal_column("9223372036854775807"))
    )
)
_PURGE = delete(table).where(table.c.position <= bindparam("last"))


def flush(session: WriteSession) -> list[FactRow]:
    """Write the collected facts under the next positions.

    The order of positions is the order of commits: writers wait for one another on either engine (see
    `WriteSession.begin`), so the next transaction reads the counter only once this one is visible.
    """
    facts = session.facts
    if not facts and not session.floor and not session.given_id:
        return []
    values = {"added": len(facts), "dropped": session.floor, "given": session.given_id}
    latest: int = session.one(_ADVANCE, values)
    rows = [FactRow(position, fact) for position, fact in enumerate(facts, latest - len(facts) + 1)]
    if rows:
        session.execute_many(_ADD, [_values(row.position, row.fact) for row in rows])
    return rows


def latest_id(session: WriteSession) -> str:
    """See `ports.Transaction.latest_id`."""
    if session.cache.latest_id is None:
        session.cache.latest_id = session.one(_LATEST_ID, {})
    return session.cache.latest_id


def set_latest_id(session: WriteSession, given: str) -> None:
    if given > latest_id(session):
        session.cache.latest_id = session.given_id = given


def _values(position: int, fact: Fact) -> dict[str, Any]:
    return {"position": position, **asdict(fact)}


def purge(session: WriteSession, cutoffs: Cutoffs, limit: int) -> bool:
    """Delete the first facts that are too old, and raise the floor when the transaction ends; whether more are left."""
    values = {"before": cutoffs.facts_before, "until_at": cutoffs.facts_after, "limit": limit}
    count, last = session.one(_TO_GO, values)
    if count:
        session.execute(_PURGE, {"last": last})
        session.floor = max(session.floor, last)
    return bool(count == limit)


class SqlFacts:
    def __init__(self, session: WriteSession) -> None:
        self._session = session

    def append(self, facts: Iterable[Fact]) -> None:
        self._session.facts.extend(facts)
