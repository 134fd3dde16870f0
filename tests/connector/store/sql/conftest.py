from __future__ import annotations

import pytest

from connector.store.sql.store import SqlStore
from tests.kit.stores import Place


@pytest.fixture
async def store(place: Place) -> SqlStore:
    return await place.open()
