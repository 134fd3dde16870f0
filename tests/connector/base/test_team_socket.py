"""The socket of a team: modes, what is put right and what is refused at start, and who is trusted to listen."""

from __future__ import annotations

import grp
import os
import socket
import stat
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from connector.base import team_socket, trusted_files
from connector.base.team_socket import NoSuchGroup, TeamSocket
from connector.base.trusted_files import UntrustedFile
from tests.kit.second_user import STRANGER, as_user, listening_as, needs_root, public_folder

GROUP = grp.getgrgid(os.getegid()).gr_name


@pytest.fixture
def path() -> Iterator[Path]:
    with public_folder() as folder:  # whose path is short
        yield folder / "run" / "desk.sock"


def modes(path: Path) -> tuple[int, int, int, int]:
    """Mode and group of the folder and of the socket."""
    folder, bound = path.parent.stat(), path.lstat()
    return stat.S_IMODE(folder.st_mode), folder.st_gid, stat.S_IMODE(bound.st_mode), bound.st_gid


RIGHT = (0o710, os.getegid(), 0o660, os.getegid())


@pytest.mark.parametrize("umask", [0o000, 0o022, 0o077])
def test_folder_and_socket_are_made_for_the_group_under_any_umask(path: Path, umask: int) -> None:
    before = os.umask(umask)
    try:
        with closing(TeamSocket(path, GROUP)) as made, made.bound:
            assert modes(path) == RIGHT
    finally:
        os.umask(before)
    assert not path.exists()


@pytest.mark.parametrize("folder_mode", [0o700, 0o750, 0o777, 0o000])
def test_what_was_changed_by_hand_is_right_after_the_next_start(path: Path, folder_mode: int) -> None:
    path.parent.mkdir()
    with closing(socket.socket(socket.AF_UNIX)) as left:
        left.bind(str(path))  # by a core that was killed
    path.chmod(0o600)
    path.parent.chmod(folder_mode)
    if folder_mode == 0 and os.geteuid() != 0:
        path.parent.chmod(0o500)
    with closing(TeamSocket(path, GROUP)) as made, made.bound:
        assert modes(path) == RIGHT


def test_a_folder_that_holds_more_is_not_opened_to_the_group(path: Path) -> None:
    path.parent.mkdir(0o700)
    (path.parent / "textdesk.db").write_text("texts")
    with pytest.raises(UntrustedFile, match=r"holds textdesk\.db as well.*chgrp .* && chmod 710 "):
        TeamSocket(path, GROUP)
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    path.parent.chmod(0o710)  # by an administrator, who knows
    os.chown(path.parent, -1, os.getegid())
    with closing(TeamSocket(path, GROUP)) as made, made.bound:
        assert modes(path) == RIGHT


def test_a_second_core_does_not_take_the_socket_away(path: Path) -> None:
    with closing(TeamSocket(path, GROUP)) as made, made.bound:
        inode = path.stat().st_ino
        with pytest.raises(BlockingIOError):
            TeamSocket(path, GROUP)
        assert path.stat().st_ino == inode
    with closing(TeamSocket(path, GROUP)) as again, again.bound:
        pass


@pytest.mark.parametrize("kind", ["writable", "link"])
def test_what_stands_above_is_judged(path: Path, kind: str) -> None:
    if kind == "writable":
        path.parent.parent.chmod(0o777)
    else:
        (path.parent.parent / "elsewhere").mkdir()
        path.parent.symlink_to("elsewhere")
    with pytest.raises(OSError):
        TeamSocket(path, GROUP)
    assert not path.exists()


def test_a_group_that_does_not_exist_is_named_with_its_command(path: Path) -> None:
    for name in ("no such group", "a\0b", "-x"):
        with pytest.raises(NoSuchGroup, match=r"there is no group .*groupadd"):
            TeamSocket(path, name)
    assert not path.parent.exists()
    with pytest.raises(
        NoSuchGroup, match=r"no group demon on this host; did you mean daemon\? If not, run: sudo groupadd"
    ):
        TeamSocket(path, "demon")


