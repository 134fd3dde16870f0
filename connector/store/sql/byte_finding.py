"""Looking for bytes in the database's files, beside all other work. All of it blocks."""

from __future__ import annotations

import contextlib
import os
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from connector.base.byte_search import count_in
from connector.store.erasure import SearchedFile
from connector.store.ports import StoreUnavailable
from connector.store.sql import cleaning
from connector.store.sql.database_file import DatabaseFile
from connector.store.sql.engines import Engines
from connector.store.sql.row_bytes import Damaged, RowBytes

_CHUNK = 1 << 20
_MOST_HITS = 100_000
_AROUND = 12  # bytes before and after, by which what SQLite has moved is known as a copy of a row that is there
_TRIES = 50
_PAUSE_S = 0.1


def find(
    engines: Engines, needles: Mapping[str, Sequence[bytes]], progress: Callable[[float], None]
) -> list[SearchedFile]:
    """`progress`: called with the share that was looked at. Raises OSError, StoreUnavailable."""
    if engines.file is None:
        return [_counted(path, needles) for path in cleaning.files_of_server(engines)]
    with _still(engines, engines.file) as connection:
        return [_sqlite(engines.file, connection, needles, progress)]


def _counted(path: Path, needles: Mapping[str, Sequence[bytes]]) -> SearchedFile:
    return SearchedFile(path, path.stat().st_size if path.exists() else 0, count_in(path, needles), None)


@contextlib.contextmanager
def _still(engines: Engines, file: DatabaseFile) -> Iterator[Any]:
    """A connection during which the file does not change: its log was empty when it began to read, so nothing is
    copied into the file until it ends. What is committed meanwhile is in the log."""
    with cleaning.connection(engines.writing) as connection:
        for _ in range(_TRIES):
            cleaning.empty_log(connection)
            connection.execute("BEGIN")
            connection.execute("SELECT count(*) FROM sqlite_schema").fetchall()
            if not os.path.getsize(os.path.realpath(file.path) + "-wal"):
                break
            connection.execute("ROLLBACK")
            time.sleep(_PAUSE_S)
        else:
            raise StoreUnavailable("The database's log could not be emptied, as so much is stored; try again.")
        yield connection
        connection.execute("ROLLBACK")


def _sqlite(
    file: DatabaseFile, connection: Any, needles: Mapping[str, Sequence[bytes]], progress: Callable[[float], None]
) -> SearchedFile:
    descriptor = file.descriptor()
    size = os.fstat(descriptor).st_size

    def read(at: int, length: int) -> bytes:
        return os.pread(descriptor, length, at)

    hits = {name: _hits(read, size, some, progress) for name, some in needles.items()}
    found = Counter({name: len(some) for name, some in hits.items() if some})
    ((auto_vacuum,),) = connection.execute("PRAGMA auto_vacuum").fetchall()
    if not found or auto_vacuum or max(found.values()) >= _MOST_HITS:
        return SearchedFile(file.path, size, found, None if found else Counter())
    roots = connection.execute("SELECT rootpage FROM sqlite_schema WHERE rootpage > 0").fetchall()
    try:
        rows = RowBytes(read, (root for (root,) in roots))
        free = Counter({name: len(_free(rows, read, some)) for name, some in hits.items()})
    except (Damaged, IndexError):
        return SearchedFile(file.path, size, found, None)
    return SearchedFile(file.path, size, found, +free)


def _hits(
    read: Callable[[int, int], bytes], size: int, needles: Sequence[bytes], progress: Callable[[float], None]
) -> list[tuple[int, int]]:
    """The ranges of bytes where one of these is, at most `_MOST_HITS`."""
    found: list[tuple[int, int]] = []
    longest = max(map(len, needles), default=0)
    for at in range(0, size if needles else 0, _CHUNK):
        chunk = read(at, _CHUNK + longest - 1)
        for needle in needles:
            first = chunk.find(needle)
            while 0 <= first < _CHUNK and len(found) < _MOST_HITS:
                found.append((at + first, at + first + len(needle)))
                first = chunk.find(needle, first + 1)
        progress(at / size)
    return found


def _free(rows: RowBytes, read: Callable[[int, int], bytes], hits: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Those outside of rows; not those that are a copy of what is in a row, with what stands before and after it."""

    def around(hit: tuple[int, int]) -> bytes:
        return read(max(hit[0] - _AROUND, 0), hit[1] - hit[0] + 2 * _AROUND)

    outside = rows.outside(hits)
    if not outside:
        return []
    there = {around(hit) for hit in set(hits).difference(outside)}
    return [hit for hit in outside if around(hit) not in there]
