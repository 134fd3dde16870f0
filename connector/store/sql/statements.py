"""Statements compiled once for a dialect, and the values their rows become, matched by column name.

Compiling a statement and running it through SQLAlchemy costs more than the database needs to run it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import compress
from operator import ne
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from msgspec import Struct
from msgspec.structs import astuple
from sqlalchemy import ColumnElement, Dialect, Executable, Table, bindparam, update
from sqlalchemy.dialects import sqlite

if TYPE_CHECKING:
    from sqlalchemy.dialects import postgresql

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
    """An insert with ON CONFLICT, which both engines know, but SQLAlchemy has a construct for each.

    `finish` is called with the engine's own construct; both have the same methods.
    """

    table: Table
    finish: Callable[[sqlite.Insert | postgresql.Insert], Executable]

    def of(self, dialect: Dialect) -> Executable:
        if dialect.name == "sqlite":
            return self.finish(sqlite.insert(self.table))
        from sqlalchemy.dialects import postgresql  # takes 20 ms to load, which a core on SQLite need not wait for

        return self.finish(postgresql.insert(self.table))


@dataclass(frozen=True, eq=False)
class ColumnUpdate:
    """An update of these columns of one row, the one whose `id` is given."""

    statement: Executable
    columns: Sequence[str]


class RowUpdates:
    """Updates of a table's rows from one value to another: a statement for each set of columns that differ."""

    _MOST_STATEMENTS = 500  # each is compiled once and stays; beyond them, all columns are written

    def __init__(self, table: Table, value: type[Struct]) -> None:
        self._statement = update(table).where(table.c.id == bindparam("id"))
        self._columns = value.__struct_fields__
        self._all = ColumnUpdate(self._statement, [name for name in self._columns if name != "id"])
        self._by_columns: dict[tuple[str, ...], ColumnUpdate] = {}

    def of(self, before: Struct | None, after: Struct) -> ColumnUpdate | None:
        """The statement to execute with `after`; None when nothing differs. `before`: None when it is not known."""
        if before is None:
            return self._all
        columns = tuple(compress(self._columns, map(ne, astuple(before), astuple(after))))
        if not columns:
            return None
        found = self._by_columns.get(columns)
        if found is None:
            if len(self._by_columns) >= self._MOST_STATEMENTS:
                return self._all
            found = self._by_columns[columns] = ColumnUpdate(self._statement, columns)
        return found


Statement = Executable | PerDialect | ColumnUpdate | RowQuery[Any]
Values = Mapping[str, Any] | Struct  # what a statement is executed with: values by name, or a struct's fields


def insert_or_ignore(table: Table, *key: str, where: ColumnElement[bool] | None = None) -> PerDialect:
    """Insert a row unless one with this key is there; the row count says which."""
    return PerDialect(table, lambda insert: insert.on_conflict_do_nothing(index_elements=key, index_where=where))


def upsert(table: Table, key: str) -> PerDialect:
    """Insert a row, or replace the whole row with this key."""
    others = [column.name for column in table.columns if column.name != key]

    def finish(insert: sqlite.Insert | postgresql.Insert) -> Executable:
        return insert.on_conflict_do_update(index_elements=[key], set_={name: insert.excluded[name] for name in others})

    return PerDialect(table, finish)


class CompiledStatement:
    """The SQL of one statement, and the conversions between our values and those of the driver.

    Both directions are a Python expression, generated once and compiled: it reads each value where it is, and calls a
    conversion only for values that need one.
    """

    def __init__(self, statement: Statement, dialect: Dialect, values: Values) -> None:
        """`values`: an example, with the names that every execution will give values for."""
        if isinstance(statement, PerDialect):
            statement = statement.of(dialect)
        names = list(values.__struct_fields__ if isinstance(values, Struct) else values)
        if isinstance(statement, ColumnUpdate):
            names = list(statement.columns)
        executable: Any = statement.statement if isinstance(statement, RowQuery | ColumnUpdate) else statement
        compiled = executable.compile(dialect=dialect, column_keys=names)
        binds = {name: bind for bind, name in compiled.bind_names.items()}
        self.sql = str(compiled)
        self.is_writing: bool = executable.is_dml
        self.bound: Callable[[Values], Any] = _binder(compiled, binds, isinstance(values, Struct), dialect)
        """The parameters for a cursor. Raises KeyError or AttributeError for a value that is not given."""
        if isinstance(statement, RowQuery):
            self.value: Callable[[Any], Any] = _reader(statement, executable, self.sql, dialect)
            """The value of a row as the cursor returned it."""


