"""How far the index for search is, and the messages in it. Its terms are in a table that each engine has its own way
for (`connector.store.sql.search`)."""

from __future__ import annotations

from sqlalchemy import Column, Index, Integer, Table

from connector.store.sql.columns import Identifier, Serial
from connector.store.sql.tables.base import metadata

search_state = Table(
    "search_state",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("version", Identifier, nullable=False),
    Column("message_id", Identifier, nullable=False),
    Column("number", Serial, nullable=False),
    Column("total", Serial, nullable=False),
    Column("trouble", Identifier, nullable=False),
    Column("purge", Integer, nullable=False),
)

search_documents = Table(
    "search_documents",
    metadata,
    Column("number", Serial, primary_key=True, autoincrement=False),
    Column("message_id", Identifier, nullable=False),
    Column("conversation_id", Identifier, nullable=False),  # what narrows a search is asked of it before of the message
)
Index("search_documents_by_message", search_documents.c.message_id, unique=True)
