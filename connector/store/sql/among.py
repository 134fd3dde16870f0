"""Conditions with any number of names in one bound value."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import ColumnElement, Text, bindparam, func, literal_column, or_

from connector.store.sql.columns import Identifier

_LINE_END = literal_column("'\n'", Text)
NOTHING = literal_column("''", Text)


def is_among(of: ColumnElement[str], name: str) -> ColumnElement[bool]:
    """Whether it is one of the lines of a bound text; any is, where that is empty."""
    bound = bindparam(name, type_=Identifier)
    return or_(bound == NOTHING, func.replace(bound, _LINE_END + of + _LINE_END, NOTHING) != bound)


def lines(names: Collection[str]) -> str:
    return "".join(f"\n{name}\n" for name in names)
