"""What narrows a search in the database, before a text is read: how replies ended, and what a conversation is."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sqlalchemy import Integer, bindparam, desc, literal_column, or_, select

from connector.store.search import FoundText, Narrowed
from connector.store.sql.among import is_among, lines
from connector.store.sql.keys import KEYS, NUMBER_OF_KEY, numbers_of
from connector.store.sql.session import SqlSession
from connector.store.sql.statements import structs
from connector.store.sql.tables.conversations import HAS_OUTCOME, HAS_TAGS, conversations
from connector.store.sql.tables.messages import WAS_NEVER_RECEIVED, messages
from connector.store.sql.tables.search import search_documents

_ANY = literal_column("0", Integer)
_of_text = (
    messages.c.id.label("message_id"),
    messages.c.consumer,
    messages.c.text,
    messages.c.overflow,
    messages.c.part,
)
_texts = (
    select(*_of_text)
    .select_from(KEYS)
    .join(search_documents, search_documents.c.number == NUMBER_OF_KEY)
    .join(messages, messages.c.id == search_documents.c.message_id)
    .where(is_among(messages.c.status, "statuses"))
    .order_by(desc(search_documents.c.number))
)
_TEXTS = structs(FoundText, _texts)
_OF_CONVERSATIONS = structs(
    FoundText,
    _texts.join(conversations, conversations.c.id == search_documents.c.conversation_id).where(
        is_among(conversations.c.state, "states"),
        is_among(conversations.c.agent, "owners"),
        or_(bindparam("is_tagged", type_=Integer) == _ANY, HAS_TAGS),
        or_(bindparam("has_outcome", type_=Integer) == _ANY, HAS_OUTCOME),
    ),
)
_last = (
    select(search_documents.c.message_id)
    .where(search_documents.c.number < bindparam("below"))
    .order_by(desc(search_documents.c.number))
    .limit(1)
    .scalar_subquery()
)
_NEVER_RECEIVED = structs(
    FoundText,
    select(*_of_text)
    .where(WAS_NEVER_RECEIVED, messages.c.id <= _last)
    .order_by(desc(messages.c.id))
    .limit(bindparam("limit")),
)


def never_received(session: SqlSession, below: int, limit: int) -> list[FoundText]:
    return session.all(_NEVER_RECEIVED, {"below": below, "limit": limit})


def texts_of(session: SqlSession, numbers: Collection[int], narrowed: Narrowed) -> list[FoundText]:
    values: dict[str, Any] = {"keys": numbers_of(numbers), "statuses": lines(narrowed.statuses)}
    if narrowed.is_of_messages:
        return session.all(_TEXTS, values)
    values |= {
        "states": lines(narrowed.states),
        "owners": lines(narrowed.owners),
        "is_tagged": narrowed.is_tagged,
        "has_outcome": narrowed.has_outcome,
    }
    return session.all(_OF_CONVERSATIONS, values)
