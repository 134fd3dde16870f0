from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from connector.store.sql.store import SqlStore
from tests.kit.postgres import Postgres
from tests.kit.stores import Place


@pytest.fixture
async def store(place: Place) -> SqlStore:
    return await place.open()


@pytest.fixture(params=["sqlite", "postgresql"])
async def empty_place(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Place]:
    """A database with nothing in it, once on each engine."""
    with ExitStack() as stack:
        where: str | Path = tmp_path / "textdesk.db"
        if request.param == "postgresql":
            server: Postgres = request.getfixturevalue("postgres_server")
            where = server.url(stack.enter_context(server.database()))
        place = Place(where)
        yield place
        await place.close()