@needs_root
def test_a_user_who_cannot_make_the_folder_reads_the_commands_and_the_unit() -> None:
    with public_folder() as folder:
        words = as_user(STRANGER, lambda: TeamSocket(folder / "run" / "desk.sock", "daemon"))
        assert words.startswith("UntrustedFile") and f"install -d -o uid-{STRANGER} -g daemon -m 710" in words
    words = as_user(STRANGER, lambda: TeamSocket(Path("/run/of-nobody/desk.sock"), "daemon"))
    assert "RuntimeDirectory=of-nobody" in words and "RuntimeDirectoryMode=0710" in words and "Group=daemon" in words


@needs_root
@pytest.mark.parametrize("mode", [0o710, 0o755])
def test_a_folder_of_another_user_is_named_with_its_owner(mode: int) -> None:
    with public_folder() as folder:
        (folder / "run").mkdir()
        (folder / "run").chmod(mode)
        words = as_user(STRANGER, lambda: TeamSocket(folder / "run" / "desk.sock", "daemon"))
    command = f"run: sudo install -d -o uid-{STRANGER} -g daemon -m 710 {folder}/run"
    assert f"belongs to root, and not to uid-{STRANGER}" in words and command in words and "missing" not in words


@needs_root
def test_a_core_that_is_no_member_of_its_group_says_so() -> None:
    with public_folder() as folder:
        os.chown(folder, STRANGER, STRANGER)
        words = as_user(STRANGER, lambda: TeamSocket(folder / "run" / "desk.sock", "daemon"))
        assert f"usermod -aG daemon uid-{STRANGER}" in words


@pytest.fixture
def shared() -> Iterator[Path]:
    with public_folder() as folder:
        yield folder


@needs_root
@pytest.mark.parametrize(
    ("owner", "mode", "above", "trusted"),
    [
        (1, 0o710, 0o755, True),  # a service's folder, in one of root's
        (0, 0o755, 0o755, True),
        (1, 0o730, 0o755, False),  # a member could put a socket of their own there
        (1, 0o777, 0o755, False),
        (1, 0o710, 0o1777, False),  # any user could have made it
        (STRANGER, 0o710, 0o1777, True),  # the caller's own
    ],
)
def test_whose_core_is_trusted(shared: Path, owner: int, mode: int, above: int, trusted: bool) -> None:
    folder = shared / "textdesk"
    folder.mkdir()
    os.chown(folder, owner, 1)
    folder.chmod(mode)
    shared.chmod(above)
    words = as_user(STRANGER, lambda: team_socket.trusted_owner(folder))
    assert (words == "") == trusted, words
    assert trusted or words.startswith("UntrustedFile")


@needs_root
@pytest.mark.parametrize(("listener", "refused"), [(1, False), (0, False), (2, True)])
def test_another_member_who_listens_there_is_not_the_core(shared: Path, listener: int, refused: bool) -> None:
    path = shared / "desk.sock"
    with listening_as(listener, path):

        def call() -> None:
            with socket.socket(socket.AF_UNIX) as connection:
                connection.connect(str(path))
                trusted_files.demand_our_core(connection, path, owner=1)

        assert as_user(STRANGER, call).startswith("UntrustedFile") == refused


@needs_root
def test_no_member_is_sent_to_the_group_of_root(shared: Path) -> None:
    shared.chmod(0o710)

    def tell() -> None:
        raise AssertionError(team_socket.why_shut(shared))

    words = as_user(STRANGER, tell)
    assert f"{shared} belongs to root and the group root" in words and "usermod" not in words


@needs_root
def test_a_shut_folder_says_who_lets_in(shared: Path) -> None:
    os.chown(shared, 0, 1)
    shared.chmod(0o710)

    def tell() -> None:
        raise AssertionError(team_socket.why_shut(shared))

    words = as_user(STRANGER, tell)
    assert f"{shared} is for the group daemon" in words and f"usermod -aG daemon uid-{STRANGER}" in words
