"""What the groups of one transaction share: the connection, and what is written at its end."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, Executable, Table
from sqlalchemy.dialects import postgresql, sqlite

from connector.store.base import Fact, RawHook

# Both engines know ON CONFLICT; SQLAlchemy has a statement of its own for each.
PerEngine = Mapping[str, Executable]


def keeping_the_first(table: Table, *key: str, where: ColumnElement[bool] | None = None) -> PerEngine:
    """Insert, unless a row with this key is there; `Unit.kept` says which."""
    counting = {"preserve_rowcount": True}
    return {
        "sqlite": sqlite.insert(table).on_conflict_do_nothing(key, where).execution_options(**counting),
        "postgresql": postgresql.insert(table)
        .on_conflict_do_nothing(index_elements=key, index_where=where)
        .execution_options(**counting),
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


class Unit:
    """One transaction under way.

    Hooks and facts are only ever read after the commit, so they wait here: all use cases of one commit write them in
    one statement each.
    """

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self.engine = connection.dialect.name
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
        """Steer the transaction. Twice for each use case, so past SQLAlchemy, which makes it dear."""
        cursor = self.connection.connection.cursor()
        cursor.execute(statement)
        cursor.close()

    def run(self, statement: Executable, values: Mapping[str, Any]) -> None:
        self.connection.execute(statement, values)

    def rows(self, statement: Executable, values: Mapping[str, Any]) -> Sequence[Any]:
        return self.connection.execute(statement, values).all()

    def first(self, statement: Executable, values: Mapping[str, Any]) -> Any:
        """The first row, or None."""
        return self.connection.execute(statement, values).first()

    def value(self, statement: Executable, values: Mapping[str, Any]) -> Any:
        """The first column of the first row, or None."""
        return self.connection.execute(statement, values).scalar()

    def changed(self, statement: Executable, values: Mapping[str, Any]) -> bool:
        """Whether an update has found a row."""
        return self.connection.execute(statement, values).rowcount > 0

    def put(self, statements: PerEngine, values: Mapping[str, Any]) -> None:
        self.connection.execute(statements[self.engine], values)

    def kept(self, statements: PerEngine, values: Mapping[str, Any]) -> bool:
        """Whether this very row is there now, and was not before."""
        return self.connection.execute(statements[self.engine], values).rowcount == 1
