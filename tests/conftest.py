from __future__ import annotations

import gc
import os
import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from tests.kit import environment, postgres
from tests.kit.rounds import load_profile
from tests.kit.stores import Place
from tests.kit.templates import copied

environment.prepare()
load_profile()
gc.disable()  # while the tests are collected: modules, which stay


def pytest_xdist_auto_num_workers(config: pytest.Config) -> int:
    """More than there are cores, as some tests wait for other processes; none for the files that were named."""
    if config.args_source is pytest.Config.ArgsSource.ARGS:
        return 0
    return max(2, (os.cpu_count() or 1) * 3 // 2)


@pytest.hookimpl(trylast=True)
def pytest_collection_finish() -> None:
    """Exclude modules and tests from every later search for garbage: a twelfth of the processor time of a run."""
    gc.collect()
    gc.freeze()
    gc.enable()


@pytest.fixture
def tmp_path(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Path]:
    """In memory where there is room, but for tests marked `disk`."""
    if request.node.get_closest_marker("disk") is None:
        yield tmp_path
        return
    with tempfile.TemporaryDirectory(dir=environment.on_disk(), prefix="textdesk-") as name:
        yield Path(name)


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[postgres.Postgres]:
    """Started by the first test of a worker that asks for it, stopped at the end of the run."""
    with postgres.running() as server:
        yield server


@pytest.fixture
def postgres_url(postgres_server: postgres.Postgres) -> Iterator[str]:
    """A database of the test's own, with all tables and nothing in them."""
    with postgres_server.migrated() as name:
        yield postgres_server.url(name)


@pytest.fixture(params=["sqlite", "postgresql"])
async def place(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Place]:
    """The same, once on each engine."""
    on_sqlite = request.param == "sqlite"
    place = Place(copied(tmp_path / "textdesk.db") if on_sqlite else request.getfixturevalue("postgres_url"))
    yield place
    await place.close()
