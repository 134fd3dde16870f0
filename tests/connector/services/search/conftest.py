from __future__ import annotations

import pytest

from connector.store.sql.store import SqlStore
from tests.kit.stores import Place


@pytest.fixture
async def store(place: Place) -> SqlStore:
    """On either engine, as what is found is to be the same."""
    return await place.open()
