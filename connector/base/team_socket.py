"""The Unix socket of a team: a group of this host's users connects to a core of another user.

The socket is its owner's and the group's (0660), in a folder where the group may only pass through (0710): no member
can put another socket in its place, or see what else is there. The kernel knows who connects (`trusted_files.peer`),
and who listens: the owner of the folder, or root.
"""

from __future__ import annotations

import errno
import fcntl
import grp
import os
import pwd
import socket
import stat
from contextlib import suppress
from pathlib import Path

from connector.base import trusted_files
from connector.base.alike import meant
from connector.base.trusted_files import UntrustedFile, quoted, user_name

FOLDER_MODE, SOCKET_MODE = 0o710, 0o660


class NoSuchGroup(LookupError):
    """Its text is one sentence, with a group of a similar name, and the command that makes the group."""

    def __init__(self, name: str) -> None:
        alike = meant(name, sorted(group.gr_name for group in grp.getgrall()))
        mend = f"did you mean {alike}? If not, run" if alike else "run"
        super().__init__(f"there is no group {name} on this host; {mend}: sudo groupadd --system {quoted(name)}")


def find_group(name: str) -> int | None:
    """The id of a group of this host."""
    try:
        return grp.getgrnam(name).gr_gid
    except (KeyError, ValueError, OSError):  # ValueError for a NUL, OSError for a database that does not answer
        return None


def group_id(name: str) -> int:
    """Raises NoSuchGroup."""
    gid = find_group(name)
    if gid is None:
        raise NoSuchGroup(name)
    return gid


def is_member(uid: int, gid: int) -> bool:
    """Whether the user has the group by the databases of this host, whatever their processes have. May be slow."""
    try:
        account = pwd.getpwuid(uid)
        return gid in os.getgrouplist(account.pw_name, account.pw_gid)
    except (KeyError, OSError):
        return False


def is_for_us(group: str) -> bool:
    """Whether this process is a member's, and neither root's nor one of the service's own user, named as the group."""
    gid, us = find_group(group), os.geteuid()
    return us != 0 and gid in (os.getegid(), *os.getgroups()) and user_name(us) != group


class TeamSocket:
    """Bound, and not listening yet. `close` when the core no longer listens on it."""

    def __init__(self, path: Path, group: str) -> None:
        """Make the folder if it is missing, and put group and modes right; it stays locked against a second core.

        Raises NoSuchGroup, UntrustedFile, BlockingIOError where another core listens, or another OSError.
        """
        gid = group_id(group)
        if not hasattr(socket, "SO_PEERCRED"):
            raise UntrustedFile(path, "cannot be shared: this system does not say who connects; a team needs Linux")
        self.path = path
        self._folder = _locked_folder(path, gid, group)
        try:
            self.bound = _bind(path, gid)
        except BaseException:
            os.close(self._folder)
            raise
        self._inode = path.stat().st_ino

    def close(self) -> None:
        with suppress(OSError):
            if self.path.lstat().st_ino == self._inode:
                self.path.unlink()
        os.close(self._folder)


def _locked_folder(path: Path, gid: int, group: str) -> int:
    """A descriptor of the socket's folder, locked, with its group and mode corrected."""
    folder = path.parent
    above = trusted_files.resolve(folder.parent)  # with all folders above it
    with suppress(FileExistsError):
        try:
            os.mkdir(above / folder.name, 0o700)
        except PermissionError:
            raise _cannot_be_made(folder, group) from None
    try:
        descriptor = os.open(above / folder.name, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC)
    except PermissionError:
        raise _not_ours(folder, group, os.lstat(folder).st_uid) from None
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        _make_right(descriptor, path, gid, group)
    except BaseException:
        os.close(descriptor)
        raise
    return descriptor


def _make_right(descriptor: int, path: Path, gid: int, group: str) -> None:
    folder, status = path.parent, os.fstat(descriptor)
    if status.st_uid != os.geteuid():
        raise _not_ours(folder, group, status.st_uid)
    if (stat.S_IMODE(status.st_mode), status.st_gid) == (FOLDER_MODE, gid):
        return
    if others := {*os.listdir(descriptor)} - {path.name}:
        commands = f"chgrp {quoted(group)} {quoted(folder)} && chmod 710 {quoted(folder)}"
        raise UntrustedFile(
            folder,
            f"holds {min(others)} as well, and would be opened to the group {group}; give the socket a folder of its"
            f" own in desks.socket, or run: {commands}",
        )
    _give(descriptor, folder, gid, group)
    os.fchmod(descriptor, FOLDER_MODE)


