"""Contacts, and imports of many."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, Index, Integer, Table

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

# Imports that are under way. One that is applied has rows left until its names stand with all conversations.
contact_imports = Table(
    "contact_imports",
    metadata,
    Column("id", Identifier, primary_key=True),
    Column("agent", Identifier, nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("applied_at", BigInteger),
)
# What the lines of its file make of contacts.
staged_contacts = Table(
    "staged_contacts",
    metadata,
    Column("import_id", Identifier, primary_key=True),
    Column("person", ExternalText, primary_key=True),
    Column("line", Integer, nullable=False),
    Column("is_wrong", Boolean, nullable=False),
    Column("is_changed", Boolean, nullable=False),
    Column("based_on", Identifier, nullable=False),
    Column("consumer", ExternalText, nullable=False),
    Column("name", ExternalText, nullable=False),
    Column("language", ExternalText, nullable=False),
    Column("attributes", attributes_column, nullable=False),
    Column("notes", ExternalText, nullable=False),
    Column("found_by", ExternalText, nullable=False),
    sqlite_with_rowid=False,
)
