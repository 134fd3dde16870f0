"""Alerts, what is to be posted to the webhook, and the phones of agents.

Revision ID: 0010
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0010"
down_revision = "0009"

_OVERDUE = "state != 'closed' AND due_told = 'overdue' AND waiting_since IS NOT NULL"


def _text(name: str, *, default: str | None = None, nullable: bool = False, is_key: bool = False) -> sa.Column[Any]:
    """Compared by code point, whatever the language of the database."""
    kind = sa.Text().with_variant(postgresql.TEXT(collation="C"), "postgresql")
    return sa.Column(name, kind, nullable=nullable, server_default=default, primary_key=is_key)


def _moment(name: str, *, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.BigInteger(), nullable=nullable)


def _index(name: str, table: str, columns: list[str], where: str, *, unique: bool = False) -> None:
    condition = sa.text(where)
    op.create_index(name, table, columns, unique=unique, sqlite_where=condition, postgresql_where=condition)


def upgrade() -> None:
    op.add_column("agents", _text("phone", default=""))
    op.create_table(
        "alerts",
        _text("id", is_key=True),
        sa.Column("kind", sa.Text(), nullable=False),
        _text("account"),
        _text("skill"),
        _moment("raised_at"),
        _moment("since"),
        sa.Column("count", sa.Integer(), nullable=False),
        _moment("covers_after"),
        _moment("seen_at"),
        _moment("next_at", nullable=True),
        sa.Column("rounds", sa.Integer(), nullable=False),
        sa.Column("asked", sa.Text(), nullable=False),
        sa.Column("steps", sa.Text(), nullable=False),
        _text("acknowledged_by", nullable=True),
        _moment("acknowledged_at", nullable=True),
        _moment("ended_at", nullable=True),
    )
    _index("alerts_open", "alerts", ["id"], "ended_at IS NULL")
    _index(
        "alerts_waiting",
        "alerts",
        ["kind", "account", "skill"],
        "ended_at IS NULL AND acknowledged_at IS NULL",
        unique=True,
    )
    _index("alerts_ended", "alerts", ["ended_at"], "ended_at IS NOT NULL")
    _index("conversations_overdue", "conversations", ["account", "skill", "due_at"], _OVERDUE)
    op.create_table(
        "webhook_events",
        _text("id", is_key=True),
        _moment("at"),
        _text("body"),
        _text("words"),
    )
