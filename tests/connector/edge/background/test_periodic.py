"""What is kept for a while only goes when its time has come, and nothing else does."""

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

PATIENCE_S = 10.0
DAY_S = 24 * 3600


class House:
    """A core's housekeeping on a clock moved by hand, and its pictures, all of them kept at the beginning."""

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
        """So much later, when both have done what was to be done until then."""
        await self._idle()
        self.clock.advance(seconds)
        await asyncio.sleep(0)
        await self._idle()

    async def _idle(self) -> None:
        async with asyncio.timeout(PATIENCE_S):
            while self.clock.sleepers < 2:
                await asyncio.sleep(0.001)


@pytest.fixture
async def house(store: SqlStore, tmp_path: Path) -> AsyncIterator[House]:
    made = House(store, tmp_path / "pictures")
    async with Supervisor() as tasks:
        tasks.start("purge", purge(store, made.clock))
        tasks.start("sweep", sweep_pictures(store, made.files, made.clock))
        yield made
        tasks.stop()


async def test_a_picture_goes_with_the_last_that_refers_to_it(house: House) -> None:
    now = house.clock.now()
    of_message, of_both, of_upload, of_nobody = (house.keep(data) for data in (b"1", b"2", b"3", b"4"))

    def refer(tx: Transaction) -> None:
        media = [Media("https://a.example/1", "image/png", MediaState.STORED, 1, one) for one in (of_message, of_both)]
        tx.messages.add_once(message(media=tuple(media)))
        for name, digest in (("U1", of_both), ("U2", of_upload)):
            tx.uploads.add(upload(id=name, token=name, digest=digest, expires_at=now + (DAY_S + 3600) * 1000))

    async def left() -> tuple[list[bytes | None], list[bool]]:
        files = [house.files.read(one) for one in (of_message, of_both, of_upload, of_nobody)]
        rows = await house.store.write(lambda tx: [tx.uploads.get(name) is not None for name in ("U1", "U2")])
        return files, rows

    await house.store.write(refer)
    assert await left() == ([b"1", b"2", b"3", b"4"], [True, True])
    await house.later(DAY_S + 60)
    assert await left() == ([b"1", b"2", b"3", None], [True, True])
    await house.later(DAY_S)
    assert await left() == ([b"1", b"2", None, None], [False, False])


async def test_a_file_whose_message_is_about_to_be_committed_stays(house: House) -> None:
    old = house.keep(b"old")
    await house.later(DAY_S - 60)
    fresh = house.keep(b"fresh")
    await house.later(120)
    assert (house.files.read(old), house.files.read(fresh)) == (None, b"fresh")


async def test_what_cannot_be_removed_is_said_and_tried_again(house: House, caplog: pytest.LogCaptureFixture) -> None:
    old = house.keep(b"old")
    path = house.folder / old[:2] / old
    path.unlink()
    path.mkdir()  # which no unlink removes
    os.utime(path, ns=(0, 0))
    await house.later(DAY_S + 60)
    assert "could not be deleted" in caplog.text and path.exists()
    path.rmdir()
    house.keep(b"old")
    await house.later(DAY_S)
    await house.later(DAY_S)
    assert house.files.read(old) is None


async def test_pictures_of_another_database_stay(store: SqlStore, tmp_path: Path) -> None:
    """Its messages are not in this one."""
    folder = tmp_path / "pictures"
    assert PictureFiles(folder).belong_to("the other one")
    house = House(store, folder)
    old = house.keep(b"old")
    async with Supervisor() as tasks:
        tasks.start("purge", purge(store, house.clock))
        tasks.start("sweep", sweep_pictures(store, house.files, house.clock))
        await house.later(2 * DAY_S)
        tasks.stop()
    assert house.files.read(old) == b"old"
