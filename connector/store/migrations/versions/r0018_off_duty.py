"""Who has ended the shift of an agent who is off duty, which was read from the words of the reason.

Revision ID: 0018
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0018"
down_revision = "0017"

_BY_OTHERS = "off duty, ended by "


def upgrade() -> None:
    # Compared by code point, whatever the language of the database.
    kind = sa.Text().with_variant(postgresql.TEXT(collation="C"), "postgresql")
    op.add_column("agents", sa.Column("off_duty_by", kind, nullable=False, server_default=""))
    op.execute("UPDATE agents SET off_duty_by = id WHERE presence_reason = 'off duty'")
    op.execute(
        f"UPDATE agents SET off_duty_by = substr(presence_reason, {len(_BY_OTHERS) + 1})"
        f" WHERE presence_reason LIKE '{_BY_OTHERS}%'"
    )
