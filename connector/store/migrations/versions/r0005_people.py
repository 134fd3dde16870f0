"""Consumers as persons, replies that wait for an agent's decision, likely opt-outs, and the highest id given.

Revision ID: 0005
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from connector.store.migrations import persons

revision = "0005"
down_revision = "0004"

# Desks start from a snapshot: facts of earlier versions say nothing of persons, nor what has become one.
_FLOOR = "UPDATE stream SET position = position + 1, floor = position + 1 WHERE position > 0"
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
    op.add_column("conversations", sa.Column("again_at", sa.BigInteger()))
    op.add_column("messages", _text("resends", nullable=True))
    op.add_column("messages", _text("resent_as", nullable=True))
    op.add_column("messages", sa.Column("is_unsettled", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("messages", _text("settled_by", nullable=True))
    op.add_column("consent", _text("author", nullable=True))
    op.add_column("receipts", sa.Column("opted_out", sa.Boolean(), nullable=False, server_default=sa.false()))
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


def _index(name: str, table: str, columns: list[str], where: str | None = None, *, is_unique: bool = False) -> None:
    only = None if where is None else sa.text(where)
    op.create_index(name, table, columns, unique=is_unique, sqlite_where=only, postgresql_where=only)


def _persons() -> None:
    connection = op.get_bind()
    for name, table in (
        ("consent_by_consumer", "consent"),
        ("messages_by_consumer", "messages"),
        ("conversations_open", "conversations"),
        ("conversations_past", "conversations"),
    ):
        op.drop_index(name, table)
    persons.give_persons(connection)
    persons.restate_consent(connection)
    _index("consent_by_person", "consent", ["person", "id"])
    _index("messages_by_person", "messages", ["person", "id"])
    persons.merge_open_conversations(connection)
    _index("conversations_open", "conversations", ["person", "line"], "state != 'closed'", is_unique=True)
    _index("conversations_past", "conversations", ["person", "closed_at"], "state = 'closed'")


def _unsettled_replies() -> None:
    """Found without reading the other messages: by line and person, and by what settled them."""
    _index("messages_unsettled", "messages", ["line", "person", "id"], "is_unsettled")
    _index("messages_settled", "messages", ["settled_by"], "settled_by IS NOT NULL")


def upgrade() -> None:
    _added_columns()
    _unsettled_replies()
    _likely_opt_outs()
    _persons()
    for statement in (_LATEST_ID, _FLOOR):
        op.execute(statement)
