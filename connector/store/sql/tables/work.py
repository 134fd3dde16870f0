"""Work that is due."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index, Integer, Table

from connector.store.sql.columns import ExternalText, Identifier
from connector.store.sql.tables.base import metadata

# `ready_at` is due_at, or the end of the lease while `node` holds one; `since` is the first due_at, which stays.
work = Table(
    "work",
    metadata,
    Column("id", Identifier, primary_key=True),
    Column("kind", Identifier, nullable=False),
    Column("subject", Identifier, nullable=False),
    Column("account", Identifier, nullable=False),
    Column("lane", ExternalText, nullable=False),
    Column("ordinal", Identifier, nullable=False),
    Column("due_at", BigInteger, nullable=False),
    Column("tries", Integer, nullable=False),
    Column("rank", Integer, nullable=False),
    Column("node", Identifier),
    Column("ready_at", BigInteger, nullable=False),
    Column("since", BigInteger, nullable=False),
)
Index("work_ready", work.c.kind, work.c.ready_at)
Index("work_ranked", work.c.kind, work.c.rank, work.c.ready_at, work.c.ordinal)
Index("work_in_lane", work.c.lane, work.c.ordinal, work.c.id)
Index("work_by_subject", work.c.subject, work.c.kind)
