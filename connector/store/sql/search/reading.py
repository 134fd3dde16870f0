"""Questions to the index for search. See `connector.store.search.SearchReading`."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from msgspec.structs import replace
from sqlalchemy import ColumnElement, bindparam, desc, func, select

from connector.domain.conversation import Conversation, ConversationState
from connector.domain.message import Message
from connector.domain.search.lookups import Lookup
from connector.store.search import ANY, ConversationKind, FoundMessage, FoundText, IndexState, IndexTrouble, Narrowed
from connector.store.sql.keys import KEYS, json_of
from connector.store.sql.search import candidates
from connector.store.sql.search.index import STATE, terms_table
from connector.store.sql.session import SqlSession
from connector.store.sql.statements import scalars, structs
from connector.store.sql.tables.conversations import HAS_OUTCOME, HAS_TAGS, IS_CLOSED, IS_OPEN, conversations
from connector.store.sql.tables.messages import messages
from connector.store.sql.tables.search import search_documents

_LONGEST_S = 1.0  # of one question to the index
_MESSAGES_AFTER = structs(
    Message,
    select(messages).where(messages.c.id > bindparam("after")).order_by(messages.c.id).limit(bindparam("limit")),
)
_COUNT_AFTER = scalars(select(func.count()).where(messages.c.id > bindparam("after")))
_FIRST_NUMBER = scalars(
    select(search_documents.c.number)
    .where(search_documents.c.message_id >= bindparam("least"))
    .order_by(search_documents.c.message_id)
    .limit(1)
)
_LATEST = scalars(
    select(search_documents.c.number)
    .where(search_documents.c.number < bindparam("below"))
    .order_by(desc(search_documents.c.number))
    .limit(bindparam("limit"))
)
_MOMENT = scalars(
    select(messages.c.at)
    .join(search_documents, search_documents.c.message_id == messages.c.id)
    .where(search_documents.c.number == bindparam("number"))
)
_MESSAGES = structs(Message, select(messages).join(KEYS, messages.c.id == KEYS.c.value))
_CONVERSATIONS = structs(Conversation, select(conversations).join(KEYS, conversations.c.id == KEYS.c.value))
_before = (
    select(conversations)
    .where(conversations.c.id < bindparam("before"))
    .order_by(desc(conversations.c.id))
    .limit(bindparam("limit"))
)


def _of_kind(*conditions: ColumnElement[bool]) -> Any:
    return structs(Conversation, _before.where(*conditions))


_BEFORE = _of_kind()
_TAGGED = _of_kind(HAS_TAGS)
_WITH_OUTCOME = _of_kind(HAS_OUTCOME)
_OPEN = _of_kind(IS_OPEN, conversations.c.state == bindparam("state"))
_CLOSED = _of_kind(IS_CLOSED)


class SqlSearchReading:
    def __init__(self, session: SqlSession) -> None:
        self._session = session
        self._terms = terms_table(session)

    def state(self) -> IndexState:
        state = self._session.one(STATE, {})
        if state.trouble is IndexTrouble.NONE and state.version and not self._terms.is_whole(self._session):
            return replace(state, trouble=IndexTrouble.DAMAGED)
        return state

    def messages_after(self, message_id: str, limit: int) -> list[Message]:
        return self._session.all(_MESSAGES_AFTER, {"after": message_id, "limit": limit})

    def count_after(self, message_id: str) -> int:
        return int(self._session.one(_COUNT_AFTER, {"after": message_id}))

    def first_number(self, message_id: str) -> int | None:
        return self._session.first(_FIRST_NUMBER, {"least": message_id})

    def find(self, lookup: Lookup, below: int, limit: int) -> list[int]:
        if not lookup:
            return self._session.all(_LATEST, {"below": below, "limit": limit})
        with self._session.time_limit(_LONGEST_S):
            return self._terms.find(self._session, lookup, below, limit)

    def never_received(self, below: int, limit: int) -> list[FoundText]:
        return candidates.never_received(self._session, below, limit)

    def moment_of(self, number: int) -> int | None:
        return self._session.first(_MOMENT, {"number": number})

    def candidates(self, numbers: Collection[int], narrowed: Narrowed = ANY) -> list[FoundMessage]:
        return candidates.by_number(self._session, numbers, narrowed)

    def candidates_of(self, ids: Collection[str]) -> list[FoundMessage]:
        return candidates.by_id(self._session, ids)

    def messages(self, ids: Collection[str]) -> dict[str, Message]:
        return {one.id: one for one in self._session.all(_MESSAGES, {"keys": json_of(ids)})}

    def conversations(self, ids: Collection[str]) -> dict[str, Conversation]:
        return {one.id: one for one in self._session.all(_CONVERSATIONS, {"keys": json_of(ids)})}

    def conversations_before(self, conversation_id: str, kind: ConversationKind, limit: int) -> list[Conversation]:
        values: dict[str, Any] = {"before": conversation_id, "limit": limit}
        if kind.states is not None:
            found: list[Conversation] = []
            for state in kind.states:
                is_closed = state is ConversationState.CLOSED
                found += self._session.all(_CLOSED if is_closed else _OPEN, values | {"state": state})
            return sorted(found, key=lambda one: one.id, reverse=True)[:limit]
        query = _TAGGED if kind.is_tagged else _WITH_OUTCOME if kind.has_outcome else _BEFORE
        return self._session.all(query, values)
