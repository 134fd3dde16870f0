"""The order of what happened: the stream, its facts, and the answers to requests."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index, Integer, LargeBinary, Table

from connector.store.sql.columns import ExternalText, Identifier, Serial
from connector.store.sql.tables.base import metadata

# One row: the store's name, the position of the latest fact, the position up to which facts have been purged, and the
# highest id that has been given.
stream = Table(
    "stream",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("name", Identifier, nullable=False),
    Column("position", BigInteger, nullable=False),
    Column("floor", BigInteger, nullable=False),
    Column("latest_id", Identifier, nullable=False, server_default=""),
)

facts = Table(
    "facts",
    metadata,
    Column("position", Serial, primary_key=True, autoincrement=False),
    Column("at", BigInteger, nullable=False),
    Column("kind", Identifier, nullable=False),
    Column("conversation_id", Identifier),
    Column("body", LargeBinary, nullable=False),
    # Who may see the conversation after the fact, and before it where that differs, as JSON (see `domain.rights`).
    Column("visibility", ExternalText),
    Column("visibility_before", ExternalText),
)

requests = Table(
    "requests",
    metadata,
    Column("id", ExternalText, primary_key=True),
    Column("agent", Identifier, nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("answer", LargeBinary, nullable=False),
)
Index("requests_by_time", requests.c.at)
