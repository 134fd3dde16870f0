"""Saved replies, their use, and what was done with the replies made of them.

Revision ID: 0008
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0008"
down_revision = "0007"


def _text(name: str, *, is_key: bool = False) -> sa.Column[Any]:
    """Compared by code point, whatever the language of the database."""
    kind = sa.Text().with_variant(postgresql.TEXT(collation="C"), "postgresql")
    return sa.Column(name, kind, nullable=False, primary_key=is_key)


def _number(name: str, *, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.BigInteger(), nullable=nullable)


def upgrade() -> None:
    op.create_table(
        "saved_replies",
        _text("id", is_key=True),
        *map(_text, ("owner", "title", "category", "text", "shortcut")),
        sa.Column("skills", sa.Text(), nullable=False),
        _text("language"),
        sa.Column("tags", sa.Text(), nullable=False),
        _text("outcome"),
        _number("due_s", nullable=True),
        sa.Column("closes", sa.Boolean(), nullable=False),
        _text("version"),
        _number("changed_at"),
        _text("changed_by"),
    )
    op.create_index("saved_replies_by_owner", "saved_replies", ["owner", "id"])
    op.create_index("saved_replies_by_shortcut", "saved_replies", ["owner", "shortcut"])
    op.create_table(
        "saved_reply_uses",
        _text("saved_reply_id", is_key=True),
        _text("agent", is_key=True),
        sa.Column("uses", sa.Integer(), nullable=False),
        _number("used_at"),
    )
    op.create_table(
        "reply_actions",
        _text("message_id", is_key=True),
        _number("at"),
        sa.Column("tags", sa.Text(), nullable=False),
        *map(_text, ("outcome", "outcome_before")),
        _number("reminder_at", nullable=True),
        _number("kept_reminder_at", nullable=True),
        sa.Column("has_closed", sa.Boolean(), nullable=False),
    )
    op.create_index("reply_actions_by_time", "reply_actions", ["at"])
