"""The index for search, as it is written. See `connector.store.search.SearchIndex`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from msgspec.structs import asdict, replace
from sqlalchemy import bindparam, delete, func, insert, select, update

from connector.domain.message import Message
from connector.domain.search.documents import Document, document_of
from connector.domain.search.terms import VERSION
from connector.store.search import IndexState, IndexTrouble
from connector.store.sql.keys import KEYS, json_of
from connector.store.sql.search.fts5 import Fts5Terms
from connector.store.sql.search.terms_table import TermsTable
from connector.store.sql.search.tsvector import TsvectorTerms
from connector.store.sql.session import SqlSession, WriteSession
from connector.store.sql.statements import RowQuery, scalars, tuples
from connector.store.sql.tables.messages import messages
from connector.store.sql.tables.search import search_documents, search_state

STATE: RowQuery[IndexState] = RowQuery(
    select(search_state),
    IndexState.__struct_fields__,
    lambda version, message_id, number, total, trouble, purge: IndexState(
        version, message_id, number, total, IndexTrouble(trouble), purge
    ),
)
_SET_STATE = update(search_state)
_ADD = insert(search_documents)
_REMOVE = delete(search_documents).where(search_documents.c.number == bindparam("of_number"))
_EMPTY = delete(search_documents)
_COUNT = scalars(select(func.count().label("count")).select_from(messages))
_STILL_THERE = scalars(select(messages.c.id).join(KEYS, messages.c.id == KEYS.c.value))
_NUMBERS = tuples(
    select(search_documents.c.message_id, search_documents.c.number).join(
        KEYS, search_documents.c.message_id == KEYS.c.value
    )
)

_DONE, _TO_BEGIN, _UNDER_WAY = 0, 1, 2  # of `IndexState.purge`


def terms_table(session: SqlSession) -> TermsTable:
    return TsvectorTerms() if session.is_postgresql else Fts5Terms()


class SqlSearchIndex:
    def __init__(self, session: WriteSession) -> None:
        self._session = session
        self._terms = terms_table(session)

    def state(self) -> IndexState:
        return self._session.one(STATE, {})

    def prepare(self) -> IndexState:
        state = self.state()
        if not self._terms.is_supported(self._session):
            if state.trouble is not IndexTrouble.UNSUPPORTED:
                self._set(_empty(IndexTrouble.UNSUPPORTED))
        elif state.version != VERSION or state.trouble is IndexTrouble.UNSUPPORTED:
            self.begin_anew()
        elif state.trouble is IndexTrouble.NONE and not self._terms.is_whole(self._session):
            self.give_up()
        return self.state()

    def begin_anew(self) -> None:
        self._terms.drop(self._session)
        self._session.execute(_EMPTY, {})
        self._terms.create(self._session)
        self._set(replace(_empty(IndexTrouble.NONE), total=self._session.one(_COUNT, {})))

    def give_up(self) -> None:
        self._terms.drop(self._session)
        self._session.execute(_EMPTY, {})
        self._set(_empty(IndexTrouble.DAMAGED))

    def add(self, after: str, documents: Sequence[Document], total: int = 0) -> bool:
        state = self.state()
        if state.trouble is not IndexTrouble.NONE or (state.version, state.message_id) != (VERSION, after):
            return False
        keys = {"keys": json_of(one.message_id for one in documents)}
        there = set(self._session.all(_STILL_THERE, keys))
        numbered = list(enumerate((one for one in documents if one.message_id in there), state.number + 1))
        if numbered:
            rows = [
                {"number": number, "message_id": one.message_id, "conversation_id": one.conversation_id}
                for number, one in numbered
            ]
            self._session.execute_many(_ADD, rows)
            self._terms.add(self._session, numbered)
        number = state.number + len(numbered)
        self._set(
            replace(state, message_id=documents[-1].message_id, number=number, total=max(number, total or state.total))
        )
        return True

    def complete(self, after: str) -> None:
        state = self.state()
        if state.message_id == after:
            self._set(replace(state, total=state.number))

    def merge(self) -> bool:
        return self._can_write(self.state()) and self._terms.merge(self._session)

    def purge(self) -> bool:
        state = self.state()
        if state.purge == _DONE or not self._can_write(state):
            return False
        if state.purge == _TO_BEGIN:
            is_more_left = self._terms.begin_purge(self._session)
        else:
            is_more_left = self._terms.merge(self._session)
        self._set(replace(state, purge=_UNDER_WAY if is_more_left else _DONE))
        return is_more_left

    def remove(self, gone: Sequence[Message]) -> None:
        """Take messages out that are about to be deleted. Raises IndexDamaged."""
        found = dict(self._session.all(_NUMBERS, {"keys": json_of(one.id for one in gone)}))
        if not found:
            return
        state = self.state()
        if state.version != VERSION:
            self.begin_anew()  # which terms they were stored with is not known any more
            return
        documents = [(found[one.id], document_of(one)) for one in gone if one.id in found]
        self._terms.remove(self._session, documents)
        for number, _ in documents:
            self._session.execute(_REMOVE, {"of_number": number})
        self._set(replace(state, purge=_TO_BEGIN))

    def _can_write(self, state: IndexState) -> bool:
        return state.trouble is IndexTrouble.NONE and state.version == VERSION

    def _set(self, state: IndexState) -> None:
        values: dict[str, Any] = asdict(state)
        self._session.execute(_SET_STATE, values)


def _empty(trouble: IndexTrouble) -> IndexState:
    return IndexState(VERSION, "", 0, 0, trouble, _DONE)
