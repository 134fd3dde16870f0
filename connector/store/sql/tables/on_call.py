"""Alerts, and what is to be posted to the webhook."""

from __future__ import annotations

import msgspec
from sqlalchemy import BigInteger, Column, Integer, Table, and_, literal_column

from connector.domain.alerts import AlertKind, AlertStep
from connector.store.sql.columns import EnumColumn, ExternalText, Identifier, JsonColumn
from connector.store.sql.tables.base import metadata, names_column, partial_index
from connector.store.sql.tables.conversations import IS_OPEN, conversations

_steps_column = JsonColumn(
    flatten=msgspec.to_builtins, restore=lambda array: msgspec.convert(array, tuple[AlertStep, ...])
)

alerts = Table(
    "alerts",
    metadata,
    Column("id", Identifier, primary_key=True),
    Column("kind", EnumColumn(AlertKind), nullable=False),
    Column("account", Identifier, nullable=False),
    Column("skill", Identifier, nullable=False),
    Column("raised_at", BigInteger, nullable=False),
    Column("since", BigInteger, nullable=False),
    Column("count", Integer, nullable=False),
    Column("covers_after", BigInteger, nullable=False),
    Column("seen_at", BigInteger, nullable=False),
    Column("next_at", BigInteger),
    Column("rounds", Integer, nullable=False),
    Column("asked", names_column, nullable=False),
    Column("steps", _steps_column, nullable=False),
    Column("acknowledged_by", Identifier),
    Column("acknowledged_at", BigInteger),
    Column("ended_at", BigInteger),
)
HAS_NOT_ENDED = alerts.c.ended_at.is_(None)
HAS_ENDED = alerts.c.ended_at.is_not(None)
partial_index("alerts_open", alerts.c.id, where=HAS_NOT_ENDED)
# One of a subject waits for somebody at most.
partial_index(
    "alerts_waiting",
    alerts.c.kind,
    alerts.c.account,
    alerts.c.skill,
    where=and_(HAS_NOT_ENDED, alerts.c.acknowledged_at.is_(None)),
    is_unique=True,
)
partial_index("alerts_ended", alerts.c.ended_at, where=HAS_ENDED)

# Of conversations: those whose consumer waits for an answer that is overdue. All others cost the index nothing.
IS_OVERDUE = and_(
    IS_OPEN,
    conversations.c.due_told == literal_column("'overdue'"),
    conversations.c.waiting_since.is_not(None),
)
partial_index(
    "conversations_overdue",
    conversations.c.account,
    conversations.c.skill,
    conversations.c.due_at,
    where=IS_OVERDUE,
)

# The others of those that need somebody most: of these, too, there are few at any time.
IS_UNSENT = and_(IS_OPEN, conversations.c.unsent > literal_column("0"))
IS_DUE_SOON = and_(IS_OPEN, conversations.c.due_told == literal_column("'soon'"))
partial_index("conversations_unsent", conversations.c.unsent_at, where=IS_UNSENT)
partial_index("conversations_soon", conversations.c.due_at, where=IS_DUE_SOON)

# One of `work` of the kind `webhook` has this id as its subject.
webhook_events = Table(
    "webhook_events",
    metadata,
    Column("id", Identifier, primary_key=True),
    Column("at", BigInteger, nullable=False),
    Column("body", ExternalText, nullable=False),
    Column("words", ExternalText, nullable=False),
)
