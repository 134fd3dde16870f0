from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from tests.kit import postgres
from tests.kit.stores import Place


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


@pytest.fixture(params=["sqlite", "postgresql"])
async def place(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Place]:
    """An empty database, once on each engine."""
    on_sqlite = request.param == "sqlite"
    place = Place(tmp_path / "textdesk.db" if on_sqlite else request.getfixturevalue("postgres_url"))
    yield place
    await place.close()
