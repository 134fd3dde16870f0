"""The one place that decides whether a file or folder of this host can be trusted, and opens or makes it if so.

The rules are those of OpenSSH's StrictModes (sshd_config(5)), for everything whose content we act on or that we write:

- It belongs to us or to root, and no other user can write it; the same holds for every folder above it, up to the root.
- A group may write where it is the owner's own: it bears their name, or has no entry, and no other member.
- A folder like /tmp, where all users write, is safe for what is ours: its sticky bit keeps others' hands off it.
- A symbolic link is followed when it belongs to us or root, and is judged by where it leads.

Paths are walked from the root down, so that nothing that was judged can be exchanged by another user afterwards; files
are opened without following a last link, and judged by their descriptor. Everything here blocks, and raises OSError.
"""

from __future__ import annotations

import errno
import functools
import grp
import os
import pwd
import re
import shlex
import socket
import stat
import struct
from collections import deque
from collections.abc import Collection
from pathlib import Path
from typing import BinaryIO

_MOST_LINKS = 40  # as Linux
_OWN_DESCRIPTOR = re.compile(r"/dev/stdin|/(?:dev|proc/self)/fd/(\d{1,6})")
_MOST_BYTES = 4 << 20  # no configuration or secret is longer


class UntrustedFile(PermissionError):
    """A file or folder that others can change: its text is one sentence, with the command that mends it."""

    def __init__(self, path: str | Path, words: str) -> None:
        super().__init__(errno.EPERM, words, str(path))

    def __str__(self) -> str:
        return f"{self.filename}: {self.strerror}."


def resolve(path: Path, *, owner: int | None = None) -> Path:
    """The path without links, all of it trusted; its last part need not exist. `owner` is trusted besides us and root.

    Raises UntrustedFile, FileNotFoundError for a missing folder, or another OSError.
    """
    trusted = _us(owner)
    parts = deque((Path.cwd() / path).parts[1:])
    current, links = "/", 0
    _judge(current, os.lstat(current), trusted)
    while parts:
        part = parts.popleft()
        if part in ("", ".", ".."):
            current = os.path.dirname(current) if part == ".." else current
            continue
        entry = os.path.join(current, part)
        try:
            status = os.lstat(entry)
        except FileNotFoundError:
            if parts:
                raise
            return Path(entry)
        if not stat.S_ISLNK(status.st_mode):
            _judge(entry, status, trusted)
            current = entry
            continue
        if status.st_uid not in trusted | _outside():
            raise UntrustedFile(entry, f"is a link of {user_name(status.st_uid)}, another user; name the file itself")
        if (links := links + 1) > _MOST_LINKS:
            raise OSError(errno.ELOOP, os.strerror(errno.ELOOP), str(path))
        target = os.readlink(entry)
        parts.extendleft(reversed(target.split("/")))
        current = "/" if target.startswith("/") else current
    return Path(current)


