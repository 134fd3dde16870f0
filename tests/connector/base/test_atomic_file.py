from __future__ import annotations

import os
import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from connector.base import atomic_file
from connector.base.trusted_files import UntrustedFile


def test_content_is_replaced_and_private(tmp_path: Path) -> None:
    path = tmp_path / "secret"
    path.write_text("old")
    path.chmod(0o644)
    atomic_file.write(path, "new: ä")
    assert path.read_bytes() == "new: ä".encode()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [file.name for file in tmp_path.iterdir()] == ["secret"]


@pytest.mark.parametrize("umask", [0o000, 0o022, 0o077])
def test_a_draft_is_private_from_the_start(tmp_path: Path, umask: int) -> None:
    before = os.umask(umask)
    try:
        atomic_file.write_draft(tmp_path / "draft", b"new")
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "draft").stat().st_mode) == 0o600
    with pytest.raises(FileExistsError):
        atomic_file.write_draft(tmp_path / "draft", b"other")
    assert (tmp_path / "draft").read_bytes() == b"new"


@pytest.mark.parametrize("follow_link", [False, True])
def test_a_link_is_replaced_or_followed(tmp_path: Path, follow_link: bool) -> None:
    target, link = tmp_path / "dotfiles" / "file", tmp_path / "file"
    target.parent.mkdir()
    target.write_text("old")
    link.symlink_to(target)
    atomic_file.write(link, b"new", follow_link=follow_link)
    assert link.read_text() == "new"
    assert link.is_symlink() == follow_link
    assert target.read_text() == ("new" if follow_link else "old")


@pytest.mark.parametrize("plant", [Path.symlink_to, Path.hardlink_to])
def test_what_is_planted_in_place_of_the_draft_overwrites_no_victim(
    tmp_path: Path, plant: Callable[[Path, Path], None]
) -> None:
    victim = tmp_path / "victim"
    victim.write_text("old")
    plant(tmp_path / "file.new", victim)
    atomic_file.write(tmp_path / "file", "new")
    assert victim.read_text() == "old"
    assert (tmp_path / "file").read_text() == "new"
    assert not (tmp_path / "file").is_symlink()


def test_a_killed_writers_draft_is_replaced(tmp_path: Path) -> None:
    (tmp_path / "file.new").write_text("half")
    atomic_file.write(tmp_path / "file", "new")
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


def test_nothing_is_written_in_a_folder_that_others_can_write(tmp_path: Path) -> None:
    tmp_path.chmod(0o777)
    with pytest.raises(UntrustedFile):
        atomic_file.write(tmp_path / "file", "new")
    assert not [*tmp_path.iterdir()]


def test_a_failure_leaves_the_old_file_and_no_draft(tmp_path: Path) -> None:
    path = tmp_path / "name"
    path.mkdir()  # a file cannot be renamed over a directory
    with pytest.raises(OSError):
        atomic_file.write(path, "new")
    assert path.is_dir()
    assert [file.name for file in tmp_path.iterdir()] == ["name"]
