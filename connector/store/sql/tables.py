"""The tables. Columns stand in the order of the fields of the value they keep, so that a row is its arguments.

Moments are BIGINT milliseconds, choices are words, what came from outside is exact (see `columns`). There are no
foreign keys: they would lock a conversation's row for every message that is merely added to it.
"""

from __future__ import annotations

from typing import Any

from msgspec.structs import astuple
from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    desc,
    literal_column,
    or_,
)

from connector.domain.account import AccountMode
from connector.domain.agent import Presence
from connector.domain.consent import ConsentKind
from connector.domain.conversation import ConversationState, DueAlarm, DueRule
from connector.domain.media import Media, MediaState
from connector.domain.message import Direction, Part
from connector.domain.status import Status
from connector.store.sql.columns import Document, EnumColumn, Name, Serial, Words
from connector.store.values import HookState

metadata = MetaData()

_headers = Document(flatten=dict, restore=dict)
_part = Document(flatten=astuple, restore=lambda fields: Part(*fields))
_media = Document(
    flatten=lambda all_media: [astuple(media) for media in all_media],
    restore=lambda rows: tuple(_restored(*fields) for fields in rows),
)


def _restored(url: str, content_type: str, state: str = MediaState.WAITING, *more: Any) -> Media:
    return Media(url, content_type, MediaState(state), *more)


_names = Document(flatten=list, restore=tuple)

# One row: the store's name, the position of the latest fact, and the position up to which facts were dropped.
stream = Table(
    "stream",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("name", Name, nullable=False),
    Column("position", BigInteger, nullable=False),
    Column("floor", BigInteger, nullable=False),
)

facts = Table(
    "facts",
    metadata,
    Column("position", Serial, primary_key=True, autoincrement=False),
    Column("at", BigInteger, nullable=False),
    Column("kind", Name, nullable=False),
    Column("conversation_id", Name),
    Column("body", LargeBinary, nullable=False),
)

hooks = Table(
    "hooks",
    metadata,
    Column("id", Name, primary_key=True),
    Column("at", BigInteger, nullable=False),
    Column("account", Words, nullable=False),
    Column("path", Words, nullable=False),
    Column("url", Words, nullable=False),
    Column("headers", _headers, nullable=False),
    Column("body", LargeBinary, nullable=False),
    Column("state", EnumColumn(HookState), nullable=False),
    Column("reason", Words, nullable=False),
)
Index("hooks_by_time", hooks.c.at, hooks.c.id)
Index("hooks_by_account", hooks.c.account, hooks.c.state, hooks.c.at)
# Nearly every hook is taken; those an administrator looks for are few, and found without reading the others.
SET_ASIDE = hooks.c.state != literal_column("'taken'")
Index("hooks_set_aside", hooks.c.at, hooks.c.id, sqlite_where=SET_ASIDE, postgresql_where=SET_ASIDE)

