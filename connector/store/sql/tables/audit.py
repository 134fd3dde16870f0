"""The audit. Triggers forbid to change or delete what is in it."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index, Table

from connector.domain.audit import AuditAction
from connector.store.sql.columns import EnumColumn, ExternalText, Identifier, Serial
from connector.store.sql.tables.base import metadata

audit = Table(
    "audit",
    metadata,
    Column("number", Serial, primary_key=True, autoincrement=False),
    Column("at", BigInteger, nullable=False),
    Column("actor", Identifier, nullable=False),
    Column("action", EnumColumn(AuditAction), nullable=False),
    Column("subject", ExternalText, nullable=False),
    Column("person", Identifier, nullable=False),
    Column("details", ExternalText, nullable=False),
    Column("hash", Identifier, nullable=False),
)
Index("audit_by_actor", audit.c.actor, audit.c.number)
Index("audit_by_person", audit.c.person, audit.c.number)
