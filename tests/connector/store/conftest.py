from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from connector.store.sql import SqlStore
from tests.kit.stores import Place


@pytest.fixture(params=["sqlite", "postgresql"])
async def place(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Place]:
    """An empty database, once on each engine."""
    on_sqlite = request.param == "sqlite"
    place = Place(tmp_path / "textdesk.db" if on_sqlite else request.getfixturevalue("postgres_url"))
    yield place
    await place.close()


@pytest.fixture
async def store(place: Place) -> SqlStore:
    return await place.open()
