from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.connector.lab.harness import RecordingCore, Simulator, recording_core, simulator


@pytest.fixture
async def core() -> AsyncIterator[RecordingCore]:
    async with recording_core() as core:
        yield core


@pytest.fixture
async def sim(core: RecordingCore, tmp_path: Path) -> AsyncIterator[Simulator]:
    async with simulator(tmp_path, core) as sim:
        yield sim
