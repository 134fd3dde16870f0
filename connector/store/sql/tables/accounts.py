"""What is stored of accounts: traffic, moments and modes."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index, Table

from connector.domain.account import AccountMode
from connector.store.sql.columns import EnumColumn, ExternalText, Identifier
from connector.store.sql.tables.base import metadata
from connector.store.values import CounterKind

# How many messages and hooks there are of each kind: by minute, by hour, and in all. A message is counted in the minute
# in which it came, under the status it has now. `words` only by minute, and only of replies that did not arrive.
counters = Table(
    "counters",
    metadata,
    Column("span", BigInteger, primary_key=True, autoincrement=False),
    Column("at", BigInteger, primary_key=True, autoincrement=False),
    Column("account", ExternalText, primary_key=True),
    Column("line", ExternalText, primary_key=True),
    Column("kind", EnumColumn(CounterKind), primary_key=True),
    Column("status", Identifier, primary_key=True),
    Column("code", ExternalText, primary_key=True),
    Column("words", ExternalText, primary_key=True),
    Column("count", BigInteger, nullable=False),
    Column("last_at", BigInteger, nullable=False),
    Column("position", BigInteger, nullable=False),
    sqlite_with_rowid=False,
)
Index("counters_changed", counters.c.position)

marks = Table(
    "marks",
    metadata,
    Column("name", ExternalText, primary_key=True),
    Column("at", BigInteger, nullable=False),
)

account_modes = Table(
    "account_modes",
    metadata,
    Column("account", Identifier, primary_key=True),
    Column("mode", EnumColumn(AccountMode), nullable=False),
)
