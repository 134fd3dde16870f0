"""The consent ledger, and likely opt-outs."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index, Table

from connector.domain.consent.entries import ConsentKind
from connector.store.sql.columns import EnumColumn, ExternalText, Identifier
from connector.store.sql.tables.base import metadata

consent = Table(
    "consent",
    metadata,
    Column("id", Identifier, primary_key=True),
    Column("at", BigInteger, nullable=False),
    Column("account", Identifier, nullable=False),
    Column("line", ExternalText, nullable=False),
    Column("consumer", ExternalText, nullable=False),
    Column("kind", EnumColumn(ConsentKind), nullable=False),
    Column("rule", ExternalText, nullable=False),
    Column("evidence", ExternalText, nullable=False),
    Column("message_id", Identifier),
    Column("person", ExternalText, nullable=False, server_default=""),
    Column("author", Identifier),
)
Index("consent_by_person", consent.c.person, consent.c.id)

# Texts that read like an opt-out, one for each person, until an agent has decided.
likely_opt_outs = Table(
    "likely_opt_outs",
    metadata,
    Column("person", ExternalText, primary_key=True),
    Column("at", BigInteger, nullable=False),
    Column("account", Identifier, nullable=False),
    Column("line", ExternalText, nullable=False),
    Column("consumer", ExternalText, nullable=False),
    Column("message_id", Identifier),
    Column("words", ExternalText, nullable=False),
)
