from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
import pytest
from msgspec import Struct
from msgspec.structs import asdict
from sqlalchemy import Column, MetaData, Table, bindparam, insert, select, update
from sqlalchemy.exc import DBAPIError

from connector.domain.agent import PresenceSpan
from connector.domain.media import Media
from connector.domain.message import Part
from connector.store.sql import tables
from connector.store.sql.engines import engines_for
from connector.store.sql.session import WriteSession
from connector.store.sql.statements import scalars, structs, tuples
from tests.kit.stores import (
    NOW,
    Place,
    agent,
    attempt,
    consent,
    conversation,
    desk,
    fact,
    hook,
    message,
    receipt,
    upload,
    work,
)

ODD = "a\0b \ud83d 'quoted' %s :name ? 😀"
ROWS: list[tuple[Table, Struct, dict[str, Any]]] = [
    (tables.messages.messages, message(text=ODD, part=Part(7, 1, 2), media=(Media("https://a/1", "image/png"),)), {}),
    (tables.messages.messages, message(id="M2", ref=None, is_recovered=True), {}),
    (tables.hooks.hooks, hook(headers={"A": ODD}, body=bytes(range(256)), reason=ODD), {}),
    (tables.staff.agents, agent(skills=("orders", "returns")), {}),
    (tables.conversations.conversations, conversation(agent=None, waiting_since=None, reason=ODD), {}),
    (tables.consent.consent, consent(evidence=ODD), {}),
    (tables.messages.attempts, attempt(), {}),
    (tables.messages.receipts, receipt(), {"key": b"\0\1"}),
    (tables.work.work, work(), {"node": None, "ready_at": 2**62, "since": 2**62}),
    (tables.facts.facts, fact(body=b"\0%s"), {"position": 2**40}),
    (tables.staff.presence_spans, PresenceSpan("ann", "away", ODD, NOW, NOW + 1), {}),
    (tables.staff.desks, desk(), {}),
    (tables.messages.uploads, upload(), {}),
]


@contextmanager
def writing(place: Place) -> Iterator[WriteSession]:
    engines = engines_for(place.where, 1)
    with engines.writing.connect() as connection, connection.begin():
        session = WriteSession(connection)
        session.begin()
        yield session
    engines.dispose()


@pytest.mark.usefixtures("store")
def test_rows_are_written_and_read_as_by_sqlalchemy(place: Place) -> None:
    with writing(place) as session:
        for table, row, more in ROWS:
            values = asdict(row) | more
            assert session.execute(insert(table), values) == 1
            everything, limit = select(table).limit(bindparam("limit")), {"limit": 5}
            found = session.all(tuples(everything), limit)
            assert found == [tuple(each) for each in session.connection.execute(everything, limit)]
            assert any(values.items() <= dict(zip(table.c.keys(), each, strict=True)).items() for each in found)


def reordered(table: Table) -> Table:
    """The same table, declared with its columns the other way round."""
    return Table(table.name, MetaData(), *(Column(column.name, column.type) for column in reversed(table.columns)))


@pytest.mark.usefixtures("store")
def test_the_order_of_columns_does_not_change_what_is_read(place: Place) -> None:
    with writing(place) as session:
        for table, row, more in ROWS:
            session.execute(insert(table), asdict(row) | more)
            other = reordered(table)
            rotated = [*table.columns[3:], *table.columns[:3]]
            for statement in (select(table), select(other), select(*rotated)):
                assert row in session.all(structs(type(row), statement), {})
        returning = update(reordered(tables.work.work)).values(tries=4).returning(*reversed(tables.work.work.columns))
        assert session.one(structs(type(work()), returning), {}) == work(tries=4)


@pytest.mark.usefixtures("store")
def test_a_field_without_a_column_of_its_own_is_refused(place: Place) -> None:
    desks = tables.staff.desks
    with writing(place) as session:
        for columns in ([desks.c.id, desks.c.agent, desks.c.node], [*desks.c, desks.c.id.label("node")]):
            with pytest.raises(LookupError, match=r"lease_until|node"):
                session.all(structs(type(desk()), select(*columns)), {})


@pytest.mark.usefixtures("store")
def test_first_and_one(place: Place) -> None:
    nodes = scalars(select(tables.staff.desks.c.node).order_by(tables.staff.desks.c.id))
    with writing(place) as session:
        assert session.first(nodes, {}) is None
        with pytest.raises(ValueError, match="unpack"):
            session.one(nodes, {})
        for number in range(1_001):
            session.execute(insert(tables.staff.desks), asdict(desk(id=f"{number:04}", node=f"n{number}")))
        assert session.first(nodes, {}) == "n0"
        assert session.all(nodes, {}) == [f"n{number}" for number in range(1_001)]


@pytest.mark.usefixtures("store")
def test_an_error_is_sqlalchemys_and_contains_no_values(place: Place) -> None:
    with pytest.raises(DBAPIError) as raised, writing(place) as session:
        values = asdict(message(text="a secret"))
        session.execute_many(insert(tables.messages.messages), [values, values])
    assert isinstance(raised.value.orig, sqlite3.IntegrityError | psycopg.IntegrityError)
    assert "secret" not in str(raised.value)


@pytest.mark.usefixtures("store")
def test_a_missing_value_is_not_taken_for_null(place: Place) -> None:
    with writing(place) as session:
        add = insert(tables.accounts.marks)
        session.execute(add, {"name": "a", "at": 1})
        with pytest.raises(KeyError):
            session.execute(add, {"name": "b"})
