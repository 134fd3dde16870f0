"""Conversations."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, Integer, Table, literal_column, or_

from connector.domain.conversation import BackFrom, ConversationState, DueAlarm, DueRule
from connector.domain.message import Direction
from connector.store.sql.columns import EnumColumn, ExternalText, Identifier, JsonColumn
from connector.store.sql.tables.base import metadata, names_column, part_column, partial_index

_tally = JsonColumn(flatten=dict, restore=dict)

conversations = Table(
    "conversations",
    metadata,
    Column("id", Identifier, primary_key=True),
    Column("account", Identifier, nullable=False),
    Column("line", ExternalText, nullable=False),
    Column("consumer", ExternalText, nullable=False),
    Column("skill", Identifier, nullable=False),
    Column("state", EnumColumn(ConversationState), nullable=False),
    Column("opened_at", BigInteger, nullable=False),
    Column("last_at", BigInteger, nullable=False),
    Column("agent", Identifier),
    Column("queued_at", BigInteger),
    Column("waiting_since", BigInteger),
    Column("closed_at", BigInteger),
    Column("last_seq", Integer, nullable=False),
    Column("unread", Integer, nullable=False),
    Column("last_text", ExternalText, nullable=False),
    Column("last_direction", EnumColumn(Direction), nullable=False),
    Column("last_part", part_column),
    Column("returned_by", Identifier),
    Column("reason", ExternalText, nullable=False),
    Column("version", Integer, nullable=False),
    Column("entry_point", Identifier, nullable=False),
    Column("due_at", BigInteger),
    Column("due_by", EnumColumn(DueRule), nullable=False),
    Column("due_told", EnumColumn(DueAlarm), nullable=False),
    Column("reminder_at", BigInteger),
    Column("is_reminder_kept", Boolean, nullable=False),
    Column("idle_since", BigInteger),
    Column("light_at", BigInteger),
    Column("light", Integer, nullable=False),
    Column("assigned_at", BigInteger),
    Column("rings", names_column, nullable=False),
    Column("ring_until", BigInteger),
    Column("tried", names_column, nullable=False),
    Column("handed_by", Identifier),
    Column("moves", Integer, nullable=False),
    Column("joined", names_column, nullable=False),
    Column("outcome", ExternalText, nullable=False),
    Column("tags", names_column, nullable=False),
    Column("closed_by", Identifier),
    Column("wrap_up_until", BigInteger),
    Column("rank", BigInteger, nullable=False),
    Column("timer_at", BigInteger),
    Column("person", ExternalText, nullable=False, server_default=""),
    Column("shown", ExternalText, nullable=False, server_default=""),
    Column("unsent", Integer, nullable=False, server_default="0"),
    Column("unsent_status", Identifier, nullable=False, server_default=""),
    Column("unsent_at", BigInteger),
    Column("again_at", BigInteger),
    Column("name", ExternalText, nullable=False, server_default=""),
    Column("tally", _tally),
    Column("snoozed_until", BigInteger),
    Column("back_at", BigInteger),
    Column("back_from", EnumColumn(BackFrom), nullable=False, server_default=""),
    Column("scheduled_at", BigInteger),
)
# The ids of conversations that were erased, for desks that still have a draft of one.
erased_conversations = Table(
    "erased_conversations",
    metadata,
    Column("id", Identifier, primary_key=True),
    Column("at", BigInteger, nullable=False),
    sqlite_with_rowid=False,
)
# Written out, not bound: an engine uses a partial index only where it can see that the condition is the same.
IS_OPEN = conversations.c.state != literal_column("'closed'")
IS_CLOSED = conversations.c.state == literal_column("'closed'")
IS_QUEUED = conversations.c.state == literal_column("'queued'")
IS_ASSIGNED = conversations.c.state == literal_column("'assigned'")
HAS_OWNER = or_(IS_ASSIGNED, conversations.c.state == literal_column("'wrap_up'"))
IS_RINGING = conversations.c.state == literal_column("'ringing'")
HAS_TIMER = conversations.c.timer_at.is_not(None)
HAS_JOINED = conversations.c.joined != literal_column("'[]'")  # only open ones have
HAS_TAGS = conversations.c.tags != literal_column("'[]'")
HAS_OUTCOME = conversations.c.outcome != literal_column("''")
WAS_ASSIGNED = conversations.c.assigned_at.is_not(None)
partial_index("conversations_open", conversations.c.person, conversations.c.line, where=IS_OPEN, is_unique=True)
partial_index("conversations_queued", conversations.c.skill, conversations.c.rank, conversations.c.id, where=IS_QUEUED)
partial_index(
    "conversations_queued_at",
    conversations.c.account,
    conversations.c.skill,
    conversations.c.rank,
    conversations.c.id,
    where=IS_QUEUED,
)
# For lists by id, one state at a time.
partial_index("conversations_by_state", conversations.c.state, conversations.c.id, where=IS_OPEN)
# With account and skill: by them is counted how many an agent may see.
partial_index(
    "conversations_held", conversations.c.agent, conversations.c.account, conversations.c.skill, where=HAS_OWNER
)
partial_index("conversations_joined", conversations.c.id, where=HAS_JOINED)
partial_index("conversations_ringing", conversations.c.id, where=IS_RINGING)
partial_index("conversations_timers", conversations.c.timer_at, where=HAS_TIMER)
partial_index("conversations_tagged", conversations.c.id, where=HAS_TAGS)
partial_index("conversations_with_outcome", conversations.c.id, where=HAS_OUTCOME)
partial_index("conversations_given", conversations.c.assigned_at, conversations.c.skill, where=WAS_ASSIGNED)
partial_index("conversations_closed", conversations.c.closed_at, where=IS_CLOSED)
partial_index("conversations_past", conversations.c.person, conversations.c.closed_at, where=IS_CLOSED)
partial_index("conversations_by_end", conversations.c.account, conversations.c.closed_at, where=IS_CLOSED)