conversations = Table(
    "conversations",
    metadata,
    Column("id", Name, primary_key=True),
    Column("account", Name, nullable=False),
    Column("line", Words, nullable=False),
    Column("consumer", Words, nullable=False),
    Column("skill", Name, nullable=False),
    Column("state", EnumColumn(ConversationState), nullable=False),
    Column("opened_at", BigInteger, nullable=False),
    Column("last_at", BigInteger, nullable=False),
    Column("agent", Name),
    Column("queued_at", BigInteger),
    Column("waiting_since", BigInteger),
    Column("closed_at", BigInteger),
    Column("last_seq", Integer, nullable=False),
    Column("unread", Integer, nullable=False),
    Column("last_text", Words, nullable=False),
    Column("last_direction", EnumColumn(Direction), nullable=False),
    Column("last_part", _part),
    Column("returned_by", Name),
    Column("reason", Words, nullable=False),
    Column("version", Integer, nullable=False),
    Column("entry_point", Name, nullable=False),
    Column("due_at", BigInteger),
    Column("due_by", EnumColumn(DueRule), nullable=False),
    Column("due_told", EnumColumn(DueAlarm), nullable=False),
    Column("reminder_at", BigInteger),
    Column("is_reminder_kept", Boolean, nullable=False),
    Column("idle_since", BigInteger),
    Column("light_at", BigInteger),
    Column("light", Integer, nullable=False),
    Column("assigned_at", BigInteger),
    Column("rings", _names, nullable=False),
    Column("ring_until", BigInteger),
    Column("tried", _names, nullable=False),
    Column("handed_by", Name),
    Column("moves", Integer, nullable=False),
    Column("joined", _names, nullable=False),
    Column("outcome", Words, nullable=False),
    Column("tags", _names, nullable=False),
    Column("closed_by", Name),
    Column("wrap_up_until", BigInteger),
    Column("rank", BigInteger, nullable=False),
    Column("timer_at", BigInteger),
)
# Written out, not bound: an engine uses a partial index only where it can see that the condition is the same.
IS_OPEN = conversations.c.state != literal_column("'closed'")
IS_CLOSED = conversations.c.state == literal_column("'closed'")
IS_QUEUED = conversations.c.state == literal_column("'queued'")
IS_ASSIGNED = conversations.c.state == literal_column("'assigned'")
IS_HELD = or_(IS_ASSIGNED, conversations.c.state == literal_column("'wrap_up'"))
IS_RINGING = conversations.c.state == literal_column("'ringing'")
HAS_TIMER = conversations.c.timer_at.is_not(None)
WAS_GIVEN = conversations.c.assigned_at.is_not(None)
Index(
    "conversations_open",
    conversations.c.line,
    conversations.c.consumer,
    unique=True,
    sqlite_where=IS_OPEN,
    postgresql_where=IS_OPEN,
)
Index(
    "conversations_queued",
    conversations.c.skill,
    conversations.c.rank,
    conversations.c.id,
    sqlite_where=IS_QUEUED,
    postgresql_where=IS_QUEUED,
)
Index("conversations_held", conversations.c.agent, sqlite_where=IS_HELD, postgresql_where=IS_HELD)
Index("conversations_ringing", conversations.c.id, sqlite_where=IS_RINGING, postgresql_where=IS_RINGING)
Index("conversations_timers", conversations.c.timer_at, sqlite_where=HAS_TIMER, postgresql_where=HAS_TIMER)
Index("conversations_given", conversations.c.assigned_at, sqlite_where=WAS_GIVEN, postgresql_where=WAS_GIVEN)
Index("conversations_closed", conversations.c.closed_at, sqlite_where=IS_CLOSED, postgresql_where=IS_CLOSED)
Index(
    "conversations_past",
    conversations.c.consumer,
    conversations.c.closed_at,
    sqlite_where=IS_CLOSED,
    postgresql_where=IS_CLOSED,
)

