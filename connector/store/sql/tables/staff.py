"""Agents, their presence, and their desks."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index, Integer, Table

from connector.domain.agent import Presence
from connector.store.sql.columns import EnumColumn, ExternalText, Identifier, Serial
from connector.store.sql.tables.base import metadata, names_column

agents = Table(
    "agents",
    metadata,
    Column("id", Identifier, primary_key=True),
    Column("name", ExternalText, nullable=False),
    Column("skills", names_column, nullable=False),
    Column("capacity", Integer, nullable=False),
    Column("presence", EnumColumn(Presence), nullable=False),
    Column("presence_at", BigInteger, nullable=False),
    Column("assigned_at", BigInteger, nullable=False),
    Column("presence_reason", ExternalText, nullable=False),
    Column("came_at", BigInteger, nullable=False),
)

presence_spans = Table(
    "presence_spans",
    metadata,
    Column("agent", Identifier, nullable=False),
    Column("state", Identifier, nullable=False),
    Column("reason", ExternalText, nullable=False),
    Column("from_at", BigInteger, nullable=False),
    Column("until_at", BigInteger),
    Column("number", Serial, primary_key=True),
)
Index("presence_spans_by_agent", presence_spans.c.agent, presence_spans.c.until_at)
Index("presence_spans_by_end", presence_spans.c.until_at)

desks = Table(
    "desks",
    metadata,
    Column("id", Identifier, primary_key=True),
    Column("agent", Identifier, nullable=False),
    Column("node", Identifier, nullable=False),
    Column("lease_until", BigInteger, nullable=False),
)
