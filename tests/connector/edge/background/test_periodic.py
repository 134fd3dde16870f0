"""Data is deleted when its retention has ended, and nothing else is."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from connector.base.supervise import Supervisor
from connector.domain.media import Media, MediaState
from connector.edge.background.periodic import purge, sweep_pictures
from connector.pictures.files import PictureFiles
from connector.store.ports import Transaction
from connector.store.sql.store import SqlStore
from tests.kit.clocks import WatchedClock
from tests.kit.stores import message, upload
from tests.kit.use_cases import Office

PATIENCE_S = 60.0
DAY_S = 24 * 3600


class PeriodicTasks:
    """The periodic tasks on a clock moved by hand, and pictures that were all stored at the beginning."""

    def __init__(self, store: SqlStore, folder: Path) -> None:
        self.store = store
        self.folder = folder
        self.clock = WatchedClock()
        self.files = PictureFiles(folder)

    def keep(self, data: bytes) -> str:
        digest = self.files.save(data)
        at_ns = self.clock.now() * 1_000_000
        os.utime(self.folder / digest[:2] / digest, ns=(at_ns, at_ns))
        return digest

    async def later(self, seconds: float) -> None:
        """Move the clock, and wait until both tasks sleep again."""
        await self._idle()
        self.clock.advance(seconds)
        await asyncio.sleep(0)
        await self._idle()

    async def _idle(self) -> None:
        async with asyncio.timeout(PATIENCE_S):
            while self.clock.sleepers < 2:
                await asyncio.sleep(0.001)


@pytest.fixture
async def periodic(store: SqlStore, tmp_path: Path) -> AsyncIterator[PeriodicTasks]:
    made = PeriodicTasks(store, tmp_path / "pictures")
    async with Supervisor() as tasks:
        tasks.start("purge", purge(store, Office(store).live, made.clock))
        tasks.start("sweep", sweep_pictures(store, made.files, made.clock))
        yield made
        tasks.stop()


async def test_a_picture_is_deleted_with_the_last_reference(periodic: PeriodicTasks) -> None:
    now = periodic.clock.now()
    of_message, of_both, of_upload, of_none = (periodic.keep(data) for data in (b"1", b"2", b"3", b"4"))

    def refer(tx: Transaction) -> None:
        media = [Media("https://a.example/1", "image/png", MediaState.STORED, 1, one) for one in (of_message, of_both)]
        tx.messages.add_once(message(media=tuple(media)))
        for name, digest in (("U1", of_both), ("U2", of_upload)):
            tx.uploads.add(upload(id=name, token=name, digest=digest, expires_at=now + (DAY_S + 3600) * 1000))

    async def left() -> tuple[list[bytes | None], list[bool]]:
        files = [periodic.files.read(one) for one in (of_message, of_both, of_upload, of_none)]
        rows = await periodic.store.write(lambda tx: [tx.uploads.get(name) is not None for name in ("U1", "U2")])
        return files, rows

    await periodic.store.write(refer)
    assert await left() == ([b"1", b"2", b"3", b"4"], [True, True])
    await periodic.later(DAY_S + 60)
    assert await left() == ([b"1", b"2", b"3", None], [True, True])
    await periodic.later(DAY_S)
    assert await left() == ([b"1", b"2", None, None], [False, False])


async def test_a_file_whose_message_is_about_to_be_committed_stays(periodic: PeriodicTasks) -> None:
    old = periodic.keep(b"old")
    await periodic.later(DAY_S - 60)
    fresh = periodic.keep(b"fresh")
    await periodic.later(120)
    assert (periodic.files.read(old), periodic.files.read(fresh)) == (None, b"fresh")


async def test_a_failed_deletion_is_logged_and_retried(
    periodic: PeriodicTasks, caplog: pytest.LogCaptureFixture
) -> None:
    old = periodic.keep(b"old")
    path = periodic.folder / old[:2] / old
    path.unlink()
    path.mkdir()  # which no unlink removes
    os.utime(path, ns=(0, 0))
    await periodic.later(DAY_S + 60)
    assert "could not be deleted" in caplog.text and path.exists()
    path.rmdir()
    periodic.keep(b"old")
    await periodic.later(DAY_S)
    await periodic.later(DAY_S)
    assert periodic.files.read(old) is None


async def test_pictures_of_another_database_stay(store: SqlStore, tmp_path: Path) -> None:
    """Its messages are not in this one."""
    folder = tmp_path / "pictures"
    assert PictureFiles(folder).belong_to("the other one")
    periodic = PeriodicTasks(store, folder)
    old = periodic.keep(b"old")
    async with Supervisor() as tasks:
        tasks.start("purge", purge(store, Office(store).live, periodic.clock))
        tasks.start("sweep", sweep_pictures(store, periodic.files, periodic.clock))
        await periodic.later(2 * DAY_S)
        tasks.stop()
    assert periodic.files.read(old) == b"old"
