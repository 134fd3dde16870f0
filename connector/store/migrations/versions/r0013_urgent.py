"""Indexes for what is most urgent: replies that were not sent, and answers that are due soon.

Revision ID: 0013
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"


def _index(name: str, columns: list[str], where: str) -> None:
    condition = sa.text(where)
    op.create_index(name, "conversations", columns, sqlite_where=condition, postgresql_where=condition)


def upgrade() -> None:
    _index("conversations_unsent", ["unsent_at"], "state != 'closed' AND unsent > 0")
    _index("conversations_soon", ["due_at"], "state != 'closed' AND due_told = 'soon'")
