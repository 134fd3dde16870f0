from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.kit import postgres


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[postgres.Postgres]:
    """Started by the first test that asks for it, stopped at the end of the run."""
    with postgres.running() as server:
        yield server


@pytest.fixture
def postgres_url(postgres_server: postgres.Postgres) -> Iterator[str]:
    """A database of the test's own."""
    with postgres_server.database() as name:
        yield postgres_server.url(name)
