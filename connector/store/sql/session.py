"""Sessions: statements run on one connection. A write session also collects what is written at its end."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterator, Sequence
from datetime import tzinfo
from typing import Any, TypeVar

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from connector.domain.tallies import TallyKey
from connector.store.sql.statements import CompiledStatements, RowQuery, Statement, Values
from connector.store.sql.writer_cache import WriterCache
from connector.store.values import CounterKind, Fact, RawHook

T = TypeVar("T")
PlainKey = tuple[str, str, CounterKind, str, str, str]  # the fields of a CounterKey: one is made for every text

# Rows become values a few at a time: a hundred thousand raw ones at once keep the garbage collector busy.
_BATCH = 500
_STEPS = 10_000  # of SQLite's machine between two looks at the time
_LOCK_SPACE = 0x7E47DE5C  # any number that other users of the server's advisory locks will not take
_LOCK = f"SELECT pg_advisory_xact_lock({_LOCK_SPACE}::bigint << 32 | 'stream'::regclass::oid::bigint)"


class SqlSession:
    """Runs statements in the transaction of a connection. Errors of the driver are raised as SQLAlchemy's."""

    def __init__(self, connection: Connection, compiled: CompiledStatements) -> None:
        self.connection = connection
        self.is_postgresql = connection.dialect.name == "postgresql"
        self._compiled = compiled
        self._driver: Any = connection.connection.driver_connection
        self._driver_error = connection.dialect.loaded_dbapi.Error
        self._statements_written = 0
        self.has_failed = False  # a statement has: on PostgreSQL nothing but a rollback is then possible

    def first(self, query: RowQuery[T], values: Values) -> T | None:
        """The value of the first row; None when there is none."""
        compiled = self._compiled.get(query, values)
        self._statements_written += compiled.is_writing
        cursor = self._driver.cursor()
        try:
            cursor.execute(compiled.sql, compiled.bound(values))
            row = cursor.fetchone()
        except self._driver_error as error:
            self.has_failed = True
            raise DBAPIError(compiled.sql, None, error) from error
        finally:
            cursor.close()
        return None if row is None else compiled.value(row)

    @contextlib.contextmanager
    def time_limit(self, seconds: float) -> Iterator[None]:
        """Within it a statement that takes longer fails (see `errors.is_interruption`)."""
        if self.is_postgresql:
            self._driver.execute(f"SET LOCAL statement_timeout = {round(seconds * 1000)}")
            yield
            self._driver.execute("SET LOCAL statement_timeout = DEFAULT")  # where one failed, the transaction is over
            return
        until = time.monotonic() + seconds
        self._driver.set_progress_handler(lambda: time.monotonic() > until, _STEPS)
        try:
            yield
        finally:
            self._driver.set_progress_handler(None, 0)

    def one(self, query: RowQuery[T], values: Values) -> T:
        """The value of the only row of a query that always has one."""
        (value,) = self.all(query, values)
        return value

    def all(self, query: RowQuery[T], values: Values) -> list[T]:
        """The values of all rows, in order."""
        compiled = self._compiled.get(query, values)
        self._statements_written += compiled.is_writing
        found: list[T] = []
        cursor = self._driver.cursor()
        try:
            cursor.execute(compiled.sql, compiled.bound(values))
            while rows := cursor.fetchmany(_BATCH):
                found += map(compiled.value, rows)
        except self._driver_error as error:
            self.has_failed = True
            raise DBAPIError(compiled.sql, None, error) from error
        finally:
            cursor.close()
        return found


class WriteSession(SqlSession):
    """The session of one write transaction after another.

    Hooks, facts and counts are only read after the commit, so they are collected here: all use cases that share a
    commit write them in one statement each.
    """

    def __init__(self, connection: Connection) -> None:
        super().__init__(connection, CompiledStatements.of(connection.dialect))
        self.cache = WriterCache()
        self._cursor = self._driver.cursor()
        self._was_committed = False
        self._data_version = -1
        self.zone: tzinfo | None = None  # whose hours and days are counted; None: the machine's own
        self._reset()

    def _reset(self) -> None:
        self.hooks: list[RawHook] = []
        self.facts: list[Fact] = []
        # By minute and key: how many more there are, and when the latest came.
        self.counts: dict[tuple[int, PlainKey], tuple[int, int]] = {}
        # By quarter of an hour and what is counted together: how many more of each measure.
        self.tallies: dict[tuple[int, TallyKey], dict[str, int]] = {}
        self.floor = 0  # the position up to which facts were dropped
        self.given_id = ""  # the highest id given since the transaction began
        self.has_changed_work = False
        self.has_replaced_facts = False
        self.has_ended_import = False

    @property
    def written(self) -> int:
        """A number that grows with everything a use case writes. It is 0 at the start of a transaction."""
        return self._statements_written + len(self.hooks) + len(self.facts)

    def begin(self) -> None:
        """Start afresh in a transaction that has begun, and wait until it is the only one that writes.

        On SQLite it always is. On PostgreSQL every use case would otherwise have to be right in the face of all
        others in any order: routing reads many rows and writes few that all want, which costs lost updates or
        deadlocks. The lock is on this schema's own `stream` table, and ends with the transaction.
        """
        self._reset()
        latest_id = self._wait_for_turn() if self.is_postgresql else None
        if self._others_may_have_written() or not self._was_committed:
            self.cache.clear()
            self.cache.latest_id = latest_id
        self._was_committed = self.has_failed = False
        self._statements_written = 0

    def committed(self) -> None:
        """The transaction is committed: what the cache says is what the database says."""
        self._was_committed = True

    def _wait_for_turn(self) -> str:
        """Take the lock, and read the highest id given: what each transaction needs, for no round trip of its own."""
        # Two statements, as each sees what was committed before it began; the first begins before it has the lock.
        self._command(_LOCK + "; SELECT latest_id FROM stream", prepare=False)
        self._cursor.nextset()
        ((latest_id,),) = self._cursor.fetchall()
        return str(latest_id)

    def _others_may_have_written(self) -> bool:
        """Whether another connection may have committed since the last transaction of this one."""
        if self.is_postgresql:
            return True
        # It changes when another connection has committed, and only then: https://www.sqlite.org/pragma.html
        before = self._data_version
        ((self._data_version,),) = self._cursor.execute("PRAGMA data_version").fetchall()
        return before != self._data_version

    def execute(self, statement: Statement, values: Values) -> int:
        """Run a statement that returns no rows; the number of rows it has inserted, changed or deleted."""
        compiled = self._compiled.get(statement, values)
        return self._write("execute", compiled.sql, compiled.bound(values))

    def execute_many(self, statement: Statement, values: Sequence[Values]) -> None:
        """Run a statement once for each of these; at least one."""
        compiled = self._compiled.get(statement, values[0])
        self._write("executemany", compiled.sql, [compiled.bound(each) for each in values])

    def notify(self, channel: str, words: Sequence[str]) -> None:
        """Send the words to the listeners of a PostgreSQL channel, once this is committed."""
        self._command(f"NOTIFY {channel}, '{' '.join(words)}'")

    def _command(self, sql: str, **options: Any) -> None:
        self._write("execute", sql, **options)

    def _write(self, method: str, sql: str, *parameters: Any, **options: Any) -> int:
        self._statements_written += 1
        try:
            getattr(self._cursor, method)(sql, *parameters, **options)
        except self._driver_error as error:
            self.has_failed = True
            raise DBAPIError(sql, None, error) from error
        count: int = self._cursor.rowcount
        return count
