"""The time limit of statements."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import DBAPIError

from connector.store.sql.engines import engines_for
from connector.store.sql.errors import is_interruption
from connector.store.sql.session import SqlSession
from connector.store.sql.statements import CompiledStatements, scalars

_LIMIT = scalars(select(func.current_setting("statement_timeout").label("limit")))
_MINUTE = scalars(select(func.pg_sleep(60).label("slept")))


def test_a_time_limit_is_of_what_is_asked_within_it_alone(postgres_url: str) -> None:
    engines = engines_for(postgres_url, 1)
    try:
        with engines.reading.connect() as connection:
            session = SqlSession(connection, CompiledStatements.of(connection.dialect))
            usual = session.one(_LIMIT, {})
            with session.time_limit(30):
                assert session.one(_LIMIT, {}) == "30s" != usual
            assert session.one(_LIMIT, {}) == usual, "the same transaction goes on"
            with pytest.raises(DBAPIError) as broken_off, session.time_limit(0.1):
                session.one(_MINUTE, {})
            assert is_interruption(broken_off.value)
    finally:
        engines.dispose()
