"""A second user on this machine: a forked child with another uid. Needs root, as containers that run tests have it."""

from __future__ import annotations

import encodings.ascii  # noqa: F401  (that user may not be able to read the interpreter's files)
import os
import shutil
import socket
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

STRANGER = 64_321  # has no account
needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="becoming another user needs root")


def as_user(uid: int, attempt: Callable[[], object]) -> str:
    """Run it in a child as this user, without any group; blank, or the name and text of what it raised."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        words = ""
        try:
            os.setgroups([])
            os.setresgid(uid, uid, uid)
            os.setresuid(uid, uid, uid)
            attempt()
        except BaseException as error:
            words = f"{type(error).__name__}: {error}"
        os.write(writing, words.encode())
        os._exit(0)
    os.close(writing)
    with open(reading, encoding="utf-8") as pipe:
        words = pipe.read()
    os.waitpid(child, 0)
    return words


@contextmanager
def public_folder() -> Iterator[Path]:
    """A new folder of ours that every user can enter; pytest's own are private."""
    folder = Path(tempfile.mkdtemp(prefix="textdesk-"))
    folder.chmod(0o755)
    try:
        yield folder
    finally:
        shutil.rmtree(folder)


@contextmanager
def listening_as(uid: int, path: Path) -> Iterator[None]:
    """A socket that this user listens at and every user can connect to, in a folder that every user can write to."""
    with socket.socket(socket.AF_UNIX) as listening:
        path.parent.chmod(0o1777)
        os.seteuid(uid)  # the kernel notes who listens
        listening.bind(str(path))
        listening.listen()
        os.seteuid(0)
        path.chmod(0o777)
        yield
