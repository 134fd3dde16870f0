"""What the groups of one transaction share: the connection, and what is written at its end."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import closing
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, Executable, Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import DBAPIError

from connector.store.sql.prepared import PreparedStatement
from connector.store.values import Fact, RawHook

# Both engines know ON CONFLICT; SQLAlchemy has a statement of its own for each.
PerEngine = Mapping[str, Executable]


def keeping_the_first(table: Table, *key: str, where: ColumnElement[bool] | None = None) -> PerEngine:
    """Insert, unless a row with this key is there; `WriteConnection.kept` says which."""
    return {
        "sqlite": sqlite.insert(table).on_conflict_do_nothing(key, where),
        "postgresql": postgresql.insert(table).on_conflict_do_nothing(index_elements=key, index_where=where),
    }


def replacing(table: Table, key: str) -> PerEngine:
    """Insert, or replace all of the row with this key."""
    others = [column.name for column in table.columns if column.name != key]
    into_sqlite, into_postgres = sqlite.insert(table), postgresql.insert(table)
    return {
        "sqlite": into_sqlite.on_conflict_do_update([key], set_={name: into_sqlite.excluded[name] for name in others}),
        "postgresql": into_postgres.on_conflict_do_update(
            index_elements=[key], set_={name: into_postgres.excluded[name] for name in others}
        ),
    }


_LOCK_SPACE = 0x7E47DE5C  # any number that other users of the server's advisory locks will not take


class Mark(NamedTuple):
    """How much was waiting at one moment."""

    hooks: int
    facts: int
    floor: int
    work_moved: bool


class WriteConnection:
    """One transaction under way.

    Hooks and facts are only ever read after the commit, so they wait here: all use cases of one commit write them in
    one statement each.
    """

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self.engine = connection.dialect.name
        self._driver: Any = connection.connection.driver_connection
        self._driver_error = connection.dialect.loaded_dbapi.Error
        self._ready: dict[Executable, PreparedStatement] = {}
        self._empty()

    def begin(self) -> None:
        """The transaction has begun; wait until it is the only one that writes.

        SQLite knows nothing else. On PostgreSQL each use case would otherwise have to be right in the face of all
        others in any order: routing reads many rows and writes few that all want, which costs lost updates or
        deadlocks. The lock is that of this schema's own table, and goes with the transaction.
        """
        self._empty()
        if self.engine == "postgresql":
            self.control(f"SELECT pg_advisory_xact_lock({_LOCK_SPACE}::bigint << 32 | 'stream'::regclass::oid::bigint)")

    def _empty(self) -> None:
        self.hooks: list[RawHook] = []
        self.facts: list[Fact] = []
        self.floor = 0  # facts up to here were dropped
        self.work_moved = False

    def mark(self) -> Mark:
        return Mark(len(self.hooks), len(self.facts), self.floor, self.work_moved)

    def back_to(self, mark: Mark) -> None:
        """Forget what was added since."""
        del self.hooks[mark.hooks :]
        del self.facts[mark.facts :]
        self.floor, self.work_moved = mark.floor, mark.work_moved

    def control(self, statement: str) -> None:
        """Steer the transaction."""
        self._driver.cursor().execute(statement)

    def run(self, statement: Executable, values: Mapping[str, Any]) -> None:
        self._executed(statement, values).close()

    def run_many(self, statement: Executable, values: Sequence[Mapping[str, Any]]) -> None:
        """Run it for each of these; at least one."""
        ready = self._made_ready(statement, values[0])
        self._on_cursor("executemany", ready.sql, [ready.bound(each) for each in values]).close()

    def rows(self, statement: Executable, values: Mapping[str, Any]) -> list[Any]:
        ready = self._made_ready(statement, values)
        with closing(self._on_cursor("execute", ready.sql, ready.bound(values))) as cursor:
            return [ready.restored(row) for row in cursor.fetchall()]

    def first(self, statement: Executable, values: Mapping[str, Any]) -> Any:
        """The first row, or None."""
        ready = self._made_ready(statement, values)
        with closing(self._on_cursor("execute", ready.sql, ready.bound(values))) as cursor:
            row = cursor.fetchone()
        return None if row is None else ready.restored(row)

    def value(self, statement: Executable, values: Mapping[str, Any]) -> Any:
        """The first column of the first row, or None."""
        row = self.first(statement, values)
        return None if row is None else row[0]

    def changed(self, statement: Executable, values: Mapping[str, Any]) -> bool:
        """Whether an update has found a row."""
        with closing(self._executed(statement, values)) as cursor:
            return bool(cursor.rowcount > 0)

    def put(self, statements: PerEngine, values: Mapping[str, Any]) -> None:
        self.run(statements[self.engine], values)

    def kept(self, statements: PerEngine, values: Mapping[str, Any]) -> bool:
        """Whether this very row is there now, and was not before."""
        return self.changed(statements[self.engine], values)

    def _executed(self, statement: Executable, values: Mapping[str, Any]) -> Any:
        ready = self._made_ready(statement, values)
        return self._on_cursor("execute", ready.sql, ready.bound(values))

    def _made_ready(self, statement: Executable, values: Mapping[str, Any]) -> PreparedStatement:
        ready = self._ready.get(statement)
        if ready is None:
            ready = self._ready[statement] = PreparedStatement(statement, self.connection.dialect, values)
        return ready

    def _on_cursor(self, method: str, sql: str, bound: Any) -> Any:
        """The driver's cursor; its errors come as SQLAlchemy's."""
        cursor = self._driver.cursor()
        try:
            getattr(cursor, method)(sql, bound)
        except self._driver_error as error:
            cursor.close()
            raise DBAPIError(sql, None, error) from error
        return cursor