def _bind(path: Path, gid: int) -> socket.socket:
    path.unlink(missing_ok=True)  # left by a core that was killed
    bound = socket.socket(socket.AF_UNIX)
    try:
        bound.bind(str(path))
        # By name: only the core's user can write the folder. No desk connects before it listens.
        os.chown(path, -1, gid, follow_symlinks=False)
        os.chmod(path, SOCKET_MODE)
    except BaseException:
        bound.close()
        raise
    return bound


def _give(descriptor: int, folder: Path, gid: int, group: str) -> None:
    try:
        os.fchown(descriptor, -1, gid)
    except PermissionError:
        us = user_name(os.geteuid())
        raise UntrustedFile(
            folder,
            f"cannot be given to the group {group}, of which {us} is no member; run: sudo usermod -aG {group} {us},"
            " and start the core again",
        ) from None


def _not_ours(folder: Path, group: str, owner: int) -> UntrustedFile:
    us = user_name(os.geteuid())
    whose = f"belongs to {user_name(owner)}, and not to {us}, who is to listen there"
    words = f"cannot be read by {us}, whose it is" if owner == os.geteuid() else whose
    return UntrustedFile(folder, f"{words}; run: {install_command(folder, us, group)}")


def _cannot_be_made(folder: Path, group: str) -> UntrustedFile:
    us = user_name(os.geteuid())
    words = f"is missing, and {us} cannot make it; run: {install_command(folder, us, group)}"
    if folder.parent == Path("/run"):
        words += (
            f", or have systemd make it at each start: in the [Service] of its unit, Group={group},"
            f" RuntimeDirectory={folder.name}, RuntimeDirectoryMode=0710 and RuntimeDirectoryPreserve=yes"
        )
    return UntrustedFile(folder, words)


def install_command(folder: Path, user: str, group: str) -> str:
    """What an administrator runs to make the folder of a socket, or to give it to the user of the core."""
    return f"sudo install -d -o {quoted(user)} -g {quoted(group)} -m 710 {quoted(folder)}"


def trusted_owner(folder: Path) -> int:
    """The owner of a core's folder for its socket, who is to be trusted with it. Raises UntrustedFile or OSError.

    The folders above it are root's or ours, so that root, we, or a core that root has let do so have made it.
    """
    above = trusted_files.resolve(folder.parent)
    status = os.lstat(above / folder.name)
    if not stat.S_ISDIR(status.st_mode):
        raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR), str(folder))
    owner, name = status.st_uid, user_name(status.st_uid)
    if owner not in (0, os.geteuid()) and os.stat(above).st_mode & stat.S_IWOTH:
        raise UntrustedFile(folder, f"was made by {name}, where every user can make one; it is no core of this host")
    if status.st_mode & 0o022:
        raise UntrustedFile(folder, f"can be changed by others than {name}; run: sudo chmod 710 {quoted(folder)}")
    return owner


def why_shut(folder: Path) -> str:
    """Why we may not enter this folder, and what lets us in: a sentence for a user and their administrator."""
    us = user_name(os.geteuid())
    try:
        status = os.lstat(folder)
        gid, group = status.st_gid, grp.getgrgid(status.st_gid).gr_name
    except (OSError, KeyError):
        return f"{folder} cannot be entered by {us}: ask the administrator of this host."
    if gid == 0:  # of which no member of a team is to be made
        words = "an administrator gives it to the service's user and group (chown), and restarts the service"
        return f"{folder} belongs to {user_name(status.st_uid)} and the group {group}, so no team is let in: {words}."
    if gid in (os.getegid(), *os.getgroups()):
        return f"{folder} does not let its group {group} in: an administrator runs: sudo chmod 710 {quoted(folder)}"
    if is_member(os.geteuid(), gid):
        return f"{us} has joined the group {group} after signing in on this host: sign out, and in again."
    command = f"sudo usermod -aG {quoted(group)} {quoted(us)}"
    return f"{folder} is for the group {group}: an administrator runs: {command}, and {us} signs out, and in again."
