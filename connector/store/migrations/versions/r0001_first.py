"""The first tables.

Revision ID: 0001
"""

from __future__ import annotations

import secrets
from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None


def _id(name: str, primary_key: bool = False, nullable: bool = False) -> sa.Column[Any]:
    """Compared by code point, whatever the language of the database."""
    kind = sa.Text().with_variant(postgresql.TEXT(collation="C"), "postgresql")
    return sa.Column(name, kind, primary_key=primary_key, nullable=nullable)


def _text(name: str, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.Text(), nullable=nullable)


def _at(name: str, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.BigInteger(), nullable=nullable)


def _count(name: str, primary_key: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.Integer(), primary_key=primary_key, autoincrement=False, nullable=False)


def _bytes(name: str) -> sa.Column[Any]:
    return sa.Column(name, sa.LargeBinary(), nullable=False)


def _serial(name: str, autoincrement: bool) -> sa.Column[Any]:
    # SQLite takes a column for its row number only under this very type.
    kind = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    return sa.Column(name, kind, primary_key=True, autoincrement=autoincrement)


def _index(name: str, table: str, columns: list[str | sa.TextClause], where: str = "", unique: bool = False) -> None:
    only = sa.text(where) if where else None
    op.create_index(name, table, columns, unique=unique, sqlite_where=only, postgresql_where=only)


def upgrade() -> None:
    stream = op.create_table("stream", _count("id", primary_key=True), _id("name"), _at("position"), _at("floor"))
    op.bulk_insert(stream, [{"id": 1, "name": secrets.token_hex(8), "position": 0, "floor": 0}])
    op.create_table(
        "facts",
        _serial("position", False),
        _at("at"),
        _id("kind"),
        _id("conversation_id", nullable=True),
        _bytes("body"),
    )
    _hooks()
    _conversations()
    _messages()
    _people()
    _work()


def _hooks() -> None:
    op.create_table(
        "hooks",
        _id("id", primary_key=True),
        _at("at"),
        _id("account"),
        _id("path"),
        _id("url"),
        _text("headers"),
        _bytes("body"),
        _text("state"),
        _id("reason"),
    )
    _index("hooks_by_time", "hooks", ["at", "id"])
    _index("hooks_by_account", "hooks", ["account", "state", "at"])
    _index("hooks_set_aside", "hooks", ["at", "id"], where="state != 'taken'")


def _conversations() -> None:
    op.create_table(
        "conversations",
        _id("id", primary_key=True),
        _id("account"),
        _id("line"),
        _id("consumer"),
        _id("skill"),
        _text("state"),
        _at("opened_at"),
        _at("last_at"),
        _id("agent", nullable=True),
        _at("queued_at", nullable=True),
        _at("waiting_since", nullable=True),
        _at("closed_at", nullable=True),
        _count("last_seq"),
        _count("unread"),
        _id("last_text"),
        _text("last_direction"),
        _text("last_part", nullable=True),
        _id("returned_by", nullable=True),
        _id("reason"),
        _count("version"),
        _id("entry_point"),
        _at("due_at", nullable=True),
        _text("due_by"),
        _text("due_told"),
        _at("reminder_at", nullable=True),
        sa.Column("is_reminder_kept", sa.Boolean(), nullable=False),
        _at("idle_since", nullable=True),
        _at("light_at", nullable=True),
        _count("light"),
        _at("assigned_at", nullable=True),
        _text("rings"),
        _at("ring_until", nullable=True),
        _text("tried"),
        _id("handed_by", nullable=True),
        _count("moves"),
        _text("joined"),
        _id("outcome"),
        _text("tags"),
        _id("closed_by", nullable=True),
        _at("wrap_up_until", nullable=True),
        _at("rank"),
        _at("timer_at", nullable=True),
    )
    _index("conversations_open", "conversations", ["line", "consumer"], where="state != 'closed'", unique=True)
    _index("conversations_queued", "conversations", ["skill", "rank", "id"], where="state = 'queued'")
    _index("conversations_held", "conversations", ["agent"], where="state = 'assigned' OR state = 'wrap_up'")
    _index("conversations_ringing", "conversations", ["id"], where="state = 'ringing'")
    _index("conversations_timers", "conversations", ["timer_at"], where="timer_at IS NOT NULL")
    _index("conversations_given", "conversations", ["assigned_at"], where="assigned_at IS NOT NULL")
    _index("conversations_closed", "conversations", ["closed_at"], where="state = 'closed'")
    _index("conversations_past", "conversations", ["consumer", "closed_at"], where="state = 'closed'")


