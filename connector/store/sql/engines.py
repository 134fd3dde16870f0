"""SQLAlchemy engines for a path or URL: one that writes and one that reads, on SQLite or PostgreSQL."""

from __future__ import annotations

import sqlite3
import time
from pathlib import Path
from typing import Any, NamedTuple

from sqlalchemy import URL, Connection, Engine, NullPool, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError

from connector.store.ports import StoreUnavailable
from connector.store.sql.database_file import DatabaseFile
from connector.store.sql.sqlite_file import BUSY_S, read_only_query

_POSTGRES = ("postgresql", "postgres", "postgresql+psycopg")

_HELD = (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)  # by another connection; the low byte of the extended code
# A core that hangs in the middle of a transaction is disconnected after this time; the others wait a little longer.
_IDLE_TIMEOUT_MS = 5_000
_LOCK_TIMEOUT_MS = 10_000

# A server that stops answering is noticed within some 15 s, which is when providers give up on a hook.
_POSTGRES_OPTIONS = {
    "application_name": "textdesk",
    "client_encoding": "utf8",
    "connect_timeout": "5",
    "keepalives_idle": "5",
    "keepalives_interval": "3",
    "keepalives_count": "3",
    "tcp_user_timeout": "15000",
}


class Engines(NamedTuple):
    """The engines of one database."""

    writing: Engine
    reading: Engine
    file: DatabaseFile | None = None  # of SQLite

    @property
    def is_shared(self) -> bool:
        """Whether other cores may write to the same database."""
        return self.writing.dialect.name == "postgresql"

    def open_reader(self) -> None:
        """Open one connection for reading, which stays open: it can still read a file that is removed later."""
        self.reading.connect().close()

    def dispose(self) -> None:
        self.writing.dispose()
        self.reading.dispose()
        if self.file is not None:
            self.file.release()


def engines_for(where: str | Path, readers: int) -> Engines:
    """Engines for a SQLite file (a path, or `sqlite:///path`) or for PostgreSQL (`postgresql://…`).

    Raises StoreUnavailable, with a sentence, for anything else. Connects to nothing and makes no file yet.
    """
    if isinstance(where, Path) or "://" not in where:
        return _sqlite(Path(where), readers)
    try:
        url = make_url(where)
    except (ArgumentError, ValueError):
        raise StoreUnavailable("The database URL cannot be read; expected postgresql://USER@HOST/NAME.") from None
    if url.drivername == "sqlite" and url.database:
        return _sqlite(Path(url.database), readers)
    if url.drivername in _POSTGRES:
        return _postgres(url.set(drivername="postgresql+psycopg"), readers)
    raise StoreUnavailable(f"No database is known as {url.drivername}://; expected a file's path or postgresql://….")


def read_only_engine(path: Path, *, is_in_use: bool = True) -> Engine:
    """An engine that only reads a SQLite file. Raises StoreUnavailable.

    `is_in_use`: False where no other process has it open: then nothing is written beside it either, though there is a
    log, whose index is made in memory.
    """
    query = read_only_query(path)
    is_alone = not is_in_use and "immutable" not in query
    if is_alone:
        query |= {"vfs": "unix-none"}  # without locks, which the exclusive mode below would need to write for
    url = URL.create("sqlite", database=path.absolute().as_uri(), query={**query, "uri": "true"})
    engine = create_engine(url, poolclass=NullPool, hide_parameters=True)
    if is_alone:
        event.listen(engine, "connect", lambda connection, _: connection.execute("PRAGMA locking_mode = EXCLUSIVE"))
    return engine


def _sqlite(path: Path, readers: int) -> Engines:
    url = URL.create("sqlite", database=str(path))
    # Parameters are hidden everywhere: the texts in them must not reach a log with an error.
    # No isolation level: the driver begins no transactions, so that those below hold reads, too.
    driver = {"isolation_level": None}
    writing = create_engine(url, poolclass=NullPool, connect_args=driver, hide_parameters=True)
    reading = create_engine(url, pool_size=readers, max_overflow=0, connect_args=driver, hide_parameters=True)

    def prepare(connection: sqlite3.Connection, _: Any) -> None:
        connection.execute(f"PRAGMA busy_timeout = {BUSY_S * 1000}")
        _to_wal(connection)
        connection.execute("PRAGMA synchronous = FULL")
        # What is deleted is overwritten with zeros, so that it is not left in free space of the file.
        connection.execute("PRAGMA secure_delete = ON")

    def read_only(connection: sqlite3.Connection, _: Any) -> None:
        connection.execute("PRAGMA query_only = ON")

    file = DatabaseFile(path)
    for engine in (writing, reading):
        event.listen(engine, "do_connect", lambda *_: file.before_connect())
    event.listen(writing, "connect", prepare)
    event.listen(writing, "begin", _begin_writing)
    event.listen(reading, "connect", prepare)
    event.listen(reading, "connect", read_only)
    event.listen(reading, "begin", _begin_reading)
    for engine in (writing, reading):  # after `prepare`, which makes the log
        event.listen(engine, "connect", lambda connection, _: file.connected(connection))
        event.listen(engine, "close", lambda connection, _: file.disconnected(connection))
    return Engines(writing, reading, file)


def _to_wal(connection: sqlite3.Connection) -> None:
    """Set WAL mode. Of several that do so on a new file at once, SQLite refuses some whatever the busy timeout is."""
    until = time.monotonic() + BUSY_S
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            return
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF not in _HELD or time.monotonic() >= until:
                raise
            time.sleep(0.05)


def _begin_writing(connection: Connection) -> None:
    # At once, not at the first write: SQLite does not let a transaction that has read wait for the write lock.
    connection.exec_driver_sql("BEGIN IMMEDIATE")


def _begin_reading(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN")


def _postgres(url: URL, readers: int) -> Engines:
    url = url.set(query={**_POSTGRES_OPTIONS, **url.query})
    writing = create_engine(url, poolclass=NullPool, isolation_level="READ COMMITTED", hide_parameters=True)
    reading = create_engine(
        url,
        pool_size=readers,
        max_overflow=0,
        isolation_level="REPEATABLE READ",
        execution_options={"postgresql_readonly": True},
        hide_parameters=True,
    )

    def prepare(connection: Any, _: Any) -> None:
        with connection.cursor() as cursor:
            cursor.execute(f"SET lock_timeout = {_LOCK_TIMEOUT_MS}")
            cursor.execute(f"SET idle_in_transaction_session_timeout = {_IDLE_TIMEOUT_MS}")
            # A server may be configured to confirm a commit before it has synced; a hook could be answered and lost.
            cursor.execute(
                "SELECT set_config('synchronous_commit', 'on', false) "
                "WHERE current_setting('synchronous_commit') = 'off'"
            )
        connection.commit()

    event.listen(writing, "connect", prepare)
    return Engines(writing, reading)
