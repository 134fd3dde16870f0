from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.kit import vendors as kit


@pytest.fixture
async def vendors(tmp_path: Path) -> AsyncIterator[kit.Vendors]:
    async with kit.vendors(tmp_path / "vendors") as made:
        yield made
