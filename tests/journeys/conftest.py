from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.kit.running import Town
from tests.kit.running import town as running_town
from tests.kit.staff import STAFF


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Each journey starts whole processes."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.slow)


@pytest.fixture
async def town(tmp_path: Path) -> AsyncIterator[Town]:
    """A core process with simulated Twilio ("main") and OpenMarket ("short") accounts."""
    async with running_town(tmp_path / "town") as made:
        yield made


@pytest.fixture
async def floor(tmp_path: Path) -> AsyncIterator[Town]:
    """The same with the agents of `tests.kit.staff`."""
    async with running_town(tmp_path / "town", more=STAFF) as made:
        yield made
