"""Imports of contacts: the lines of a file until they are applied.

Revision ID: 0012
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0012"
down_revision = "0011"


def _text(name: str, *, is_key: bool = False) -> sa.Column[Any]:
    """Compared by code point, whatever the language of the database."""
    kind = sa.Text().with_variant(postgresql.TEXT(collation="C"), "postgresql")
    return sa.Column(name, kind, primary_key=is_key, nullable=False)


def upgrade() -> None:
    op.create_table(
        "contact_imports",
        _text("id", is_key=True),
        _text("agent"),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("applied_at", sa.BigInteger()),
    )
    op.create_table(
        "staged_contacts",
        _text("import_id", is_key=True),
        _text("person", is_key=True),
        sa.Column("line", sa.Integer(), nullable=False),
        sa.Column("is_wrong", sa.Boolean(), nullable=False),
        sa.Column("is_changed", sa.Boolean(), nullable=False),
        _text("based_on"),
        _text("consumer"),
        _text("name"),
        _text("language"),
        sa.Column("attributes", sa.Text(), nullable=False),
        _text("notes"),
        _text("found_by"),
        sqlite_with_rowid=False,
    )
