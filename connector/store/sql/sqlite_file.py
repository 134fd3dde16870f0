"""The SQLite database as a file: looked at without changing it, and created readable by its owner only."""

from __future__ import annotations

import os
import sqlite3
import time
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from connector.base import atomic_file, trusted_files
from connector.store.ports import StoreUnavailable
from connector.store.sql import identify
from connector.store.sql.errors import why_unavailable

BUSY_S = 5  # how long SQLite waits for another connection
# https://www.sqlite.org/fileformat.html
_MAGIC = b"SQLite format 3\0"
_RESCUED = ".rescued-"
_WAL = b"\2"  # at offset 18: written through a write-ahead log


def read_only_query(path: Path) -> dict[str, str]:
    """The parameters of a URI that opens the file for reading, and leaves no files beside it if none are there.

    Raises StoreUnavailable when there is no file that can be read.
    """
    try:
        trusted_files.resolve(path)
        if not path.is_file():
            kind = "a directory" if path.is_dir() else "no regular file"
            raise StoreUnavailable(f"{path} is {kind}; move it away, or name another database file.")
        with path.open("rb") as file:
            header = file.read(20)
    except trusted_files.UntrustedFile as error:
        raise StoreUnavailable(str(error)) from None
    except OSError as error:
        raise StoreUnavailable(f"{path} cannot be read ({error.strerror}); check its owner and mode.") from None
    if header and not header.startswith(_MAGIC):  # SQLite itself would take a file of one byte for an empty one
        raise StoreUnavailable(f"{path} is not a database; name another file, or move this one away.")
    if header[18:19] == _WAL and not _beside(path, "-wal").exists():
        return {"mode": "ro", "immutable": "1"}  # without a log the file is not open anywhere
    return {"mode": "ro"}


def revision(path: Path) -> str | None:
    """See `identify.revision`; the file stays as it is, and need not be there."""
    if not os.path.exists(path):
        return None
    query = read_only_query(path)
    if _beside(path, "-journal").exists():
        query = {"mode": "rw"}  # a transaction that was broken off is rolled back before any reading
    uri = f"{path.absolute().as_uri()}?{urlencode(query)}"
    try:
        with closing(sqlite3.connect(uri, uri=True, timeout=BUSY_S, isolation_level=None)) as connection:
            connection.execute("BEGIN")
            return identify.revision(lambda sql: connection.execute(sql).fetchall(), "sqlite")
    except sqlite3.Error as error:
        raise StoreUnavailable(why_unavailable(error) or f"{path} cannot be read ({error}).") from error


def refuse_remains(path: Path) -> None:
    """Raises StoreUnavailable when the file is missing or empty and what stands beside it shows that there was one.

    An empty database in its place would lose all of it: SQLite would write over the log that is left.
    """
    is_there = os.path.exists(path)
    if is_there and path.stat().st_size:
        return
    what, mend = ("is empty", "restore a backup") if is_there else ("is missing", "move the database back")
    if copies := sorted(path.parent.glob(f"{path.name}{_RESCUED}*")):
        raise StoreUnavailable(
            f"{path} {what}, and a core has saved all it held as {copies[-1].name}: rename that to {path.name}. To"
            " begin with an empty database, move the copy to another folder."
        )
    log = _beside(path, "-wal")
    if log.exists() and log.stat().st_size:
        raise StoreUnavailable(
            f"{path} {what}, and its log {log.name} is still there: {mend} before a core is started. To begin with an"
            " empty one, move the log to another folder."
        )


def create(path: Path) -> None:
    """Make the file and its directory if they are missing, readable by their owner only. Raises StoreUnavailable."""
    try:
        trusted_files.make_folder(path.parent)
        # Not left to SQLite: it would take the mode from the umask, and give it to the files beside it, too.
        os.close(trusted_files.open_private(trusted_files.resolve(path), os.O_RDWR))
    except trusted_files.UntrustedFile as error:
        raise StoreUnavailable(str(error)) from None
    except OSError as error:
        raise StoreUnavailable(f"{path} cannot be written ({error.strerror}); name another data directory.") from None


def save_copy(connection: Any, path: Path) -> Path:
    """Write all that a driver's connection can read to a new file beside `path`, and return its path.

    Blocks for as long as the copy takes. Raises OSError or sqlite3.Error; then there is no copy.
    """
    copy = path.with_name(f"{path.name}{_RESCUED}{time.strftime('%Y%m%dT%H%M%SZ', time.gmtime())}")
    trusted_files.make_folder(copy.parent)
    os.close(trusted_files.open_private(copy, os.O_RDWR | os.O_EXCL))
    try:
        with closing(sqlite3.connect(copy)) as target:
            connection.backup(target)
    except BaseException:
        copy.unlink(missing_ok=True)
        raise
    atomic_file.sync_directory(copy.parent)
    return copy


def _beside(path: Path, ending: str) -> Path:
    return path.with_name(path.name + ending)
