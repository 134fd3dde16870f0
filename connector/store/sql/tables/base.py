"""What the tables share: their metadata, and columns of lists and of parts."""

from __future__ import annotations

from sqlalchemy import MetaData

from connector.domain.message import Part
from connector.store.sql.columns import JsonArray, JsonColumn

metadata = MetaData()

_PART = JsonArray(Part, "reference", "total", "number", "wide", "head", "tail", "charset")

names_column = JsonColumn(flatten=list, restore=tuple)
part_column = JsonColumn(flatten=_PART.flatten, restore=_PART.restore)