def read(
    path: Path,
    *,
    below: Collection[Path] = (),
    any_owner_for_root: bool = False,
    most_bytes: int | None = _MOST_BYTES,
) -> bytes:
    """The content of a regular file; OSError when it is longer. With `below` it must be in one of these folders.

    With `any_owner_for_root`, root may read a file of any user, as if that user read it: use it for files that the
    person at the keyboard has named, never for those that were found.
    """
    if not below and (own := _OWN_DESCRIPTOR.fullmatch(str(path))) is not None:
        with open(os.dup(int(own[1] or 0)), "rb") as file:  # opened by our parent, as in --config <(command)
            return _content(file, path, most_bytes)
    owner = _owner(path) if any_owner_for_root and os.geteuid() == 0 else None
    real = resolve(path, owner=owner)
    if below and not any(real.is_relative_to(folder) for folder in map(_real, below)):
        folders = " or ".join(map(str, map(_real, below)))
        raise UntrustedFile(path, f"is outside of {folders}; move it there")
    # Without O_NONBLOCK a named pipe would hold us for ever.
    try:
        descriptor = os.open(real, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except PermissionError:
        raise UntrustedFile(real, _not_readable(real)) from None
    try:
        status = os.fstat(descriptor)
        _demand_regular(real, status)
        _judge(str(real), status, _us() if owner is None else frozenset({owner}))
    except BaseException:
        os.close(descriptor)
        raise
    with open(descriptor, "rb") as file:
        return _content(file, path, most_bytes)


def _content(file: BinaryIO, path: Path, most_bytes: int | None) -> bytes:
    content = file.read(-1 if most_bytes is None else most_bytes + 1)
    if most_bytes is not None and len(content) > most_bytes:
        raise OSError(errno.EFBIG, os.strerror(errno.EFBIG), str(path))
    return content


def open_private(path: Path, flags: int) -> int:
    """A descriptor of a file of ours, made with mode 0600 if it is missing (O_CREAT is added to `flags`).

    Its folder exists. A link in its place is an UntrustedFile, as is a file of another user.
    """
    real = resolve(path.parent) / path.name
    demand_ours(real.parent)
    try:
        descriptor = os.open(real, flags | os.O_CREAT | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC, 0o600)
    except OSError as error:
        if error.errno == errno.ELOOP:
            raise UntrustedFile(real, f"is a link where a file of ours belongs; run: rm {quoted(real)}") from None
        raise
    try:
        status = os.fstat(descriptor)
        _demand_regular(real, status)
        if status.st_uid != os.geteuid():
            raise UntrustedFile(real, _not_ours(real, status))
        if status.st_mode & 0o077:
            os.fchmod(descriptor, 0o600)
    except BaseException:
        os.close(descriptor)
        raise
    return descriptor


def make_folder(path: Path) -> Path:
    """A folder of ours to write into, with its links resolved; what is missing of it is made with mode 0700.

    An existing one must be ours alone. When we are root, nothing is made in another user's folder.
    """
    missing: list[str] = []
    place = Path.cwd() / path
    while not os.path.lexists(place):
        missing.insert(0, place.name)
        place = place.parent
    real = resolve(place)
    for name in missing:
        demand_ours(real)
        real = real / name
        try:
            os.mkdir(real, 0o700)
        except FileExistsError:
            real = resolve(real)  # made meanwhile, by another of our processes or by another user
    status = os.lstat(real)
    if not stat.S_ISDIR(status.st_mode):
        raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR), str(real))
    if status.st_mode & stat.S_ISVTX and status.st_mode & stat.S_IWOTH:
        raise UntrustedFile(real, "is shared by all users of this machine; name a folder of your own in it")
    _judge(str(real), status, _us())
    demand_ours(real)
    return real


def demand_ours(folder: Path) -> None:
    """Raises UntrustedFile unless the folder, which we are about to write into, is ours or root's."""
    status = os.stat(folder)
    if status.st_uid not in (0, os.geteuid()):
        raise UntrustedFile(folder, _not_ours(folder, status))


def mode_of(path: Path) -> int | None:
    """Its permission bits; None when it cannot be looked at."""
    try:
        return stat.S_IMODE(path.stat().st_mode)
    except OSError:
        return None


def peer_uid(connection: socket.socket) -> int | None:
    """Uid of the process at the other end of a Unix socket, as the kernel knows it; None over TCP."""
    if connection.family != socket.AF_UNIX:
        return None
    if hasattr(socket, "SO_PEERCRED"):
        credentials = connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, struct.calcsize("3i"))
        _, uid, _ = struct.unpack("3i", credentials)
        return int(uid)
    return os.geteuid()  # the socket's mode lets no other user in


def demand_our_core(connection: socket.socket, path: Path, owner: int | None = None) -> None:
    """Raises UntrustedFile when the program that listens on this Unix socket is another user's. Root may use any.

    `owner` is trusted besides us and root: see `team_socket.trusted_owner`.
    """
    uid = peer_uid(connection)
    if uid is not None and uid not in _us(owner) and os.geteuid() != 0:
        whose = "yours" if owner is None else f"{user_name(owner)}, whose folder it is in"
        raise UntrustedFile(path, f"is the socket of {user_name(uid)}, another user, not of a core of {whose}")


