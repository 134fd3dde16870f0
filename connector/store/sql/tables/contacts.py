"""Contacts."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index, Table

from connector.store.sql.columns import ExternalText, Identifier, JsonColumn
from connector.store.sql.tables.base import metadata

attributes_column = JsonColumn(flatten=list, restore=lambda pairs: tuple((name, value) for name, value in pairs))

contacts = Table(
    "contacts",
    metadata,
    Column("person", ExternalText, primary_key=True),
    Column("consumer", ExternalText, nullable=False),
    Column("version", Identifier, nullable=False),
    Column("changed_at", BigInteger, nullable=False),
    Column("changed_by", Identifier, nullable=False),
    Column("name", ExternalText, nullable=False),
    Column("language", ExternalText, nullable=False),
    Column("attributes", attributes_column, nullable=False),
    Column("notes", ExternalText, nullable=False),
    Column("found_by", ExternalText, nullable=False),
)
# Names are looked through without reading notes.
Index("contacts_by_name", contacts.c.found_by, contacts.c.person)
