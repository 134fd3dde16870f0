"""Replies that are sent later.

Revision ID: 0016
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0016"
down_revision = "0015"


def _text(name: str, *, is_key: bool = False) -> sa.Column[Any]:
    """Compared by code point, whatever the language of the database."""
    kind = sa.Text().with_variant(postgresql.TEXT(collation="C"), "postgresql")
    return sa.Column(name, kind, primary_key=is_key, nullable=False)


def upgrade() -> None:
    op.add_column("conversations", sa.Column("scheduled_at", sa.BigInteger()))
    op.create_table(
        "scheduled_replies",
        _text("id", is_key=True),
        _text("conversation_id"),
        _text("author"),
        _text("text"),
        sa.Column("send_at", sa.BigInteger(), nullable=False),
        sa.Column("seen", sa.Integer(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
    )
    op.create_index("scheduled_replies_by_conversation", "scheduled_replies", ["conversation_id"])
    op.create_index("scheduled_replies_by_author", "scheduled_replies", ["author", "send_at"])
