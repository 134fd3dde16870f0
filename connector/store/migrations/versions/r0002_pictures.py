"""Messages with pictures are found without looking at all others.

Revision ID: 0002
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    only = sa.text("media != '[]'")
    op.create_index("messages_with_pictures", "messages", ["id"], sqlite_where=only, postgresql_where=only)
