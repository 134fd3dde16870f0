"""Statements made ready once, as making SQL of them and asking SQLAlchemy to run it costs more than running it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import Dialect


class PreparedStatement:
    """The SQL of a statement for one dialect, and the column types' way to the driver's values and back."""

    def __init__(self, statement: Any, dialect: Dialect, names: Iterable[str]) -> None:
        """`names`: of the values that will be given, the same ones each time."""
        compiled = statement.compile(dialect=dialect, column_keys=list(names))
        binds = {name: bind for bind, name in compiled.bind_names.items()}
        self.sql = str(compiled)
        self._fixed = {name: bind.effective_value for name, bind in binds.items() if not bind.required}
        self._is_positional: bool = compiled.positional
        order = compiled.positiontup if self._is_positional else binds
        self._to_driver = [(name, _native(binds[name], dialect).bind_processor(dialect)) for name in order]
        from_driver = [
            _native(column, dialect).result_processor(dialect, None) for column in statement.exported_columns
        ]
        self._from_driver = [(index, restore) for index, restore in enumerate(from_driver) if restore is not None]

    def bound(self, values: Mapping[str, Any]) -> Any:
        """The parameters for a cursor."""
        known = {**self._fixed, **values}
        if self._is_positional:
            return [known[name] if convert is None else convert(known[name]) for name, convert in self._to_driver]
        return {name: known[name] if convert is None else convert(known[name]) for name, convert in self._to_driver}

    def restored(self, row: Any) -> Any:
        """A row of a cursor, in our values."""
        if not self._from_driver:
            return row
        made = list(row)
        for index, restore in self._from_driver:
            made[index] = restore(made[index])
        return made


def _native(typed: Any, dialect: Dialect) -> Any:
    return typed.type.dialect_impl(dialect)
