from __future__ import annotations

import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from tests.kit.fake_core import FakeCore
from tui.model import notices


@pytest.fixture
def short_path() -> Iterator[Path]:
    """A directory whose name leaves room for a socket's."""
    with tempfile.TemporaryDirectory(prefix="desk") as name:
        yield Path(name)


@pytest.fixture
async def core(short_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[FakeCore]:
    """A fake core. Its desks show a notice for ten minutes: a busy machine may look at the screen late."""
    monkeypatch.setattr(notices, "_OVER_S", {False: 600.0, True: 600.0})
    async with FakeCore(short_path / "core.sock") as core:
        yield core
