from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from connector.store.sql.store import SqlStore, open_store
from tests.kit.templates import copied


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[SqlStore]:
    store = await open_store(copied(tmp_path / "textdesk.db"))
    yield store
    await store.close()
