"""Agents, their presence, and their desks."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, Index, Integer, Table, false

from connector.domain.agent import Presence, Role, Sees
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
    Column("role", EnumColumn(Role), nullable=False, server_default=Role.AGENT),
    Column("sees", EnumColumn(Sees), nullable=False, server_default=Sees.SKILLS),
    Column("accounts", names_column, nullable=False, server_default="[]"),
    Column("os_user", ExternalText, nullable=False, server_default=""),
    Column("is_disabled", Boolean, nullable=False, server_default=false()),
    Column("is_provisioned", Boolean, nullable=False, server_default=false()),
    Column("phone", ExternalText, nullable=False, server_default=""),
    Column("off_duty_by", Identifier, nullable=False, server_default=""),
)
Index("agents_by_os_user", agents.c.os_user)

# Tokens by which agents sign in over the network, as their SHA-256 in hexadecimal.
agent_tokens = Table(
    "agent_tokens",
    metadata,
    Column("digest", Identifier, primary_key=True),
    Column("agent", Identifier, nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("is_provisioned", Boolean, nullable=False, server_default=false()),
)
Index("agent_tokens_by_agent", agent_tokens.c.agent)

# What agents sent, for limits, by slots of five minutes. `hour`: when the slot began.
agent_sends = Table(
    "agent_sends",
    metadata,
    Column("agent", Identifier, primary_key=True),
    Column("hour", BigInteger, primary_key=True, autoincrement=False),
    Column("sends", Integer, nullable=False),
    Column("new_numbers", Integer, nullable=False),
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
    Column("signed_in_at", BigInteger, nullable=False, server_default="0"),
    Column("way", ExternalText, nullable=False, server_default=""),
    Column("source", ExternalText, nullable=False, server_default=""),
    Column("is_silent", Boolean, nullable=False, server_default=false()),
)
