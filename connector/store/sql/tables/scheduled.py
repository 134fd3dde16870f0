"""Replies to be sent later."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index, Integer, Table

from connector.store.sql.columns import ExternalText, Identifier
from connector.store.sql.tables.base import metadata

scheduled_replies = Table(
    "scheduled_replies",
    metadata,
    Column("id", Identifier, primary_key=True),
    Column("conversation_id", Identifier, nullable=False),
    Column("author", Identifier, nullable=False),
    Column("text", ExternalText, nullable=False),
    Column("send_at", BigInteger, nullable=False),
    Column("seen", Integer, nullable=False),
    Column("at", BigInteger, nullable=False),
)
Index("scheduled_replies_by_conversation", scheduled_replies.c.conversation_id)
Index("scheduled_replies_by_author", scheduled_replies.c.author, scheduled_replies.c.send_at)
