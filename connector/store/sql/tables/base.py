"""What the tables share: their metadata, and columns of lists and of parts."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Column, ColumnElement, Index, MetaData

from connector.domain.message import Part
from connector.store.sql.columns import JsonArray, JsonColumn

metadata = MetaData()

_PART = JsonArray(Part, "reference", "total", "number", "wide", "head", "tail", "charset")

names_column = JsonColumn(flatten=list, restore=tuple)
part_column = JsonColumn(flatten=_PART.flatten, restore=_PART.restore)


def partial_index(name: str, *columns: Column[Any], where: ColumnElement[bool], is_unique: bool = False) -> Index:
    """An index of the rows for which `where` holds, on both engines, as the migrations make it.

    SQLAlchemy wants the condition once for each engine, and would load that of PostgreSQL to check the name.
    """
    return Index(name, *columns, unique=is_unique, sqlite_where=where)
