"""Files of other users are neither believed nor overwritten. Cases with a second user need root."""

from __future__ import annotations

import gc
import os
import socket
import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from connector.base import atomic_file, trusted_files
from connector.base.trusted_files import UntrustedFile
from tests.kit.second_user import STRANGER, as_user, listening_as, needs_root, public_folder


def made(path: Path, content: str = "ours", mode: int = 0o600) -> Path:
    path.write_text(content)
    path.chmod(mode)
    return path


def test_a_file_of_ours_is_read(tmp_path: Path) -> None:
    assert trusted_files.read(made(tmp_path / "file", mode=0o644)) == b"ours"


@pytest.mark.parametrize("mode", [0o602, 0o666, 0o646])
def test_a_file_that_others_can_write_is_not_believed_and_the_command_that_mends_it_does(
    tmp_path: Path, mode: int
) -> None:
    path = made(tmp_path / "a file", mode=mode)
    with pytest.raises(UntrustedFile) as refused:
        trusted_files.read(path)
    assert str(refused.value) == f"{path}: can be changed by every user of this machine; run: chmod go-w '{path}'."
    assert os.system(str(refused.value).partition("run: ")[2].rstrip(".")) == 0
    assert trusted_files.read(path) == b"ours"


def test_nor_is_one_in_a_folder_that_others_can_write(tmp_path: Path) -> None:
    folder = tmp_path / "open" / "folder"
    folder.mkdir(parents=True)
    path = made(folder / "file")
    folder.parent.chmod(0o777)
    with pytest.raises(UntrustedFile, match=f"{folder.parent}: can be changed by every user"):
        trusted_files.read(path)
    folder.parent.chmod(0o1777)  # like /tmp: what is ours in it stays ours
    assert trusted_files.read(path) == b"ours"


@needs_root
def test_a_group_may_write_only_where_it_is_the_owners_own(tmp_path: Path) -> None:
    path = made(tmp_path / "file", mode=0o660)
    os.chown(path, 0, 0)
    assert trusted_files.read(path) == b"ours"
    os.chown(path, 0, 1)  # daemon
    with pytest.raises(UntrustedFile, match=r"can be changed by the group daemon; run: chmod g-w"):
        trusted_files.read(path)


def test_our_own_links_are_followed_and_judged_by_where_they_lead(tmp_path: Path) -> None:
    (tmp_path / "..2026").mkdir()
    made(tmp_path / "..2026" / "token")
    (tmp_path / "..data").symlink_to("..2026")  # as Kubernetes mounts a secret
    (tmp_path / "token").symlink_to("..data/token")
    assert trusted_files.read(tmp_path / "token", below=[tmp_path]) == b"ours"
    (tmp_path / "..2026").chmod(0o777)
    with pytest.raises(UntrustedFile):
        trusted_files.read(tmp_path / "token")


def test_a_descriptor_that_was_handed_to_us_is_read(tmp_path: Path) -> None:
    reading, writing = os.pipe()
    os.write(writing, b"ours")
    os.close(writing)
    assert trusted_files.read(Path(f"/dev/fd/{reading}")) == b"ours"
    with pytest.raises(OSError):
        trusted_files.read(Path(f"/dev/fd/{reading}"), below=[tmp_path])
    os.close(reading)


def test_a_circle_of_links_ends(tmp_path: Path) -> None:
    (tmp_path / "a").symlink_to("b")
    (tmp_path / "b").symlink_to("a")
    with pytest.raises(OSError, match="symbolic links"):
        trusted_files.read(tmp_path / "a")


@pytest.mark.parametrize("name", ["../outside", "link", "folder/../../outside"])
def test_below_a_folder_means_where_the_file_really_is(tmp_path: Path, name: str) -> None:
    folder = tmp_path / "inside"
    (folder / "folder").mkdir(parents=True)
    made(tmp_path / "outside")
    (folder / "link").symlink_to("../outside")
    with pytest.raises(UntrustedFile, match="is outside of"):
        trusted_files.read(folder / name, below=[folder])
    assert trusted_files.read(made(folder / "folder" / "file"), below=[folder]) == b"ours"


