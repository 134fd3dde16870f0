from __future__ import annotations

import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from tests.kit.fake_core import FakeCore


@pytest.fixture
def short_path() -> Iterator[Path]:
    """A directory whose name leaves room for a socket's."""
    with tempfile.TemporaryDirectory(prefix="desk") as name:
        yield Path(name)


@pytest.fixture
async def core(short_path: Path) -> AsyncIterator[FakeCore]:
    async with FakeCore(short_path / "core.sock") as core:
        yield core
