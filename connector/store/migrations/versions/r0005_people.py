"""Consumers as persons, replies that wait for an agent's decision, likely opt-outs, and the highest id given.

Revision ID: 0005
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0005"
down_revision = "0004"

# Both engines run the same words.
_PERSONS = (
    "UPDATE conversations SET person = consumer",
    "UPDATE messages SET person = consumer",
    "UPDATE consent SET person = consumer",
)
# Each consumer's text has a message, and an opt-out in it an entry that is later than the message.
_LATEST_ID = """
    UPDATE stream SET latest_id = (
        SELECT coalesce(max(latest), '') FROM (
            SELECT max(id) AS latest FROM messages UNION ALL SELECT max(id) FROM consent
            UNION ALL SELECT max(id) FROM conversations UNION ALL SELECT max(id) FROM hooks
        ) AS given
    )
"""


def _text(name: str, *, default: str | None = "", nullable: bool = False) -> sa.Column[Any]:
    """Compared by code point, whatever the language of the database."""
    kind = sa.Text().with_variant(postgresql.TEXT(collation="C"), "postgresql")
    return sa.Column(name, kind, nullable=nullable, server_default=None if nullable else default)


def _added_columns() -> None:
    for table in ("conversations", "messages", "consent"):
        op.add_column(table, _text("person"))
    op.add_column("conversations", _text("shown"))
    op.add_column("conversations", sa.Column("unsent", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("conversations", _text("unsent_status"))
    op.add_column("conversations", sa.Column("unsent_at", sa.BigInteger()))
    op.add_column("messages", _text("resends", nullable=True))
    op.add_column("messages", _text("resent_as", nullable=True))
    op.add_column("messages", sa.Column("is_unsettled", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("messages", _text("settled_by", nullable=True))
    op.add_column("consent", _text("author", nullable=True))
    op.add_column("stream", _text("latest_id"))


def _likely_opt_outs() -> None:
    op.create_table(
        "likely_opt_outs",
        sa.Column(
            "person",
            sa.Text().with_variant(postgresql.TEXT(collation="C"), "postgresql"),
            primary_key=True,
            nullable=False,
        ),
        sa.Column("at", sa.BigInteger(), nullable=False),
        _text("account", default=None),
        _text("line", default=None),
        _text("consumer", default=None),
        _text("message_id", nullable=True),
        _text("words", default=None),
    )


def _indexes() -> None:
    op.drop_index("consent_by_consumer", "consent")
    op.create_index("consent_by_person", "consent", ["person", "id"])
    op.drop_index("messages_by_consumer", "messages")
    op.create_index("messages_by_person", "messages", ["person", "id"])
    for name, columns, condition in (
        ("conversations_open", ["person", "line"], "state != 'closed'"),
        ("conversations_past", ["person", "closed_at"], "state = 'closed'"),
    ):
        op.drop_index(name, "conversations")
        where, is_unique = sa.text(condition), name == "conversations_open"
        op.create_index(name, "conversations", columns, unique=is_unique, sqlite_where=where, postgresql_where=where)


def _unsettled_replies() -> None:
    """Found without reading the other messages: by line and person, and by what settled them."""
    for name, columns, condition in (
        ("messages_unsettled", ["line", "person", "id"], "is_unsettled"),
        ("messages_settled", ["settled_by"], "settled_by IS NOT NULL"),
    ):
        where = sa.text(condition)
        op.create_index(name, "messages", columns, sqlite_where=where, postgresql_where=where)


def upgrade() -> None:
    _added_columns()
    _unsettled_replies()
    _likely_opt_outs()
    for statement in (*_PERSONS, _LATEST_ID):
        op.execute(statement)
    _indexes()
