"""The data directory: who has it, and what a core leaves there about itself."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path

from connector.base.ids import Ids
from connector.wire import address

_MARK = """\
A core ran here as a service (`textdesk serve`), so desks wait for it and start none of their own.
Remove this file to let desks start one again.
"""


class CannotStart(Exception):
    """One sentence for the person who tried, and the exit code."""

    def __init__(self, words: str, code: int) -> None:
        super().__init__(words)
        self.code = code


def take(data: Path, *, embedded: bool) -> int:
    """Make the data directory ours alone, and a service's for good: no desk starts a core in its place.

    Raises CannotStart.
    """
    mark = address.service_mark(data)
    try:
        data.mkdir(mode=0o700, parents=True, exist_ok=True)
        lock = os.open(data / "core.lock", os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        raise CannotStart(f"{data}: cannot be used as data directory: {error.strerror}.", os.EX_IOERR) from None
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(lock)
        whose = "." if mark.exists() else ", started by a desk: it ends some seconds after the last desk is left."
        raise CannotStart(f"{data}: another core is running on this data directory{whose}", os.EX_TEMPFAIL) from None
    if embedded and mark.exists():
        os.close(lock)
        raise CannotStart(f"{data}: is kept by a service; desks wait for it. See {mark}.", os.EX_TEMPFAIL)
    if not embedded and not mark.exists():
        try:
            _write(mark, _MARK)
        except OSError as error:
            os.close(lock)
            raise CannotStart(f"{mark}: cannot be written: {error.strerror}.", os.EX_IOERR) from None
    return lock


def node(data: Path, ids: Ids) -> str:
    """This core's lasting name among those of one database; the data directory's lock says that there is one of it."""
    path = data / "node"
    if not path.exists():
        _write(path, ids.new())
    return path.read_text(encoding="ascii")


def _write(path: Path, text: str) -> None:
    """A file for its owner only, whole or not at all."""
    beside = path.with_suffix(".new")
    beside.touch(mode=0o600)
    beside.write_text(text, encoding="utf-8")
    beside.rename(path)
