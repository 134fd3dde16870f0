"""Statements that are broken off after a time."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import DBAPIError

from connector.store.sql.engines import engines_for
from connector.store.sql.errors import is_interruption
from connector.store.sql.session import SqlSession
from connector.store.sql.statements import CompiledStatements, scalars

_SLEEP = scalars(select(func.pg_sleep(0.3).label("slept")))


def test_a_time_limit_is_of_what_is_asked_within_it_alone(postgres_url: str) -> None:
    engines = engines_for(postgres_url, 1)
    try:
        with engines.reading.connect() as connection:
            session = SqlSession(connection, CompiledStatements.of(connection.dialect))
            with session.time_limit(0.1):
                assert session.one(scalars(select(func.length("word").label("letters"))), {}) == 4
            session.one(_SLEEP, {})  # the same transaction goes on
            with pytest.raises(DBAPIError) as broken_off, session.time_limit(0.1):
                session.one(_SLEEP, {})
            assert is_interruption(broken_off.value)
    finally:
        engines.dispose()
