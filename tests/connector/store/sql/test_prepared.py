from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
import pytest
from msgspec import Struct
from msgspec.structs import asdict
from sqlalchemy import Table, bindparam, insert, select
from sqlalchemy.exc import DBAPIError

from connector.domain.media import Media
from connector.domain.message import Part
from connector.store.sql import tables
from connector.store.sql.connection import WriteConnection
from connector.store.sql.engines import engines_for
from tests.kit.stores import Place, agent, attempt, consent, conversation, fact, hook, message, receipt, work

ODD = "a\0b \ud83d 'quoted' %s :name ? 😀"
ROWS: list[tuple[Table, Struct, dict[str, Any]]] = [
    (tables.messages, message(text=ODD, part=Part(7, 1, 2), media=(Media("https://a/1", "image/png"),)), {}),
    (tables.messages, message(id="M2", ref=None, is_recovered=True), {}),
    (tables.hooks, hook(headers={"A": ODD}, body=bytes(range(256)), reason=ODD), {}),
    (tables.agents, agent(skills=("orders", "returns")), {}),
    (tables.conversations, conversation(agent=None, waiting_since=None, reason=ODD), {}),
    (tables.consent, consent(evidence=ODD), {}),
    (tables.attempts, attempt(), {}),
    (tables.receipts, receipt(), {"key": b"\0\1"}),
    (tables.work, work(), {"node": None, "ready_at": 2**62, "since": 2**62}),
    (tables.facts, fact(body=b"\0%s"), {"position": 2**40}),
]


@contextmanager
def writing(place: Place) -> Iterator[WriteConnection]:
    engines = engines_for(place.where, 1)
    with engines.writing.connect() as connection, connection.begin():
        unit = WriteConnection(connection)
        unit.begin()
        yield unit
    engines.dispose()


@pytest.mark.usefixtures("store")
def test_values_go_in_and_come_out_as_with_sqlalchemy(place: Place) -> None:
    with writing(place) as unit:
        for table, row, more in ROWS:
            values = asdict(row) | more
            unit.run(insert(table), values)
            everything, limit = select(table).limit(bindparam("most")), {"most": 5}
            found = [tuple(each) for each in unit.rows(everything, limit)]
            assert found == [tuple(each) for each in unit.connection.execute(everything, limit)]
            assert any(values.items() <= dict(zip(table.c.keys(), each, strict=True)).items() for each in found)


@pytest.mark.usefixtures("store")
def test_a_failure_is_sqlalchemys_and_says_nothing_of_the_values(place: Place) -> None:
    with pytest.raises(DBAPIError) as raised, writing(place) as unit:
        values = asdict(message(text="a secret"))
        unit.run_many(insert(tables.messages), [values, values])
    assert isinstance(raised.value.orig, sqlite3.IntegrityError | psycopg.IntegrityError)
    assert "secret" not in str(raised.value)


@pytest.mark.usefixtures("store")
def test_a_value_that_is_missing_is_not_taken_for_nothing(place: Place) -> None:
    with writing(place) as unit:
        add = insert(tables.marks)
        unit.run(add, {"name": "a", "at": 1})
        with pytest.raises(KeyError):
            unit.run(add, {"name": "b"})
