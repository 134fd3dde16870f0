"""The conversation of each message in the index for search, which is begun anew: its terms are others, too.

Revision ID: 0020
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0020"
down_revision = "0019"


def upgrade() -> None:
    text = sa.Text().with_variant(postgresql.TEXT(collation="C"), "postgresql")
    number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.drop_table("search_documents")
    op.create_table(
        "search_documents",
        sa.Column("number", number, primary_key=True, autoincrement=False, nullable=False),
        sa.Column("message_id", text, nullable=False),
        sa.Column("conversation_id", text, nullable=False),
    )
    op.create_index("search_documents_by_message", "search_documents", ["message_id"], unique=True)
    op.execute("UPDATE search_state SET version = '', message_id = '', number = 0, total = 0")
