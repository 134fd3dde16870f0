"""An index of the replies that ended and never reached their consumer, by which a search for them begins.

Revision ID: 0019
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"


def upgrade() -> None:
    # No IN: SQLite would make a table of its list for every row that is added.
    where = sa.text("(status = 'failed' OR status = 'undelivered' OR status = 'expired' OR status = 'withdrawn')")
    op.create_index("messages_never_received", "messages", ["id"], sqlite_where=where, postgresql_where=where)
