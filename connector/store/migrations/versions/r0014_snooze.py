"""Conversations that their owner has put away, and that have come back.

Revision ID: 0014
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    op.add_column("conversations", sa.Column("snoozed_until", sa.BigInteger()))
    op.add_column("conversations", sa.Column("back_at", sa.BigInteger()))
    op.add_column("conversations", sa.Column("back_from", sa.Text(), nullable=False, server_default=""))
