"""Contacts, and the name of its person with each conversation.

Revision ID: 0009
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0009"
down_revision = "0008"


def _text(name: str, *, is_key: bool = False, default: str | None = None) -> sa.Column[Any]:
    """Compared by code point, whatever the language of the database."""
    kind = sa.Text().with_variant(postgresql.TEXT(collation="C"), "postgresql")
    return sa.Column(name, kind, primary_key=is_key, nullable=False, server_default=default)


def upgrade() -> None:
    op.add_column("conversations", _text("name", default=""))
    op.create_table(
        "contacts",
        _text("person", is_key=True),
        _text("consumer"),
        _text("version"),
        sa.Column("changed_at", sa.BigInteger(), nullable=False),
        _text("changed_by"),
        _text("name"),
        _text("language"),
        sa.Column("attributes", sa.Text(), nullable=False),
        _text("notes"),
        _text("found_by"),
    )
    op.create_index("contacts_by_name", "contacts", ["found_by", "person"])
