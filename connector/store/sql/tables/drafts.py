"""Drafts of agents."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index, Table

from connector.store.sql.columns import ExternalText, Identifier
from connector.store.sql.tables.base import metadata

drafts = Table(
    "drafts",
    metadata,
    Column("agent", Identifier, primary_key=True),
    Column("conversation_id", Identifier, primary_key=True),
    Column("text", ExternalText, nullable=False),
    Column("version", Identifier, nullable=False),
    Column("at", BigInteger, nullable=False),
)
Index("drafts_by_conversation", drafts.c.conversation_id)
