from __future__ import annotations

import stat
from pathlib import Path

import pytest

from connector.base import atomic_file


def test_content_is_replaced_and_private(tmp_path: Path) -> None:
    path = tmp_path / "secret"
    path.write_text("old")
    path.chmod(0o644)
    atomic_file.write(path, "new: ä")
    assert path.read_bytes() == "new: ä".encode()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [file.name for file in tmp_path.iterdir()] == ["secret"]


def test_the_draft_is_private_from_the_start(tmp_path: Path) -> None:
    (tmp_path / "secret.new").write_text("left by a killed writer")
    (tmp_path / "secret.new").chmod(0o644)
    atomic_file.write_draft(tmp_path / "secret.new", b"new")
    assert (tmp_path / "secret.new").read_bytes() == b"new"
    assert stat.S_IMODE((tmp_path / "secret.new").stat().st_mode) == 0o600


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


def test_a_link_in_place_of_the_draft_is_not_followed(tmp_path: Path) -> None:
    victim = tmp_path / "victim"
    victim.write_text("old")
    (tmp_path / "file.new").symlink_to(victim)
    with pytest.raises(OSError):
        atomic_file.write(tmp_path / "file", "new")
    assert victim.read_text() == "old"


def test_a_failure_leaves_the_old_file_and_no_draft(tmp_path: Path) -> None:
    path = tmp_path / "name"
    path.mkdir()  # a file cannot be renamed over a directory
    with pytest.raises(OSError):
        atomic_file.write(path, "new")
    assert path.is_dir()
    assert [file.name for file in tmp_path.iterdir()] == ["name"]
