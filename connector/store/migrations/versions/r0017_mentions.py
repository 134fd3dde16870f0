"""Agents who are named in notes.

Revision ID: 0017
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0017"
down_revision = "0016"


def _text(name: str, *, is_key: bool = False) -> sa.Column[Any]:
    """Compared by code point, whatever the language of the database."""
    kind = sa.Text().with_variant(postgresql.TEXT(collation="C"), "postgresql")
    return sa.Column(name, kind, primary_key=is_key, nullable=False)


def upgrade() -> None:
    op.create_table(
        "mentions",
        _text("message_id", is_key=True),
        _text("agent", is_key=True),
        _text("conversation_id"),
        _text("author"),
        sa.Column("at", sa.BigInteger(), nullable=False),
    )
    op.create_index("mentions_by_agent", "mentions", ["agent", "conversation_id"])
