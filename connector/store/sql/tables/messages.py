"""Messages, and what happened to each: their references, attempts, receipts and pictures to be sent."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ColumnElement,
    Index,
    Integer,
    LargeBinary,
    Table,
    false,
    literal_column,
)

from connector.domain.media import Media
from connector.domain.message import Direction
from connector.domain.status import Status
from connector.store.sql.columns import EnumColumn, ExternalText, Identifier, JsonArray, JsonColumn, Serial
from connector.store.sql.tables.base import metadata, part_column, partial_index

_MEDIA = JsonArray(Media, "url", "content_type", "state", "size", "digest", "words")
_media = JsonColumn(
    flatten=lambda media: [_MEDIA.flatten(each) for each in media],
    restore=lambda arrays: tuple(_MEDIA.restore(each) for each in arrays),
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
    Column("part", part_column),
    Column("media", _media, nullable=False),
    Column("is_recovered", Boolean, nullable=False),
    Column("raw_status", ExternalText),
    Column("person", ExternalText, nullable=False, server_default=""),
    Column("resends", Identifier),
    Column("resent_as", Identifier),
    Column("is_unsettled", Boolean, nullable=False, server_default=false()),
    Column("settled_by", Identifier),
    Column("skill", Identifier, nullable=False, server_default=""),
    Column("entry_point", Identifier, nullable=False, server_default=""),
    Column("waited_ms", BigInteger),
    Column("is_late", Boolean, nullable=False, server_default=false()),
    Column("is_first", Boolean, nullable=False, server_default=false()),
    Column("billed", Integer),
)
IS_UNCERTAIN = messages.c.status == literal_column("'uncertain'")
Index("messages_by_time", messages.c.at)
partial_index("messages_uncertain", messages.c.account, messages.c.at, where=IS_UNCERTAIN)
partial_index("messages_recovered", messages.c.account, messages.c.at, where=messages.c.is_recovered)
HAS_PICTURES = messages.c.media != literal_column("'[]'")
partial_index("messages_with_pictures", messages.c.id, where=HAS_PICTURES)
Index("messages_by_person", messages.c.person, messages.c.id)
IS_UNSETTLED: ColumnElement[bool] = literal_column("is_unsettled")
partial_index("messages_unsettled", messages.c.line, messages.c.person, messages.c.id, where=IS_UNSETTLED)
IS_SETTLED = messages.c.settled_by.is_not(None)
partial_index("messages_settled", messages.c.settled_by, where=IS_SETTLED)
# Of replies that are final: none is written to it and taken out again on its way.
WAS_NEVER_RECEIVED: ColumnElement[bool] = literal_column(
    "(status = 'failed' OR status = 'undelivered' OR status = 'expired' OR status = 'withdrawn')"
)
partial_index("messages_never_received", messages.c.id, where=WAS_NEVER_RECEIVED)

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