def _messages() -> None:
    op.create_table(
        "messages",
        _id("id", primary_key=True),
        _id("conversation_id"),
        _id("account"),
        _id("line"),
        _id("consumer"),
        _count("seq"),
        _text("direction"),
        _id("text"),
        _at("at"),
        _text("status"),
        _at("status_at"),
        _id("overflow"),
        _id("author", nullable=True),
        _id("ref", nullable=True),
        _id("code", nullable=True),
        _id("words", nullable=True),
        _id("encoding"),
        _count("segments"),
        _text("part", nullable=True),
        _text("media"),
        sa.Column("is_recovered", sa.Boolean(), nullable=False),
        _id("raw_status", nullable=True),
    )
    _index("messages_by_time", "messages", ["at"])
    _index("messages_uncertain", "messages", ["account", "at"], where="status = 'uncertain'")
    _index("messages_recovered", "messages", ["account", "at"], where="is_recovered")
    _index("messages_by_consumer", "messages", ["consumer", "id"])
    op.create_table(
        "message_refs",
        _id("account", primary_key=True),
        _id("ref", primary_key=True),
        _id("message_id"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "attempts",
        _id("message_id", primary_key=True),
        _count("number", primary_key=True),
        _id("account"),
        _at("started_at"),
        _at("ended_at", nullable=True),
        _id("outcome", nullable=True),
        _id("code", nullable=True),
        _id("words", nullable=True),
        sqlite_with_rowid=False,
    )
    _index("attempts_by_start", "attempts", ["account", "started_at"])
    op.create_table(
        "receipts",
        _id("account"),
        _at("at"),
        _text("status"),
        _id("raw_status"),
        _id("ref", nullable=True),
        _id("message_id", nullable=True),
        _id("code", nullable=True),
        _id("words", nullable=True),
        _count("part"),
        _count("parts"),
        _bytes("key"),
        _serial("number", True),
        sa.UniqueConstraint("key"),
    )
    _index("receipts_by_ref", "receipts", ["account", "ref"])
    _index("receipts_by_message", "receipts", ["account", "message_id"])


def _people() -> None:
    op.create_table(
        "agents",
        _id("id", primary_key=True),
        _id("name"),
        _text("skills"),
        _count("capacity"),
        _text("presence"),
        _at("presence_at"),
        _at("assigned_at"),
        _id("presence_reason"),
        _at("came_at"),
    )
    op.create_table(
        "presence_spans",
        _id("agent"),
        _id("state"),
        _id("reason"),
        _at("from_at"),
        _at("until_at", nullable=True),
        _serial("number", True),
    )
    _index("presence_spans_by_agent", "presence_spans", ["agent", "until_at"])
    op.create_table("desks", _id("id", primary_key=True), _id("agent"), _id("node"), _at("lease_until"))
    op.create_table(
        "consent",
        _id("id", primary_key=True),
        _at("at"),
        _id("account"),
        _id("line"),
        _id("consumer"),
        _text("kind"),
        _id("rule"),
        _id("evidence"),
        _id("message_id", nullable=True),
    )
    _index("consent_by_consumer", "consent", ["consumer", sa.text("at DESC"), sa.text("id DESC")])


def _work() -> None:
    op.create_table(
        "work",
        _id("id", primary_key=True),
        _id("kind"),
        _id("subject"),
        _id("account"),
        _id("lane"),
        _id("ordinal"),
        _at("due_at"),
        _count("tries"),
        _count("rank"),
        _id("node", nullable=True),
        _at("ready_at"),
        _at("since"),
    )
    _index("work_ready", "work", ["kind", "ready_at"])
    _index("work_ranked", "work", ["kind", "rank", "ready_at"])
    _index("work_in_lane", "work", ["lane", "ordinal", "id"])
    op.create_table("marks", _id("name", primary_key=True), _at("at"))
    op.create_table("account_modes", _id("account", primary_key=True), _text("mode"))
    op.create_table(
        "uploads",
        _id("id", primary_key=True),
        _at("at"),
        _id("agent"),
        _id("token"),
        _id("digest"),
        _id("content_type"),
        _at("size"),
        _at("expires_at"),
        sa.UniqueConstraint("token"),
    )
    op.create_table("requests", _id("id", primary_key=True), _id("agent"), _at("at"), _bytes("answer"))
    _index("requests_by_time", "requests", ["at"])
