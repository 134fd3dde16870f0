"""The relay's records: one SQLite file, each transaction synced before its caller goes on.

`forwards` is what the core has to get, in the order of `seq`; a row that is done stays without its body, so that what
the gateway offers again is recognised. `sends` and `parts` are the replies that the gateway was to send.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import sqlite3
from collections import deque
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

from msgspec import Struct

from connector.base import trusted_files

_T = TypeVar("_T")

REMEMBERED_MS = 14 * 24 * 3_600_000
"""How long the ids of both directions are remembered."""
MOST_WAITING = 500_000
"""Rows that may wait for the core; what is more is not taken, and the gateway has to hold it."""
_BATCH = 256  # uses of one commit

_SCHEMA = """
CREATE TABLE IF NOT EXISTS forwards (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,        -- the gateway's: what has the same one is the same
    lane TEXT NOT NULL,             -- rows of one lane are handed on one after another
    kind TEXT NOT NULL,             -- of the core's hook: inbound or status
    body BLOB NOT NULL,             -- empty once it is done
    at INTEGER NOT NULL,
    next_at INTEGER NOT NULL,       -- not tried before
    tries INTEGER NOT NULL DEFAULT 0,
    repeats INTEGER NOT NULL DEFAULT 0, -- how often the gateway offered it again
    done_at INTEGER,
    answer INTEGER                  -- the core's last HTTP status; NULL without one
);
CREATE INDEX IF NOT EXISTS forwards_waiting ON forwards (seq) WHERE done_at IS NULL;
CREATE INDEX IF NOT EXISTS forwards_lanes ON forwards (lane, seq) WHERE done_at IS NULL;
CREATE INDEX IF NOT EXISTS forwards_done ON forwards (done_at) WHERE done_at IS NOT NULL;
CREATE TABLE IF NOT EXISTS sends (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,        -- the core's
    line TEXT NOT NULL,
    consumer TEXT NOT NULL,
    at INTEGER NOT NULL,
    ends_at INTEGER NOT NULL,       -- parts that were not handed over by then never are
    valid_until INTEGER,            -- the gateway gives up then; NULL: when the carrier does
    encoding TEXT NOT NULL          -- of the whole text
);
CREATE INDEX IF NOT EXISTS sends_at ON sends (at);
CREATE TABLE IF NOT EXISTS parts (
    id TEXT NOT NULL,
    part INTEGER NOT NULL,
    parts INTEGER NOT NULL,
    text TEXT NOT NULL,             -- empty once it was handed over
    state TEXT NOT NULL,            -- waiting, trying, unknown, taken, refused
    status TEXT NOT NULL DEFAULT '', -- by the latest receipt
    PRIMARY KEY (id, part)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS parts_open ON parts (state) WHERE state IN ('waiting', 'trying', 'unknown');
"""


class RelayCounts(Struct, frozen=True):
    """What waits and what was done in `REMEMBERED_MS`."""

    waiting: int  # texts and receipts that the core does not have yet
    oldest_at: int | None  # when the oldest of them came
    last_answer: int | None  # what the core answered to it last; None: nothing
    handed_on: int
    not_understood: int  # of these, what the core could not read; its administrator sees it
    repeats: int  # what the gateway offered again, and was not handed on twice
    sends: int
    unknown: int  # parts whose end is unknown
    unsent: int  # parts that wait for the gateway


class _Use(NamedTuple):
    use: Callable[[sqlite3.Connection], Any]
    loop: asyncio.AbstractEventLoop
    done: asyncio.Future[Any]


class RelayStore:
    """Open with the process's lock held. What has gathered while a transaction was synced is committed together.

    Every method blocks, but `run`.
    """

    def __init__(self, path: Path) -> None:
        """Raises OSError and sqlite3.Error."""
        os.close(trusted_files.open_private(path, os.O_RDWR))  # SQLite gives its other files the same mode
        self._db = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        self._db.execute("PRAGMA journal_mode=WAL")
        self._db.execute("PRAGMA synchronous=FULL")
        self._db.executescript(_SCHEMA)
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="relay store")
        self._gathered: deque[_Use] = deque()

    async def run(self, use: Callable[[sqlite3.Connection], _T]) -> _T:
        """Run `use` in the store's own thread, whole or not at all; on disk on return. Raises sqlite3.Error.

        It is finished also when its caller is cancelled meanwhile.
        """
        loop = asyncio.get_running_loop()
        done: asyncio.Future[_T] = loop.create_future()
        self._gathered.append(_Use(use, loop, done))
        self._thread.submit(self._commit_gathered)
        return await done

    def _commit_gathered(self) -> None:
        batch: list[_Use] = []
        while self._gathered and len(batch) < _BATCH:
            batch.append(self._gathered.popleft())
        if not batch:
            return
        results: list[tuple[Any, Exception | None]]
        try:
            self._db.execute("BEGIN IMMEDIATE")
            results = [self._savepoint(one.use) for one in batch]
            self._db.execute("COMMIT")
        except Exception as error:
            results = [(None, error)] * len(batch)
            with contextlib.suppress(sqlite3.Error):
                self._db.execute("ROLLBACK")
        for one, (result, failure) in zip(batch, results, strict=True):
            with contextlib.suppress(RuntimeError):  # its loop has ended
                one.loop.call_soon_threadsafe(_settle, one.done, result, failure)

    def _savepoint(self, use: Callable[[sqlite3.Connection], Any]) -> tuple[Any, Exception | None]:
        self._db.execute("SAVEPOINT one")
        try:
            result, failure = use(self._db), None
        except Exception as error:
            self._db.execute("ROLLBACK TO one")
            result, failure = None, error
        self._db.execute("RELEASE one")
        return result, failure

    def close(self) -> None:
        self._thread.shutdown()
        self._db.close()


def _settle(done: asyncio.Future[Any], result: Any, failure: Exception | None) -> None:
    if done.cancelled():
        return
    if failure is None:
        done.set_result(result)
    else:
        done.set_exception(failure)


def counts_at(path: Path) -> RelayCounts:
    """The counts of a relay's file, whether it runs or not. Raises sqlite3.Error."""
    trusted_files.resolve(path)
    db = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)
    try:
        return counts(db)
    finally:
        db.close()