class CompiledStatements:
    """The statements compiled so far for one dialect. Threads may share it: at worst two compile the same one."""

    def __init__(self, dialect: Dialect) -> None:
        self.dialect = dialect
        self._compiled: dict[Statement, CompiledStatement] = {}

    @classmethod
    def of(cls, dialect: Dialect) -> CompiledStatements:
        """Those of this kind of dialect, which are the same for every connection of the process."""
        return _OF_PROCESS.setdefault(type(dialect), cls(dialect))

    def get(self, statement: Statement, values: Values) -> CompiledStatement:
        found = self._compiled.get(statement)
        if found is None:
            found = self._compiled[statement] = CompiledStatement(statement, self.dialect, values)
        return found


_OF_PROCESS: dict[type[Dialect], CompiledStatements] = {}


def _binder(compiled: Any, binds: Mapping[str, Any], is_struct: bool, dialect: Dialect) -> Callable[[Values], Any]:
    known: dict[str, Any] = {}
    parts = []
    for number, name in enumerate(compiled.positiontup if compiled.positional else binds):
        typed = _native(binds[name], dialect)
        if binds[name].required:
            source = f"values.{name}" if is_struct else f"values[{name!r}]"
        else:
            known[f"fixed{number}"], source = binds[name].effective_value, f"fixed{number}"
        term = _converted(source, number, typed.bind_processor(dialect), getattr(typed, "SENT", None), known)
        parts.append(term if compiled.positional else f"{name!r}: {term}")
    opening, closing = "()" if compiled.positional else "{}"
    return _function("values", opening + "".join(f"{part}, " for part in parts) + closing, known)


def _reader(query: RowQuery[Any], executable: Any, sql: str, dialect: Dialect) -> Callable[[Any], Any]:
    """Resolve, once, where each field stands in a row. Raises LookupError when one has no column, or several."""
    columns = list(executable.exported_columns)
    names = [column.key for column in columns]
    if unclear := [field for field in query.fields if names.count(field) != 1]:
        raise LookupError(f"not exactly one column for each of {', '.join(unclear)} in {sql}")
    known: dict[str, Any] = {"make": query.make}
    parts = []
    for number, field in enumerate(query.fields):
        typed = _native(columns[names.index(field)], dialect)
        source = f"row[{names.index(field)}]"
        convert = typed.result_processor(dialect, None)
        parts.append(_converted(source, number, convert, getattr(typed, "READ", None), known))
    return _function("row", f"make({', '.join(parts)})", known)


def _converted(source: str, number: int, convert: Any, shorter: str | None, known: dict[str, Any]) -> str:
    """The expression for a value from `source`; `shorter`: one for a `value` that is there (see `columns`)."""
    if convert is None:
        return source
    known[f"convert{number}"] = convert
    if shorter is None:
        return f"convert{number}({source})"
    return f"(None if (value := {source}) is None else {shorter.format(convert=f'convert{number}')})"


def _function(parameter: str, expression: str, known: dict[str, Any]) -> Callable[[Any], Any]:
    # Only names of our own columns and bound values are in the source: nothing from outside.
    function: Callable[[Any], Any] = eval(f"lambda {parameter}: {expression}", known)
    return function


def _names(statement: Any) -> list[str]:
    return [column.key for column in statement.exported_columns]


def _native(typed: Any, dialect: Dialect) -> Any:
    return typed.type.dialect_impl(dialect)
