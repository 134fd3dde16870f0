"""The relay's records: one SQLite file, each transaction synced before its caller goes on.

`forwards` is what the core has to get, in the order of `seq`; a row that is done stays without its body, so that what
the gateway offers again is recognised. `sends` and `parts` are the replies that the gateway was to send.
"""

from __future__ import annotations

import asyncio
import os
import sqlite3
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar

from msgspec import Struct

from connector.base import trusted_files

_T = TypeVar("_T")

REMEMBERED_MS = 14 * 24 * 3_600_000
"""How long the ids of both directions are remembered."""
MOST_WAITING = 500_000
"""Rows that may wait for the core; what is more is not taken, and the gateway has to hold it."""

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


class RelayStore:
    """Open with the process's lock held. Every method blocks, but `run`."""

    def __init__(self, path: Path) -> None:
        """Raises OSError and sqlite3.Error."""
        os.close(trusted_files.open_private(path, os.O_RDWR))  # SQLite gives its other files the same mode
        self._db = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        self._db.execute("PRAGMA journal_mode=WAL")
        self._db.execute("PRAGMA synchronous=FULL")
        self._db.executescript(_SCHEMA)
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="relay store")

    async def run(self, use: Callable[[sqlite3.Connection], _T]) -> _T:
        """One transaction in the store's own thread, on disk on return. Raises sqlite3.Error.

        It is finished also when its caller is cancelled meanwhile.
        """
        return await asyncio.get_running_loop().run_in_executor(self._thread, self._transaction, use)

    def _transaction(self, use: Callable[[sqlite3.Connection], _T]) -> _T:
        self._db.execute("BEGIN IMMEDIATE")
        try:
            result = use(self._db)
        except BaseException:
            self._db.execute("ROLLBACK")
            raise
        self._db.execute("COMMIT")
        return result

    def close(self) -> None:
        self._thread.shutdown()
        self._db.close()


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
    if added and db.execute("SELECT count(*) FROM forwards WHERE done_at IS NULL").fetchone()[0] > MOST_WAITING:
        raise sqlite3.OperationalError("too much waits for the core")
    return bool(added)


def purge(db: sqlite3.Connection, now: int) -> None:
    """Forget what was done long ago."""
    before = now - REMEMBERED_MS
    db.execute("DELETE FROM forwards WHERE done_at < ?", (before,))
    db.execute("DELETE FROM parts WHERE id IN (SELECT id FROM sends WHERE at < ?)", (before,))
    db.execute("DELETE FROM sends WHERE at < ?", (before,))
