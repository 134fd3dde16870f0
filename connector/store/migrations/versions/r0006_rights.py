"""Rights and tokens of agents, the visibility of facts, the audit, and what agents sent by hour.

Revision ID: 0006
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0006"
down_revision = "0005"

# Desks start from a snapshot: it is not known who could see the conversations of earlier facts.
_FLOOR = "UPDATE stream SET position = position + 1, floor = position + 1 WHERE position > 0"


def _text(name: str, *, default: str | None = None, nullable: bool = False, is_key: bool = False) -> sa.Column[Any]:
    """Compared by code point, whatever the language of the database."""
    kind = sa.Text().with_variant(postgresql.TEXT(collation="C"), "postgresql")
    return sa.Column(name, kind, nullable=nullable, server_default=default, primary_key=is_key)


def _flag(name: str) -> sa.Column[Any]:
    return sa.Column(name, sa.Boolean(), nullable=False, server_default=sa.false())


def _agents() -> None:
    for name, default in (("role", "agent"), ("sees", "skills")):
        op.add_column("agents", sa.Column(name, sa.Text(), nullable=False, server_default=default))
    op.add_column("agents", sa.Column("accounts", sa.Text(), nullable=False, server_default="[]"))
    op.add_column("agents", _text("os_user", default=""))
    op.add_column("agents", _flag("is_disabled"))
    op.add_column("agents", _flag("is_provisioned"))
    op.create_index("agents_by_os_user", "agents", ["os_user"])
    op.add_column("desks", sa.Column("signed_in_at", sa.BigInteger(), nullable=False, server_default="0"))
    op.add_column("desks", _text("way", default=""))
    op.add_column("desks", _text("source", default=""))
    op.create_table(
        "agent_tokens",
        _text("digest", is_key=True),
        _text("agent"),
        sa.Column("at", sa.BigInteger(), nullable=False),
        _flag("is_provisioned"),
    )
    op.create_index("agent_tokens_by_agent", "agent_tokens", ["agent"])
    op.create_table(
        "agent_sends",
        _text("agent", is_key=True),
        sa.Column("hour", sa.BigInteger(), primary_key=True, autoincrement=False, nullable=False),
        sa.Column("sends", sa.Integer(), nullable=False),
        sa.Column("new_numbers", sa.Integer(), nullable=False),
    )


def _audit() -> None:
    number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "audit",
        sa.Column("number", number, primary_key=True, autoincrement=False, nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        _text("actor"),
        sa.Column("action", sa.Text(), nullable=False),
        _text("subject"),
        _text("person"),
        _text("details"),
        _text("hash"),
    )
    op.create_index("audit_by_actor", "audit", ["actor", "number"])
    op.create_index("audit_by_person", "audit", ["person", "number"])
    if op.get_bind().dialect.name == "sqlite":
        for action in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER audit_no_{action.lower()} BEFORE {action} ON audit "
                "BEGIN SELECT RAISE(ABORT, 'entries of the audit stay as they are'); END"
            )
        # REPLACE deletes without calling triggers of DELETE.
        op.execute(
            "CREATE TRIGGER audit_no_replace BEFORE INSERT ON audit "
            "WHEN EXISTS (SELECT 1 FROM audit WHERE number = NEW.number) "
            "BEGIN SELECT RAISE(ABORT, 'entries of the audit stay as they are'); END"
        )
    else:
        op.execute(
            "CREATE FUNCTION audit_stays() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN RAISE EXCEPTION 'entries of the audit stay as they are'; END $$"
        )
        op.execute(
            "CREATE TRIGGER audit_stays BEFORE UPDATE OR DELETE OR TRUNCATE ON audit "
            "FOR EACH STATEMENT EXECUTE FUNCTION audit_stays()"
        )


def _conversations() -> None:
    """Indexes for lists by id, and for counting by account and skill without reading the rows."""

    def index(name: str, columns: list[str], condition: str) -> None:
        where = sa.text(condition)
        op.create_index(name, "conversations", columns, sqlite_where=where, postgresql_where=where)

    op.drop_index("conversations_held")
    index("conversations_by_state", ["state", "id"], "state != 'closed'")
    index("conversations_held", ["agent", "account", "skill"], "state = 'assigned' OR state = 'wrap_up'")
    index("conversations_joined", ["id"], "joined != '[]'")
    index("conversations_queued_at", ["account", "skill", "rank", "id"], "state = 'queued'")


def _erasure() -> None:
    op.create_table(
        "erased_conversations",
        _text("id", is_key=True),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sqlite_with_rowid=False,
    )
    is_closed = sa.text("state = 'closed'")
    op.create_index(
        "conversations_by_end",
        "conversations",
        ["account", "closed_at"],
        sqlite_where=is_closed,
        postgresql_where=is_closed,
    )


def upgrade() -> None:
    _agents()
    _conversations()
    _erasure()
    op.add_column("facts", _text("visibility", nullable=True))
    op.add_column("facts", _text("visibility_before", nullable=True))
    _audit()
    op.execute(_FLOOR)
