"""Saved replies, their use, and what was done with the replies made of them."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, Index, Integer, Table

from connector.store.sql.columns import ExternalText, Identifier
from connector.store.sql.tables.base import metadata, names_column

saved_replies = Table(
    "saved_replies",
    metadata,
    Column("id", Identifier, primary_key=True),
    Column("owner", Identifier, nullable=False),  # empty: shared
    Column("title", ExternalText, nullable=False),
    Column("category", ExternalText, nullable=False),
    Column("text", ExternalText, nullable=False),
    Column("shortcut", ExternalText, nullable=False),
    Column("skills", names_column, nullable=False),
    Column("language", Identifier, nullable=False),
    Column("tags", names_column, nullable=False),
    Column("outcome", ExternalText, nullable=False),
    Column("due_s", BigInteger),
    Column("closes", Boolean, nullable=False),
    Column("version", Identifier, nullable=False),
    Column("changed_at", BigInteger, nullable=False),
    Column("changed_by", Identifier, nullable=False),
)
Index("saved_replies_by_owner", saved_replies.c.owner, saved_replies.c.id)
Index("saved_replies_by_shortcut", saved_replies.c.owner, saved_replies.c.shortcut)

# One row for each agent who has used one.
saved_reply_uses = Table(
    "saved_reply_uses",
    metadata,
    Column("saved_reply_id", Identifier, primary_key=True),
    Column("agent", Identifier, primary_key=True),
    Column("uses", Integer, nullable=False),
    Column("used_at", BigInteger, nullable=False),
)

# For the undo of a reply, and so for a few minutes.
reply_actions = Table(
    "reply_actions",
    metadata,
    Column("message_id", Identifier, primary_key=True),
    Column("at", BigInteger, nullable=False),
    Column("tags", names_column, nullable=False),
    Column("outcome", ExternalText, nullable=False),
    Column("outcome_before", ExternalText, nullable=False),
    Column("reminder_at", BigInteger),
    Column("kept_reminder_at", BigInteger),
    Column("has_closed", Boolean, nullable=False),
)
Index("reply_actions_by_time", reply_actions.c.at)
