"""What reports are made of."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Table

from connector.domain.tallies import MEASURES, TallyKind
from connector.store.sql.columns import EnumColumn, ExternalText, Identifier
from connector.store.sql.tables.base import metadata

# By hour and by day, as the brand's clock shows them. A row has a number for each measure, most of them 0.
tallies = Table(
    "tallies",
    metadata,
    Column("kind", EnumColumn(TallyKind), primary_key=True),
    Column("span", BigInteger, primary_key=True, autoincrement=False),
    Column("at", BigInteger, primary_key=True, autoincrement=False),
    Column("account", Identifier, primary_key=True),
    Column("line", ExternalText, primary_key=True),
    Column("country", Identifier, primary_key=True),
    Column("skill", Identifier, primary_key=True),
    Column("agent", Identifier, primary_key=True),
    Column("entry_point", Identifier, primary_key=True),
    Column("outcome", ExternalText, primary_key=True),
    *(Column(name, BigInteger, nullable=False, server_default="0") for name in MEASURES),
    sqlite_with_rowid=False,
)