def _judge(path: str, status: os.stat_result, trusted: frozenset[int]) -> None:
    """Raises UntrustedFile when another user owns this, or can write it."""
    is_folder = stat.S_ISDIR(status.st_mode)
    if status.st_uid not in (trusted | _outside() if is_folder else trusted):
        raise UntrustedFile(path, _not_ours(path, status))
    if is_folder and status.st_mode & stat.S_ISVTX:
        return  # no other user can exchange what is in it and belongs to us, which is judged next
    by_others = status.st_mode & stat.S_IWOTH
    by_group = status.st_mode & stat.S_IWGRP and not _is_own_group(status.st_gid, status.st_uid, os.geteuid())
    if by_others or by_group:
        who = "every user of this machine" if by_others else f"the group {_group_name(status.st_gid)}"
        what = "go" if by_others else "g"
        raise UntrustedFile(path, f"can be changed by {who}; run: chmod {what}-w {quoted(path)}")


def _us(owner: int | None = None) -> frozenset[int]:
    return frozenset({0, os.geteuid()} if owner is None else {0, os.geteuid(), owner})


def _owner(path: Path) -> int | None:
    """The owner of a file that was named. A link must belong to the owner of what it leads to, or to us."""
    own, led_to = os.lstat(path), os.stat(path)
    return led_to.st_uid if own.st_uid in (0, led_to.st_uid) else None


def _real(folder: Path) -> Path:
    return Path(os.path.realpath(folder))


def _demand_regular(path: Path, status: os.stat_result) -> None:
    if stat.S_ISDIR(status.st_mode):
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))
    if not stat.S_ISREG(status.st_mode):
        raise UntrustedFile(path, "is not a regular file")


@functools.lru_cache
def _is_own_group(gid: int, owner: int, us: int) -> bool:
    """Whether no one but the owner and us is in the group: the private groups of Debian and Fedora, and containers'.

    Remembered, since a directory service may have many users to go through.
    """
    allowed = {0, owner, us}
    try:
        group = grp.getgrgid(gid)
    except KeyError:
        pass  # as in containers, where a volume's group has no entry
    else:
        if group.gr_name != user_name(owner) or not {*group.gr_mem} <= {user_name(uid) for uid in allowed}:
            return False
    return all(account.pw_uid in allowed for account in pwd.getpwall() if account.pw_gid == gid)


@functools.cache
def _outside() -> frozenset[int]:
    """In a user namespace the uid that stands for all owners outside of it; the folders above ours may be theirs."""
    try:
        if Path("/proc/self/uid_map").read_text(encoding="ascii").split() == ["0", "0", "4294967295"]:
            return frozenset()
        return frozenset({int(Path("/proc/sys/kernel/overflowuid").read_text(encoding="ascii"))})
    except OSError:
        return frozenset()


def _not_ours(path: str | Path, status: os.stat_result) -> str:
    owner, us = user_name(status.st_uid), user_name(os.geteuid())
    words = f"belongs to {owner}, and this runs as {us}; "
    if owner == f"uid-{status.st_uid}":  # no account here: brought from another system, or mounted
        return f"{words}run: sudo chown {us} {quoted(path)}"
    return words + (f"run it as {owner}" if os.geteuid() == 0 else "name one of your own")


def _not_readable(path: Path) -> str:
    status, us = os.lstat(path), user_name(os.geteuid())
    words = (
        f"cannot be read by {us} (it belongs to {user_name(status.st_uid)}, mode {stat.S_IMODE(status.st_mode):04o})"
    )
    if status.st_uid == os.geteuid():
        return f"{words}; run: chmod 600 {quoted(path)}"
    return f"{words}; if it is for {us}, run: sudo chown {us} {quoted(path)} && sudo chmod 600 {quoted(path)}"


def user_name(uid: int) -> str:
    """The name of a user; `uid-N` for one without an account. Blocks: a directory service may be asked."""
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return f"uid-{uid}"


def _group_name(gid: int) -> str:
    try:
        return grp.getgrgid(gid).gr_name
    except KeyError:
        return str(gid)


def quoted(path: str | Path) -> str:
    """As a word of a shell command."""
    return shlex.quote(str(path))