messages = Table(
    "messages",
    metadata,
    Column("id", Name, primary_key=True),
    Column("conversation_id", Name, nullable=False),
    Column("account", Name, nullable=False),
    Column("line", Words, nullable=False),
    Column("consumer", Words, nullable=False),
    Column("seq", Integer, nullable=False),
    Column("direction", EnumColumn(Direction), nullable=False),
    Column("text", Words, nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("status", EnumColumn(Status), nullable=False),
    Column("status_at", BigInteger, nullable=False),
    Column("overflow", Words, nullable=False),
    Column("author", Name),
    Column("ref", Words),
    Column("code", Words),
    Column("words", Words),
    Column("encoding", Name, nullable=False),
    Column("segments", Integer, nullable=False),
    Column("part", _part),
    Column("media", _media, nullable=False),
    Column("is_recovered", Boolean, nullable=False),
    Column("raw_status", Words),
)
IS_UNCERTAIN = messages.c.status == literal_column("'uncertain'")
Index("messages_by_time", messages.c.at)
Index(
    "messages_uncertain",
    messages.c.account,
    messages.c.at,
    sqlite_where=IS_UNCERTAIN,
    postgresql_where=IS_UNCERTAIN,
)
Index(
    "messages_recovered",
    messages.c.account,
    messages.c.at,
    sqlite_where=messages.c.is_recovered,
    postgresql_where=messages.c.is_recovered,
)
HAS_PICTURES = messages.c.media != literal_column("'[]'")
Index("messages_with_pictures", messages.c.id, sqlite_where=HAS_PICTURES, postgresql_where=HAS_PICTURES)
Index("messages_by_consumer", messages.c.consumer, messages.c.id)

# The keys against repeats, beside the messages: they stay when messages go, and stay small.
message_refs = Table(
    "message_refs",
    metadata,
    Column("account", Name, primary_key=True),
    Column("ref", Words, primary_key=True),
    Column("message_id", Name, nullable=False),
    sqlite_with_rowid=False,
)

attempts = Table(
    "attempts",
    metadata,
    Column("message_id", Name, primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("account", Name, nullable=False),
    Column("started_at", BigInteger, nullable=False),
    Column("ended_at", BigInteger),
    Column("outcome", Name),
    Column("code", Words),
    Column("words", Words),
    sqlite_with_rowid=False,
)
Index("attempts_by_start", attempts.c.account, attempts.c.started_at)

receipts = Table(
    "receipts",
    metadata,
    Column("account", Name, nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("status", EnumColumn(Status), nullable=False),
    Column("raw_status", Words, nullable=False),
    Column("ref", Words),
    Column("message_id", Words),
    Column("code", Words),
    Column("words", Words),
    Column("part", Integer, nullable=False),
    Column("parts", Integer, nullable=False),
    Column("key", LargeBinary, nullable=False, unique=True),
    Column("number", Serial, primary_key=True),
)
Index("receipts_by_ref", receipts.c.account, receipts.c.ref)
Index("receipts_by_message", receipts.c.account, receipts.c.message_id)

agents = Table(
    "agents",
    metadata,
    Column("id", Name, primary_key=True),
    Column("name", Words, nullable=False),
    Column("skills", _names, nullable=False),
    Column("capacity", Integer, nullable=False),
    Column("presence", EnumColumn(Presence), nullable=False),
    Column("presence_at", BigInteger, nullable=False),
    Column("assigned_at", BigInteger, nullable=False),
    Column("presence_reason", Words, nullable=False),
    Column("came_at", BigInteger, nullable=False),
)

presence_spans = Table(
    "presence_spans",
    metadata,
    Column("agent", Name, nullable=False),
    Column("state", Name, nullable=False),
    Column("reason", Words, nullable=False),
    Column("from_at", BigInteger, nullable=False),
    Column("until_at", BigInteger),
    Column("number", Serial, primary_key=True),
)
Index("presence_spans_by_agent", presence_spans.c.agent, presence_spans.c.until_at)

desks = Table(
    "desks",
    metadata,
    Column("id", Name, primary_key=True),
    Column("agent", Name, nullable=False),
    Column("node", Name, nullable=False),
    Column("lease_until", BigInteger, nullable=False),
)

consent = Table(
    "consent",
    metadata,
    Column("id", Name, primary_key=True),
    Column("at", BigInteger, nullable=False),
    Column("account", Name, nullable=False),
    Column("line", Words, nullable=False),
    Column("consumer", Words, nullable=False),
    Column("kind", EnumColumn(ConsentKind), nullable=False),
    Column("rule", Words, nullable=False),
    Column("evidence", Words, nullable=False),
    Column("message_id", Name),
)
Index("consent_by_consumer", consent.c.consumer, desc(consent.c.at), desc(consent.c.id))

# `ready_at` is due_at, or the end of the lease while `node` holds one; `since` is the first due_at, which stays.
work = Table(
    "work",
    metadata,
    Column("id", Name, primary_key=True),
    Column("kind", Name, nullable=False),
    Column("subject", Name, nullable=False),
    Column("account", Name, nullable=False),
    Column("lane", Words, nullable=False),
    Column("ordinal", Name, nullable=False),
    Column("due_at", BigInteger, nullable=False),
    Column("tries", Integer, nullable=False),
    Column("rank", Integer, nullable=False),
    Column("node", Name),
    Column("ready_at", BigInteger, nullable=False),
    Column("since", BigInteger, nullable=False),
)
Index("work_ready", work.c.kind, work.c.ready_at)
Index("work_ranked", work.c.kind, work.c.rank, work.c.ready_at)
Index("work_in_lane", work.c.lane, work.c.ordinal, work.c.id)

marks = Table(
    "marks",
    metadata,
    Column("name", Words, primary_key=True),
    Column("at", BigInteger, nullable=False),
)

account_modes = Table(
    "account_modes",
    metadata,
    Column("account", Name, primary_key=True),
    Column("mode", EnumColumn(AccountMode), nullable=False),
)

uploads = Table(
    "uploads",
    metadata,
    Column("id", Name, primary_key=True),
    Column("at", BigInteger, nullable=False),
    Column("agent", Name, nullable=False),
    Column("token", Name, nullable=False, unique=True),
    Column("digest", Name, nullable=False),
    Column("content_type", Name, nullable=False),
    Column("size", BigInteger, nullable=False),
    Column("expires_at", BigInteger, nullable=False),
)

requests = Table(
    "requests",
    metadata,
    Column("id", Words, primary_key=True),
    Column("agent", Name, nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("answer", LargeBinary, nullable=False),
)
Index("requests_by_time", requests.c.at)
