"""Messages that may be hits, with what the database can tell by itself looked at before a text is read."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sqlalchemy import Integer, bindparam, desc, literal_column, or_, select

from connector.store.search import FoundMessage, FoundText, Narrowed
from connector.store.sql.among import is_among, lines
from connector.store.sql.keys import KEYS, NUMBER_OF_KEY, json_of, numbers_of
from connector.store.sql.session import SqlSession
from connector.store.sql.statements import structs
from connector.store.sql.tables.conversations import HAS_OUTCOME, HAS_TAGS, conversations
from connector.store.sql.tables.messages import WAS_NEVER_RECEIVED, messages
from connector.store.sql.tables.search import search_documents

_ANY = literal_column("0", Integer)
_of_text = (messages.c.consumer, messages.c.text, messages.c.overflow, messages.c.part)
_of_message = [messages.c[name] for name in ("at", "direction", "status", "author", "line", "person")]
_of_conversation = [
    conversations.c[name]
    for name in ("account", "skill", "state", "agent", "rings", "joined", "outcome", "tags", "shown", "name")
]
_candidates = (
    select(*search_documents.c, *_of_text, *_of_message, *_of_conversation)
    .join(messages, messages.c.id == search_documents.c.message_id)
    .join(conversations, conversations.c.id == search_documents.c.conversation_id)
    .order_by(desc(search_documents.c.number))
)
_BY_NUMBER = structs(
    FoundMessage,
    _candidates.join(KEYS, search_documents.c.number == NUMBER_OF_KEY).where(
        is_among(messages.c.status, "statuses"),
        is_among(conversations.c.state, "states"),
        is_among(conversations.c.agent, "owners"),
        or_(bindparam("is_tagged", type_=Integer) == _ANY, HAS_TAGS),
        or_(bindparam("has_outcome", type_=Integer) == _ANY, HAS_OUTCOME),
    ),
)
_BY_ID = structs(FoundMessage, _candidates.join(KEYS, search_documents.c.message_id == KEYS.c.value))
_last = (
    select(search_documents.c.message_id)
    .where(search_documents.c.number < bindparam("below"))
    .order_by(desc(search_documents.c.number))
    .limit(1)
    .scalar_subquery()
)
_NEVER_RECEIVED = structs(
    FoundText,
    select(messages.c.id.label("message_id"), *_of_text)
    .where(WAS_NEVER_RECEIVED, messages.c.id <= _last)
    .order_by(desc(messages.c.id))
    .limit(bindparam("limit")),
)


def by_number(session: SqlSession, numbers: Collection[int], narrowed: Narrowed) -> list[FoundMessage]:
    values: dict[str, Any] = {
        "keys": numbers_of(numbers),
        "statuses": lines(narrowed.statuses),
        "states": lines(narrowed.states),
        "owners": lines(narrowed.owners),
        "is_tagged": narrowed.is_tagged,
        "has_outcome": narrowed.has_outcome,
    }
    return session.all(_BY_NUMBER, values)


def by_id(session: SqlSession, ids: Collection[str]) -> list[FoundMessage]:
    return session.all(_BY_ID, {"keys": json_of(ids)})


def never_received(session: SqlSession, below: int, limit: int) -> list[FoundText]:
    return session.all(_NEVER_RECEIVED, {"below": below, "limit": limit})
