"""A database file that is removed, moved or replaced under a running core: nothing more is accepted."""

from __future__ import annotations

import asyncio
import os
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from connector.store.ports import StoreUnavailable
from connector.store.sql.store import SqlStore, open_store
from tests.kit.stores import telling, told
from tests.kit.templates import copied


def all_files(path: Path) -> list[Path]:
    return sorted(path.parent.glob(f"{path.name}*"))


def remove(path: Path) -> None:
    path.unlink()


def remove_all(path: Path) -> None:
    for each in all_files(path):
        each.unlink()


def remove_folder(path: Path) -> None:
    shutil.rmtree(path.parent)


def remove_log(path: Path) -> None:
    path.with_name(f"{path.name}-wal").unlink()


def remove_index(path: Path) -> None:
    path.with_name(f"{path.name}-shm").unlink()


def replace(path: Path) -> None:
    copied(path.with_name("backup.db"))
    os.replace(path.with_name("backup.db"), path)


def move(path: Path) -> None:
    path.rename(path.with_name("old.db"))


def move_all(path: Path) -> None:
    for each in all_files(path):
        each.rename(each.with_name(each.name.replace("textdesk", "old")))


def move_folder(path: Path) -> None:
    path.parent.rename(path.parent.with_name("elsewhere"))


@pytest.fixture
async def store(tmp_path: Path) -> SqlStore:
    (tmp_path / "data").mkdir()
    return await open_store(copied(tmp_path / "data" / "textdesk.db"))


@pytest.mark.parametrize("harm", [remove, remove_all, remove_folder, remove_log, replace])
async def test_what_would_be_lost_is_not_accepted_from_the_next_commit_on(
    store: SqlStore, tmp_path: Path, harm: Callable[[Path], None]
) -> None:
    await store.write(telling("a"))
    assert store.trouble() is None
    path = tmp_path / "data" / "textdesk.db"
    harm(path)
    for _ in range(2):
        with pytest.raises(StoreUnavailable, match=r"textdesk\.db(-wal)? was removed while the core was running"):
            await store.write(telling("b"))
    async with asyncio.timeout(60):
        while "All it held" not in (words := str(store.trouble())):
            await asyncio.sleep(0)
    (rescued,) = path.parent.glob("textdesk.db.rescued-*")
    assert f"All it held is in {rescued.name}: stop the core, rename that to textdesk.db" in words
    await store.close()
    os.replace(rescued, path)
    again = await open_store(path)
    assert {row.position for row in await told(again)} >= {1}
    assert again.name == store.name
    await again.close()


@pytest.mark.parametrize("harm", [move, move_all, move_folder, remove_index])
async def test_a_moved_file_is_noticed_by_a_look_and_named(
    store: SqlStore, tmp_path: Path, harm: Callable[[Path], None]
) -> None:
    path = tmp_path / "data" / "textdesk.db"
    await store.write(telling("a"))
    harm(path)
    words = store.trouble() or ""
    assert "Move it back" in words or "was removed" in words
    with pytest.raises(StoreUnavailable, match=re.escape(words)):
        await store.write(telling("b"))
    if harm is move:
        assert f"{path} was moved to {path.with_name('old.db')}." in words
        path.with_name("old.db").rename(path)
        assert store.trouble() is None
        await store.write(telling("c"))
        assert len(await told(store)) == 2
    await store.close()


async def test_a_file_that_is_emptied_takes_no_commit_also_when_another_is_copied_into_it(
    store: SqlStore, tmp_path: Path
) -> None:
    path = tmp_path / "data" / "textdesk.db"
    await store.write(telling("a"))
    backup = copied(tmp_path / "backup.db")
    path.write_bytes(b"")
    for _ in range(2):
        with pytest.raises(StoreUnavailable, match=r"textdesk\.db was emptied .* restore a backup"):
            await store.write(telling("b"))
        shutil.copyfile(backup, path)
    assert "was emptied" in str(store.trouble())
    await store.close()


async def test_a_removed_index_costs_a_start_and_nothing_else(store: SqlStore, tmp_path: Path) -> None:
    path = tmp_path / "data" / "textdesk.db"
    await store.write(telling("a"))
    remove_index(path)
    assert "Start the core again" in str(store.trouble())
    await store.close()
    again = await open_store(path)
    assert len(await told(again)) == 1
    await again.close()


async def test_no_empty_database_is_made_in_its_place(store: SqlStore, tmp_path: Path) -> None:
    path = tmp_path / "data" / "textdesk.db"
    remove_all(path)
    with pytest.raises(StoreUnavailable, match="was removed"):
        await store.write(telling("b"))
    assert not path.exists()
    await store.close()


async def test_another_file_in_its_place_is_named_and_left_alone(store: SqlStore, tmp_path: Path) -> None:
    path = tmp_path / "data" / "textdesk.db"
    await store.write(telling("a"))
    move(path)
    copied(path)
    before = path.read_bytes()
    assert "old.db, and another file is in its place. Exchange them again." in str(store.trouble())
    await store.close()
    assert path.read_bytes() == before


async def test_a_store_may_close_and_open_again_and_have_a_link_for_a_path(tmp_path: Path) -> None:
    (tmp_path / "disk").mkdir()
    copied(tmp_path / "disk" / "real.db")
    (tmp_path / "textdesk.db").symlink_to("disk/real.db")
    for name in ("a", "b"):
        store = await open_store(tmp_path / "textdesk.db")
        await store.write(telling(name))
        assert store.trouble() is None
        await store.close()
        assert store.trouble() is None
    (tmp_path / "textdesk.db").unlink()
