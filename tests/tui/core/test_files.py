from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from connector.wire import limits
from tui.core import files


def test_a_picture_is_read_with_its_name(tmp_path: Path) -> None:
    (tmp_path / "a b.png").write_bytes(b"abc")
    assert files.read_picture(str(tmp_path / "a b.png")) == ("a b.png", b"abc")


def test_a_tilde_is_the_home_directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    (tmp_path / "a.png").write_bytes(b"abc")
    assert files.read_picture("~/a.png")[1] == b"abc"


@pytest.mark.parametrize(
    ("size", "words"), [(None, "There is no file"), (0, "is empty"), (limits.PICTURE_BYTES + 1, "too large")]
)
def test_a_file_that_cannot_be_sent_is_refused(tmp_path: Path, size: int | None, words: str) -> None:
    path = tmp_path / "a.png"
    if size is not None:
        path.write_bytes(b"x" * size)
    with pytest.raises(files.UnusableFile, match=words):
        files.read_picture(str(path))


def test_the_largest_that_may_be_is_taken(tmp_path: Path) -> None:
    path = tmp_path / "a.png"
    path.write_bytes(b"x" * limits.PICTURE_BYTES)
    assert len(files.read_picture(str(path))[1]) == limits.PICTURE_BYTES


def test_a_directory_or_a_pipe_is_no_file(tmp_path: Path) -> None:
    for where in (tmp_path, Path("/dev/zero")):
        with pytest.raises(files.UnusableFile, match="There is no file"):
            files.read_picture(str(where))


def test_a_saved_picture_is_its_owner_s_alone_and_nothing_is_overwritten(tmp_path: Path) -> None:
    path = files.save(str(tmp_path / "a.png"), b"abc")
    assert path.read_bytes() == b"abc" and stat.S_IMODE(path.stat().st_mode) == 0o600
    with pytest.raises(files.UnusableFile, match="is there already"):
        files.save(str(path), b"xyz")
    (tmp_path / "link").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(files.UnusableFile, match="is there already"):
        files.save(str(tmp_path / "link"), b"xyz")
    assert path.read_bytes() == b"abc" and not (tmp_path / "elsewhere").exists()


def test_a_path_that_cannot_be_written_is_refused(tmp_path: Path) -> None:
    with pytest.raises(files.UnusableFile, match="cannot be written"):
        files.save(str(tmp_path / "no" / "a.png"), b"abc")


def test_the_proposed_name_holds_nothing_from_outside_but_letters(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    (tmp_path / "Downloads").mkdir()
    assert files.default_path("../../x\x1b1", "image/png") == str(tmp_path / "Downloads" / "picture-x1.png")
    assert files.default_path("", "video/mp4").endswith("picture-1")


@pytest.mark.parametrize(
    ("environ", "platform", "program"),
    [
        ({}, "linux", None),
        ({"DISPLAY": ":0"}, "linux", "xdg-open"),
        ({"WAYLAND_DISPLAY": "wayland-0"}, "linux", "xdg-open"),
        ({}, "darwin", "open"),
        ({"SSH_CONNECTION": "a b"}, "darwin", None),
    ],
)
def test_a_window_is_opened_only_where_there_can_be_one(
    environ: dict[str, str], platform: str, program: str | None
) -> None:
    assert files.viewer_program(environ, platform) == program


def test_only_pictures_are_opened(tmp_path: Path) -> None:
    opened = files.OpenedPictures(tmp_path / "opened-1")
    with pytest.raises(files.UnusableFile, match="Only pictures"):
        opened.open("true", "application/x-sh", b"#!/bin/sh")
    with pytest.raises(files.UnusableFile, match="does not start"):
        opened.open(str(tmp_path / "no-such-program"), "image/png", b"abc")
    assert [*(tmp_path / "opened-1").iterdir()] == []


def test_opened_pictures_are_private_and_go_with_the_desk(tmp_path: Path) -> None:
    folder = tmp_path / "opened-1"
    opened = files.OpenedPictures(folder)
    assert opened.open("true", "image/png", b"abc") == "true"
    assert opened.open("true", "image/png", b"abc") == "true"
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert {stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()} == {0o600}
    assert {path.suffix for path in folder.iterdir()} == {".png"}
    files.OpenedPictures(folder)  # the next desk, where this one was killed
    assert not folder.exists()
    opened.open("true", "image/png", b"abc")
    opened.clear()
    assert not folder.exists()


def test_nothing_is_opened_from_a_folder_that_others_can_write(tmp_path: Path) -> None:
    tmp_path.chmod(0o777)
    with pytest.raises(files.UnusableFile, match="can be changed by every user"):
        files.OpenedPictures(tmp_path / "opened-1").open("true", "image/png", b"abc")


@pytest.mark.parametrize("where", ["~nobody-of-this-name/x", "a\0b", "a\ud83d"])
def test_what_is_no_path(where: str) -> None:
    with pytest.raises(files.UnusableFile, match="is not a path"):
        files.read_picture(where)
    with pytest.raises(files.UnusableFile, match="is not a path"):
        files.save(where, b"abc")


def test_a_named_pipe_in_the_place_of_the_opened_pictures(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "opened-1")
    files.OpenedPictures(tmp_path / "opened-1")
    assert not (tmp_path / "opened-1").exists()
