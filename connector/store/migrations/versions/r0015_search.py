"""How far the index for search is and which messages are in it, and indexes of conversations with tags or an outcome.

The index itself is made by the core as it runs.

Revision ID: 0015
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    text = sa.Text().with_variant(postgresql.TEXT(collation="C"), "postgresql")
    number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "search_state",
        sa.Column("id", sa.Integer(), primary_key=True, autoincrement=False, nullable=False),
        sa.Column("version", text, nullable=False),
        sa.Column("message_id", text, nullable=False),
        sa.Column("number", number, nullable=False),
        sa.Column("total", number, nullable=False),
        sa.Column("trouble", text, nullable=False),
        sa.Column("purge", sa.Integer(), nullable=False),
    )
    op.execute(
        "INSERT INTO search_state (id, version, message_id, number, total, trouble, purge)"
        " VALUES (1, '', '', 0, 0, '', 0)"
    )
    op.create_table(
        "search_documents",
        sa.Column("number", number, primary_key=True, autoincrement=False, nullable=False),
        sa.Column("message_id", text, nullable=False),
    )
    op.create_index("search_documents_by_message", "search_documents", ["message_id"], unique=True)
    for name, condition in (("tagged", "tags != '[]'"), ("with_outcome", "outcome != ''")):
        where = sa.text(condition)
        op.create_index(f"conversations_{name}", "conversations", ["id"], sqlite_where=where, postgresql_where=where)