@pytest.mark.parametrize("kind", ["pipe", "folder", "device", "socket"])
def test_what_is_no_file_is_refused_at_once(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "thing"
    match kind:
        case "pipe":
            os.mkfifo(path)
        case "folder":
            path.mkdir()
        case "device":
            path.symlink_to("/dev/zero")
        case "socket":
            with socket.socket(socket.AF_UNIX) as bound:
                bound.bind(str(path))
    with pytest.raises(OSError):
        trusted_files.read(path)


@pytest.mark.parametrize("umask", [0o000, 0o002, 0o022, 0o077])
def test_what_we_make_is_private_under_any_umask(tmp_path: Path, umask: int) -> None:
    before = os.umask(umask)
    try:
        folder = trusted_files.make_folder(tmp_path / "some" / "new" / "folder")
        os.close(trusted_files.open_private(folder / "file", os.O_RDWR))
    finally:
        os.umask(before)
    paths = [folder.parent.parent, folder.parent, folder, folder / "file"]
    assert [stat.S_IMODE(path.stat().st_mode) for path in paths] == [0o700, 0o700, 0o700, 0o600]
    assert trusted_files.make_folder(folder) == folder


@pytest.mark.parametrize("mode", [0o777, 0o1777])
def test_a_folder_that_all_may_write_is_none_of_ours(tmp_path: Path, mode: int) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    folder.chmod(mode)
    with pytest.raises(UntrustedFile):
        trusted_files.make_folder(folder)
    assert trusted_files.make_folder(folder / "own") if mode == 0o1777 else True


@pytest.mark.parametrize("leads_to", ["victim", "nowhere"])
def test_a_private_file_is_not_opened_through_a_link(tmp_path: Path, leads_to: str) -> None:
    made(tmp_path / "victim", "precious")
    (tmp_path / "core.lock").symlink_to(tmp_path / leads_to)
    with pytest.raises(UntrustedFile, match=r"is a link where a file of ours belongs; run: rm "):
        trusted_files.open_private(tmp_path / "core.lock", os.O_RDWR)
    assert (tmp_path / "victim").read_text() == "precious"
    assert not (tmp_path / "nowhere").exists()


@needs_root
@pytest.mark.parametrize(
    "attempt",
    [
        lambda folder: trusted_files.read(folder / "file"),
        lambda folder: trusted_files.read(folder / "link", any_owner_for_root=True),
        lambda folder: trusted_files.read(folder / "deep" / "linked" / "secret", any_owner_for_root=True),
        lambda folder: trusted_files.make_folder(folder),
        lambda folder: trusted_files.make_folder(folder / "new"),
        lambda folder: trusted_files.open_private(folder / "core.lock", os.O_RDWR),
    ],
)
def test_root_neither_believes_nor_writes_in_anothers_folder(tmp_path: Path, attempt: Callable[[Path], object]) -> None:
    tmp_path.chmod(0o755)
    secrets = tmp_path / "root"
    secrets.mkdir(0o700)
    made(secrets / "secret", "of root")
    folder = tmp_path / "theirs"
    (folder / "deep").mkdir(parents=True)
    made(folder / "file")
    (folder / "link").symlink_to(secrets / "secret")
    (folder / "deep" / "linked").symlink_to(secrets)
    for path in (folder, *folder.rglob("*")):
        os.chown(path, STRANGER, STRANGER, follow_symlinks=False)
    before = sorted(folder.rglob("*"))
    with pytest.raises(UntrustedFile):
        attempt(folder)
    assert sorted(folder.rglob("*")) == before
    assert trusted_files.read(folder / "file", any_owner_for_root=True) == b"ours"


@needs_root
@pytest.mark.parametrize(
    "attempt",
    [
        lambda folder: trusted_files.read(folder / "file"),
        lambda folder: trusted_files.read(folder / "link"),
        lambda folder: trusted_files.make_folder(folder / "folder"),
        lambda folder: trusted_files.make_folder(folder / "folder" / "new"),
        lambda folder: trusted_files.open_private(folder / "file", os.O_RDWR),
        lambda folder: atomic_file.write(folder / "folder" / "node", "of a stranger"),
    ],
)
def test_another_users_file_link_and_folder_are_refused(attempt: Callable[[Path], object]) -> None:
    with public_folder() as folder:
        folder.chmod(0o1777)
        made(folder / "file", "of daemon", mode=0o666)
        (folder / "folder").mkdir()
        (folder / "folder").chmod(0o777)
        (folder / "link").symlink_to(folder / "file")
        for path in folder.iterdir():
            os.chown(path, 1, 1, follow_symlinks=False)
        words = as_user(STRANGER, lambda: attempt(folder))
        assert words.startswith(("UntrustedFile", "PermissionError")), words  # the latter from fs.protected_regular
        assert (folder / "file").read_text() == "of daemon"
        assert not [*(folder / "folder").iterdir()]


@needs_root
@pytest.mark.parametrize(("listener", "caller", "refused"), [(1, STRANGER, True), (0, STRANGER, False), (1, 0, False)])
def test_a_socket_of_another_user_is_not_our_core(listener: int, caller: int, refused: bool) -> None:
    with public_folder() as folder, listening_as(listener, path := folder / "desk.sock"):

        def call() -> None:
            with socket.socket(socket.AF_UNIX) as connection:
                connection.connect(str(path))
                trusted_files.demand_our_core(connection, path)

        words = as_user(caller, call)
        assert words.startswith("UntrustedFile") == refused
        assert refused or words == ""


def test_a_directory_is_named_and_leaves_no_descriptor(tmp_path: Path) -> None:
    gc.collect()  # what earlier tests left open would go in between
    held = os.listdir("/dev/fd")
    with pytest.raises(IsADirectoryError) as error:
        trusted_files.read(tmp_path)
    assert error.value.filename == str(tmp_path)
    assert os.listdir("/dev/fd") == held


@needs_root
def test_a_file_that_only_root_may_read_comes_with_the_command_that_gives_it_to_us() -> None:
    with public_folder() as folder:
        path = made(folder / "secret", mode=0o600)
        words = as_user(STRANGER, lambda: trusted_files.read(path))
    assert words.startswith("UntrustedFile") and "it belongs to root, mode 0600" in words
    assert f"sudo chown uid-{STRANGER} {path} && sudo chmod 600 {path}" in words
