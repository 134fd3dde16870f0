"""Mentions of agents."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index, Table

from connector.store.sql.columns import Identifier
from connector.store.sql.tables.base import metadata

mentions = Table(
    "mentions",
    metadata,
    Column("message_id", Identifier, primary_key=True),
    Column("agent", Identifier, primary_key=True),
    Column("conversation_id", Identifier, nullable=False),
    Column("author", Identifier, nullable=False),
    Column("at", BigInteger, nullable=False),
)
Index("mentions_by_agent", mentions.c.agent, mentions.c.conversation_id)