def counts(db: sqlite3.Connection) -> RelayCounts:
    waiting, oldest = db.execute("SELECT count(*), min(seq) FROM forwards WHERE done_at IS NULL").fetchone()
    oldest_at, last = db.execute("SELECT at, answer FROM forwards WHERE seq=?", (oldest,)).fetchone() or (None, None)
    done, unread = db.execute(
        "SELECT count(*), count(*) FILTER (WHERE answer <> 200) FROM forwards WHERE done_at IS NOT NULL"
    ).fetchone()
    (repeats,) = db.execute("SELECT coalesce(sum(repeats), 0) FROM forwards").fetchone()
    (sends,) = db.execute("SELECT count(*) FROM sends").fetchone()
    states = dict(db.execute("SELECT state, count(*) FROM parts WHERE state IN ('waiting', 'unknown') GROUP BY state"))
    return RelayCounts(
        waiting, oldest_at, last, done, unread, repeats, sends, states.get("unknown", 0), states.get("waiting", 0)
    )


def add_forward(db: sqlite3.Connection, id_: str, *, lane: str, kind: str, body: bytes, now: int) -> bool:
    """Add what the core has to get; False when it is known already. Raises sqlite3.Error when too much waits."""
    added = db.execute(
        "INSERT INTO forwards (id, lane, kind, body, at, next_at) VALUES (?, ?, ?, ?, ?, ?)"
        " ON CONFLICT (id) DO UPDATE SET repeats = repeats + 1 RETURNING repeats = 0",
        (id_, lane, kind, body, now, now),
    ).fetchone()[0]
    if added and _is_full(db):
        raise sqlite3.OperationalError("too much waits for the core")
    return bool(added)


def _is_full(db: sqlite3.Connection) -> bool:
    """Counted only where the span from the oldest row allows it."""
    first, last = db.execute(
        "SELECT (SELECT min(seq) FROM forwards WHERE done_at IS NULL), (SELECT max(seq) FROM forwards)"
    ).fetchone()
    if last - first < MOST_WAITING:
        return False
    return bool(db.execute("SELECT count(*) FROM forwards WHERE done_at IS NULL").fetchone()[0] > MOST_WAITING)


def purge(db: sqlite3.Connection, now: int) -> None:
    """Forget what was done long ago."""
    before = now - REMEMBERED_MS
    db.execute("DELETE FROM forwards WHERE done_at < ?", (before,))
    db.execute("DELETE FROM parts WHERE id IN (SELECT id FROM sends WHERE at < ?)", (before,))
    db.execute("DELETE FROM sends WHERE at < ?", (before,))
