"""Desks whose line is silent, and the drafts of agents.

Revision ID: 0007
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    text = sa.Text().with_variant(postgresql.TEXT(collation="C"), "postgresql")
    op.add_column("desks", sa.Column("is_silent", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.create_table(
        "drafts",
        sa.Column("agent", text, primary_key=True, nullable=False),
        sa.Column("conversation_id", text, primary_key=True, nullable=False),
        sa.Column("text", text, nullable=False),
        sa.Column("version", text, nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
    )
    op.create_index("drafts_by_conversation", "drafts", ["conversation_id"])
