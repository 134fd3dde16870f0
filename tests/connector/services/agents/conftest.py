from __future__ import annotations

import pytest

from tests.kit.stores import Place
from tests.kit.use_cases import Office


@pytest.fixture
async def office(place: Place) -> Office:
    """On each engine."""
    return Office(await place.open())
