"""Whether the SQLite database that is open is still the one that the next start will open.

SQLite goes on writing to a file that was removed, moved or replaced, and every commit succeeds: all of it is gone with
the process (https://www.sqlite.org/howtocorrupt.html, "Unlinking or renaming a database file while in use").
"""

from __future__ import annotations

import os
import sqlite3
import threading
from pathlib import Path

from connector.store.ports import StoreUnavailable

_ENDINGS = ("", "-wal", "-shm")
_UNTIL_THEN = "Nothing is accepted until then."
# A descriptor of this kind has no part in SQLite's locks, which end when any other kind is closed (fcntl(2)).
_HOLD = getattr(os, "O_PATH", os.O_RDONLY)


class DatabaseFile:
    """A database file and the log and index beside it, held by descriptors from the first connection on.

    Called by several threads. `before_connect`, `connected` and `disconnected` are to be called around connections.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._connections: set[int] = set()
        self._held: dict[str, int] = {}
        self._readable: int | None = None
        self._had_content = self._was_emptied = False
        self._lock = threading.Lock()

    def before_connect(self) -> None:
        """Raises StoreUnavailable rather than let SQLite make an empty file in the place of ours."""
        if (words := self.trouble()) is not None:
            raise StoreUnavailable(words)

    def connected(self, connection: sqlite3.Connection) -> None:
        """Hold the files from the first connection on; while there is one, SQLite itself removes none of them."""
        with self._lock:
            self._connections.add(id(connection))
            real = os.path.realpath(self.path)
            for ending in _ENDINGS:
                if ending not in self._held and os.path.exists(real + ending):
                    self._held[ending] = os.open(real + ending, _HOLD | os.O_CLOEXEC)

    def disconnected(self, connection: sqlite3.Connection) -> None:
        with self._lock:
            self._connections.discard(id(connection))
            if not self._connections:
                # The last connection has removed log and index; the database itself is held until `release`.
                for ending in _ENDINGS[1:]:
                    self._let_go(ending)

    def descriptor(self) -> int:
        """The database, open for reading until `release`.

        It must not be opened anywhere else in this process: when that is closed, all of SQLite's locks are gone, and
        the next program that is done with the database removes the log, although it is in use.
        """
        with self._lock:
            if self._readable is None:
                self._readable = os.open(os.path.realpath(self.path), os.O_RDONLY | os.O_CLOEXEC)
            return self._readable

    def release(self) -> None:
        """Forget the files, once there is no connection."""
        with self._lock:
            for ending in _ENDINGS:
                self._let_go(ending)
            if self._readable is not None:
                os.close(self._readable)
                self._readable = None
            self._had_content = self._was_emptied = False

    def was_removed(self) -> bool:
        """Whether the database or its log has no name left."""
        with self._lock:
            return any(_is_removed(self._held[ending]) for ending in _ENDINGS[:2] if ending in self._held)

    def is_lost(self) -> bool:
        """Whether a commit would be gone at the next start. Costs some three microseconds, for each commit."""
        return self.was_removed() or self._is_emptied()

    def trouble(self) -> str | None:
        """What has happened to the files and what to do, in sentences; None while they are where they belong."""
        with self._lock:
            for ending, descriptor in self._held.items():
                path = Path(os.path.realpath(self.path) + ending)
                if not _is_same(descriptor, path):
                    return _words(descriptor, path)
        if self._is_emptied():
            words = "was emptied while the core was running, so nothing more is accepted"
            return f"{os.path.realpath(self.path)} {words}. Stop the core and restore a backup."
        return None

    def _is_emptied(self) -> bool:
        """Whether the file has been cut to nothing, as by `> textdesk.db`. What comes into it later is another's.

        That it is smaller says nothing: VACUUM makes it so.
        """
        with self._lock:
            if (descriptor := self._held.get("")) is not None:
                has_content = os.fstat(descriptor).st_size > 0
                self._was_emptied |= self._had_content and not has_content
                self._had_content |= has_content
            return self._was_emptied

    def _let_go(self, ending: str) -> None:
        if (descriptor := self._held.pop(ending, None)) is not None:
            os.close(descriptor)


def _is_removed(descriptor: int) -> bool:
    return os.fstat(descriptor).st_nlink == 0


def _is_same(descriptor: int, path: Path) -> bool:
    try:
        there = os.stat(path)
    except FileNotFoundError:
        return False
    except OSError:
        return True  # it cannot be seen at the moment, as on a network disk; what is written will say so
    held = os.fstat(descriptor)
    return (held.st_dev, held.st_ino) == (there.st_dev, there.st_ino)


def _words(descriptor: int, path: Path) -> str:
    if _is_removed(descriptor):
        words = f"{path} was removed while the core was running, so nothing more is accepted."
        # The index is made anew from the log, which has all that was accepted.
        return f"{words} Start the core again: nothing is lost." if path.name.endswith("-shm") else words
    where = _present_path(descriptor)
    what = f"moved to {where}" if where else "moved away"
    if os.path.lexists(path):
        return f"{path} was {what}, and another file is in its place. Exchange them again. {_UNTIL_THEN}"
    return f"{path} was {what}. Move it back. {_UNTIL_THEN}"


def _present_path(descriptor: int) -> str | None:
    try:
        return os.readlink(f"/proc/self/fd/{descriptor}")
    except OSError:
        return None
