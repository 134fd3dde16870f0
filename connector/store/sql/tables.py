"""The tables and their indexes. A column has the name of the field of the value it stores.

Times are BIGINT milliseconds, enumerations are their values, text from outside is exact (see `columns`). There are no
foreign keys: they would lock a conversation's row for every message that is merely added to it.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ColumnElement,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    false,
    literal_column,
    or_,
)

from connector.domain.account import AccountMode
from connector.domain.agent import Presence
from connector.domain.consent.entries import ConsentKind
from connector.domain.conversation import ConversationState, DueAlarm, DueRule
from connector.domain.media import Media
from connector.domain.message import Direction, Part
from connector.domain.status import Status
from connector.store.sql.columns import EnumColumn, ExternalText, Identifier, JsonArray, JsonColumn, Serial
from connector.store.values import CounterKind, HookState

metadata = MetaData()

_MEDIA = JsonArray(Media, "url", "content_type", "state", "size", "digest", "words")
_PART = JsonArray(Part, "reference", "total", "number", "wide", "head", "tail", "charset")

_headers = JsonColumn(flatten=dict, restore=dict)
_names = JsonColumn(flatten=list, restore=tuple)
_part = JsonColumn(flatten=_PART.flatten, restore=_PART.restore)
_media = JsonColumn(
    flatten=lambda media: [_MEDIA.flatten(each) for each in media],
    restore=lambda arrays: tuple(_MEDIA.restore(each) for each in arrays),
)

# One row: the store's name, the position of the latest fact, the position up to which facts have been purged, and the
# highest id that has been given.
stream = Table(
    "stream",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("name", Identifier, nullable=False),
    Column("position", BigInteger, nullable=False),
    Column("floor", BigInteger, nullable=False),
    Column("latest_id", Identifier, nullable=False, server_default=""),
)

facts = Table(
    "facts",
    metadata,
    Column("position", Serial, primary_key=True, autoincrement=False),
    Column("at", BigInteger, nullable=False),
    Column("kind", Identifier, nullable=False),
    Column("conversation_id", Identifier),
    Column("body", LargeBinary, nullable=False),
)

hooks = Table(
    "hooks",
    metadata,
    Column("id", Identifier, primary_key=True),
    Column("at", BigInteger, nullable=False),
    Column("account", ExternalText, nullable=False),
    Column("path", ExternalText, nullable=False),
    Column("url", ExternalText, nullable=False),
    Column("headers", _headers, nullable=False),
    Column("body", LargeBinary, nullable=False),
    Column("state", EnumColumn(HookState), nullable=False),
    Column("reason", ExternalText, nullable=False),
    Column("budget", ExternalText),
    Column("size", Integer, nullable=False, server_default="0"),
)
Index("hooks_by_time", hooks.c.at, hooks.c.id)
Index("hooks_by_account", hooks.c.account, hooks.c.state, hooks.c.at)
# Nearly every hook is taken; the few in quarantine are found without reading the others.
IS_QUARANTINED = hooks.c.state != literal_column("'taken'")
Index("hooks_set_aside", hooks.c.at, hooks.c.id, sqlite_where=IS_QUARANTINED, postgresql_where=IS_QUARANTINED)
# With all that is needed to find the oldest of a budget and to add a budget up.
IS_CHARGED = hooks.c.budget.is_not(None)
Index(
    "hooks_by_budget",
    hooks.c.budget,
    hooks.c.at,
    hooks.c.id,
    hooks.c.size,
    sqlite_where=IS_CHARGED,
    postgresql_where=IS_CHARGED,
)

# The sum of `hooks.size` by budget.
hook_budgets = Table(
    "hook_budgets",
    metadata,
    Column("name", ExternalText, primary_key=True),
    Column("size", BigInteger, nullable=False),
)

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
    Column("last_part", _part),
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
    Column("rings", _names, nullable=False),
    Column("ring_until", BigInteger),
    Column("tried", _names, nullable=False),
    Column("handed_by", Identifier),
    Column("moves", Integer, nullable=False),
    Column("joined", _names, nullable=False),
    Column("outcome", ExternalText, nullable=False),
    Column("tags", _names, nullable=False),
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
)
# Written out, not bound: an engine uses a partial index only where it can see that the condition is the same.
IS_OPEN = conversations.c.state != literal_column("'closed'")
IS_CLOSED = conversations.c.state == literal_column("'closed'")
IS_QUEUED = conversations.c.state == literal_column("'queued'")
IS_ASSIGNED = conversations.c.state == literal_column("'assigned'")
HAS_OWNER = or_(IS_ASSIGNED, conversations.c.state == literal_column("'wrap_up'"))
IS_RINGING = conversations.c.state == literal_column("'ringing'")
HAS_TIMER = conversations.c.timer_at.is_not(None)
WAS_ASSIGNED = conversations.c.assigned_at.is_not(None)
Index(
    "conversations_open",
    conversations.c.person,
    conversations.c.line,
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
Index("conversations_held", conversations.c.agent, sqlite_where=HAS_OWNER, postgresql_where=HAS_OWNER)
Index("conversations_ringing", conversations.c.id, sqlite_where=IS_RINGING, postgresql_where=IS_RINGING)
Index("conversations_timers", conversations.c.timer_at, sqlite_where=HAS_TIMER, postgresql_where=HAS_TIMER)
Index(
    "conversations_given",
    conversations.c.assigned_at,
    conversations.c.skill,
    sqlite_where=WAS_ASSIGNED,
    postgresql_where=WAS_ASSIGNED,
)
Index("conversations_closed", conversations.c.closed_at, sqlite_where=IS_CLOSED, postgresql_where=IS_CLOSED)
Index(
    "conversations_past",
    conversations.c.person,
    conversations.c.closed_at,
    sqlite_where=IS_CLOSED,
    postgresql_where=IS_CLOSED,
)

messages = Table(
    "messages",
    metadata,
    Column("id", Identifier, primary_key=True),
    Column("conversation_id", Identifier, nullable=False),
    Column("account", Identifier, nullable=False),
    Column("line", ExternalText, nullable=False),
    Column("consumer", ExternalText, nullable=False),
    Column("seq", Integer, nullable=False),
    Column("direction", EnumColumn(Direction), nullable=False),
    Column("text", ExternalText, nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("status", EnumColumn(Status), nullable=False),
    Column("status_at", BigInteger, nullable=False),
    Column("overflow", ExternalText, nullable=False),
    Column("author", Identifier),
    Column("ref", ExternalText),
    Column("code", ExternalText),
    Column("words", ExternalText),
    Column("encoding", Identifier, nullable=False),
    Column("segments", Integer, nullable=False),
    Column("part", _part),
    Column("media", _media, nullable=False),
    Column("is_recovered", Boolean, nullable=False),
    Column("raw_status", ExternalText),
    Column("person", ExternalText, nullable=False, server_default=""),
    Column("resends", Identifier),
    Column("resent_as", Identifier),
    Column("is_unsettled", Boolean, nullable=False, server_default=false()),
    Column("settled_by", Identifier),
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
Index("messages_by_person", messages.c.person, messages.c.id)
IS_UNSETTLED: ColumnElement[bool] = literal_column("is_unsettled")
Index(
    "messages_unsettled",
    messages.c.line,
    messages.c.person,
    messages.c.id,
    sqlite_where=IS_UNSETTLED,
    postgresql_where=IS_UNSETTLED,
)
IS_SETTLED = messages.c.settled_by.is_not(None)
Index("messages_settled", messages.c.settled_by, sqlite_where=IS_SETTLED, postgresql_where=IS_SETTLED)

# The keys that detect repeats, apart from the messages: they stay when messages go, and stay small.
message_refs = Table(
    "message_refs",
    metadata,
    Column("account", Identifier, primary_key=True),
    Column("ref", ExternalText, primary_key=True),
    Column("message_id", Identifier, nullable=False),
    sqlite_with_rowid=False,
)

attempts = Table(
    "attempts",
    metadata,
    Column("message_id", Identifier, primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("account", Identifier, nullable=False),
    Column("started_at", BigInteger, nullable=False),
    Column("ended_at", BigInteger),
    Column("outcome", Identifier),
    Column("code", ExternalText),
    Column("words", ExternalText),
    sqlite_with_rowid=False,
)
Index("attempts_by_start", attempts.c.account, attempts.c.started_at)

receipts = Table(
    "receipts",
    metadata,
    Column("account", Identifier, nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("status", EnumColumn(Status), nullable=False),
    Column("raw_status", ExternalText, nullable=False),
    Column("ref", ExternalText),
    Column("message_id", ExternalText),
    Column("code", ExternalText),
    Column("words", ExternalText),
    Column("part", Integer, nullable=False),
    Column("parts", Integer, nullable=False),
    Column("key", LargeBinary, nullable=False, unique=True),
    Column("number", Serial, primary_key=True),
    Column("opted_out", Boolean, nullable=False, server_default=false()),
)
Index("receipts_by_ref", receipts.c.account, receipts.c.ref)
Index("receipts_by_message", receipts.c.account, receipts.c.message_id)

# How many messages and hooks there are of each kind: by minute, by hour, and in all. A message is counted in the minute
# in which it came, under the status it has now. `words` only by minute, and only of replies that did not arrive.
counters = Table(
    "counters",
    metadata,
    Column("span", BigInteger, primary_key=True, autoincrement=False),
    Column("at", BigInteger, primary_key=True, autoincrement=False),
    Column("account", ExternalText, primary_key=True),
    Column("line", ExternalText, primary_key=True),
    Column("kind", EnumColumn(CounterKind), primary_key=True),
    Column("status", Identifier, primary_key=True),
    Column("code", ExternalText, primary_key=True),
    Column("words", ExternalText, primary_key=True),
    Column("count", BigInteger, nullable=False),
    Column("last_at", BigInteger, nullable=False),
    Column("position", BigInteger, nullable=False),
    sqlite_with_rowid=False,
)
Index("counters_changed", counters.c.position)

agents = Table(
    "agents",
    metadata,
    Column("id", Identifier, primary_key=True),
    Column("name", ExternalText, nullable=False),
    Column("skills", _names, nullable=False),
    Column("capacity", Integer, nullable=False),
    Column("presence", EnumColumn(Presence), nullable=False),
    Column("presence_at", BigInteger, nullable=False),
    Column("assigned_at", BigInteger, nullable=False),
    Column("presence_reason", ExternalText, nullable=False),
    Column("came_at", BigInteger, nullable=False),
)

presence_spans = Table(
    "presence_spans",
    metadata,
    Column("agent", Identifier, nullable=False),
    Column("state", Identifier, nullable=False),
    Column("reason", ExternalText, nullable=False),
    Column("from_at", BigInteger, nullable=False),
    Column("until_at", BigInteger),
    Column("number", Serial, primary_key=True),
)
Index("presence_spans_by_agent", presence_spans.c.agent, presence_spans.c.until_at)
Index("presence_spans_by_end", presence_spans.c.until_at)

desks = Table(
    "desks",
    metadata,
    Column("id", Identifier, primary_key=True),
    Column("agent", Identifier, nullable=False),
    Column("node", Identifier, nullable=False),
    Column("lease_until", BigInteger, nullable=False),
)

consent = Table(
    "consent",
    metadata,
    Column("id", Identifier, primary_key=True),
    Column("at", BigInteger, nullable=False),
    Column("account", Identifier, nullable=False),
    Column("line", ExternalText, nullable=False),
    Column("consumer", ExternalText, nullable=False),
    Column("kind", EnumColumn(ConsentKind), nullable=False),
    Column("rule", ExternalText, nullable=False),
    Column("evidence", ExternalText, nullable=False),
    Column("message_id", Identifier),
    Column("person", ExternalText, nullable=False, server_default=""),
    Column("author", Identifier),
)
Index("consent_by_person", consent.c.person, consent.c.id)

# Texts that read like an opt-out, one for each person, until an agent has decided.
likely_opt_outs = Table(
    "likely_opt_outs",
    metadata,
    Column("person", ExternalText, primary_key=True),
    Column("at", BigInteger, nullable=False),
    Column("account", Identifier, nullable=False),
    Column("line", ExternalText, nullable=False),
    Column("consumer", ExternalText, nullable=False),
    Column("message_id", Identifier),
    Column("words", ExternalText, nullable=False),
)

# `ready_at` is due_at, or the end of the lease while `node` holds one; `since` is the first due_at, which stays.
work = Table(
    "work",
    metadata,
    Column("id", Identifier, primary_key=True),
    Column("kind", Identifier, nullable=False),
    Column("subject", Identifier, nullable=False),
    Column("account", Identifier, nullable=False),
    Column("lane", ExternalText, nullable=False),
    Column("ordinal", Identifier, nullable=False),
    Column("due_at", BigInteger, nullable=False),
    Column("tries", Integer, nullable=False),
    Column("rank", Integer, nullable=False),
    Column("node", Identifier),
    Column("ready_at", BigInteger, nullable=False),
    Column("since", BigInteger, nullable=False),
)
Index("work_ready", work.c.kind, work.c.ready_at)
Index("work_ranked", work.c.kind, work.c.rank, work.c.ready_at, work.c.ordinal)
Index("work_in_lane", work.c.lane, work.c.ordinal, work.c.id)
Index("work_by_subject", work.c.subject, work.c.kind)

marks = Table(
    "marks",
    metadata,
    Column("name", ExternalText, primary_key=True),
    Column("at", BigInteger, nullable=False),
)

account_modes = Table(
    "account_modes",
    metadata,
    Column("account", Identifier, primary_key=True),
    Column("mode", EnumColumn(AccountMode), nullable=False),
)

uploads = Table(
    "uploads",
    metadata,
    Column("id", Identifier, primary_key=True),
    Column("at", BigInteger, nullable=False),
    Column("agent", Identifier, nullable=False),
    Column("token", Identifier, nullable=False, unique=True),
    Column("digest", Identifier, nullable=False),
    Column("content_type", Identifier, nullable=False),
    Column("size", BigInteger, nullable=False),
    Column("expires_at", BigInteger, nullable=False),
)

requests = Table(
    "requests",
    metadata,
    Column("id", ExternalText, primary_key=True),
    Column("agent", Identifier, nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("answer", LargeBinary, nullable=False),
)
Index("requests_by_time", requests.c.at)
