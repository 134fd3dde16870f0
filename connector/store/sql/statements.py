"""Statements compiled once for a dialect, and the values their rows become, matched by column name.

Compiling a statement and running it through SQLAlchemy costs more than the database needs to run it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import Any, Generic, TypeVar

from msgspec import Struct
from sqlalchemy import ColumnElement, Dialect, Executable, Table
from sqlalchemy.dialects import postgresql, sqlite

T = TypeVar("T")
S = TypeVar("S", bound=Struct)


@dataclass(frozen=True, eq=False)
class RowQuery(Generic[T]):
    """A statement that returns rows. `make` is called with the columns named `fields`, in this order."""

    statement: Executable
    fields: Sequence[str]
    make: Callable[..., T]


def structs(value: type[S], statement: Executable) -> RowQuery[S]:
    """Rows as values of this type: each field is the column of its name, wherever that stands in the row."""
    return RowQuery(statement, value.__struct_fields__, value)


def scalars(statement: Executable) -> RowQuery[Any]:
    """Rows of one column as the value of that column."""
    return RowQuery(statement, _names(statement), lambda value: value)


def tuples(statement: Executable) -> RowQuery[tuple[Any, ...]]:
    """Rows as they are, for a statement whose columns are written out beside the code that unpacks them."""
    return RowQuery(statement, _names(statement), lambda *row: row)


@dataclass(frozen=True, eq=False)
class PerDialect:
    """One statement in the words of each engine. Both know ON CONFLICT, but SQLAlchemy has two constructs for it."""

    sqlite: Executable
    postgresql: Executable


Statement = Executable | PerDialect | RowQuery[Any]


def insert_or_ignore(table: Table, *key: str, where: ColumnElement[bool] | None = None) -> PerDialect:
    """Insert a row unless one with this key is there; the row count says which."""
    return PerDialect(
        sqlite=sqlite.insert(table).on_conflict_do_nothing(key, where),
        postgresql=postgresql.insert(table).on_conflict_do_nothing(index_elements=key, index_where=where),
    )


def upsert(table: Table, key: str) -> PerDialect:
    """Insert a row, or replace the whole row with this key."""
    others = [column.name for column in table.columns if column.name != key]
    for_sqlite, for_postgresql = sqlite.insert(table), postgresql.insert(table)
    return PerDialect(
        sqlite=for_sqlite.on_conflict_do_update([key], set_={name: for_sqlite.excluded[name] for name in others}),
        postgresql=for_postgresql.on_conflict_do_update(
            index_elements=[key], set_={name: for_postgresql.excluded[name] for name in others}
        ),
    )


class CompiledStatement:
    """The SQL of one statement, and the conversions between our values and those of the driver."""

    def __init__(self, statement: Statement, dialect: Dialect, parameters: Iterable[str]) -> None:
        """`parameters`: the names that values will be given for, the same ones each time."""
        if isinstance(statement, PerDialect):
            statement = statement.sqlite if dialect.name == "sqlite" else statement.postgresql
        executable: Any = statement.statement if isinstance(statement, RowQuery) else statement
        compiled = executable.compile(dialect=dialect, column_keys=list(parameters))
        binds = {name: bind for bind, name in compiled.bind_names.items()}
        self.sql = str(compiled)
        self._fixed = {name: bind.effective_value for name, bind in binds.items() if not bind.required}
        self._is_positional: bool = compiled.positional
        order = compiled.positiontup if self._is_positional else binds
        self._to_driver = [(name, _native(binds[name], dialect).bind_processor(dialect)) for name in order]
        if isinstance(statement, RowQuery):
            self._read_rows(statement, executable, dialect)

    def _read_rows(self, query: RowQuery[Any], executable: Any, dialect: Dialect) -> None:
        """Resolve, once, where each field stands in a row. Raises LookupError when one has no column, or several."""
        columns = list(executable.exported_columns)
        names = [column.key for column in columns]
        if unclear := [field for field in query.fields if names.count(field) != 1]:
            raise LookupError(f"not exactly one column for each of {', '.join(unclear)} in {self.sql}")
        chosen = [names.index(field) for field in query.fields]
        self._make = query.make
        self._pick = None if chosen == list(range(len(columns))) else _picker(chosen)
        converters = [_native(columns[place], dialect).result_processor(dialect, None) for place in chosen]
        self._from_driver = [(index, convert) for index, convert in enumerate(converters) if convert is not None]

    def bound(self, values: Mapping[str, Any]) -> Any:
        """The parameters for a cursor."""
        known = {**self._fixed, **values}
        if self._is_positional:
            return [known[name] if convert is None else convert(known[name]) for name, convert in self._to_driver]
        return {name: known[name] if convert is None else convert(known[name]) for name, convert in self._to_driver}

    def value(self, row: Any) -> Any:
        """The value of a row as the cursor returned it."""
        if self._pick is not None:
            row = self._pick(row)
        if self._from_driver:
            row = list(row)
            for index, convert in self._from_driver:
                row[index] = convert(row[index])
        return self._make(*row)


class CompiledStatements:
    """The statements compiled so far for one dialect. Threads may share it: at worst two compile the same one."""

    def __init__(self, dialect: Dialect) -> None:
        self.dialect = dialect
        self._compiled: dict[Statement, CompiledStatement] = {}

    def get(self, statement: Statement, parameters: Iterable[str]) -> CompiledStatement:
        found = self._compiled.get(statement)
        if found is None:
            found = self._compiled[statement] = CompiledStatement(statement, self.dialect, parameters)
        return found


def _names(statement: Any) -> list[str]:
    return [column.key for column in statement.exported_columns]


def _picker(places: list[int]) -> Callable[[Sequence[Any]], tuple[Any, ...]]:
    if len(places) == 1:
        (only,) = places
        return lambda row: (row[only],)
    return itemgetter(*places)


def _native(typed: Any, dialect: Dialect) -> Any:
    return typed.type.dialect_impl(dialect)
