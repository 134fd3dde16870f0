"""Drafts of agents in SQL."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import bindparam, delete, func, insert, select

from connector.domain.draft import Draft
from connector.store.sql.session import SqlSession, WriteSession
from connector.store.sql.statements import scalars, structs
from connector.store.sql.tables.drafts import drafts as table

_is_one = (table.c.agent == bindparam("of_agent"), table.c.conversation_id == bindparam("of_conversation"))
_ONE = structs(Draft, select(table).where(*_is_one))
_OF_AGENT = structs(
    Draft, select(table).where(table.c.agent == bindparam("of_agent")).order_by(table.c.conversation_id)
)
_COUNT = scalars(select(func.count()).where(table.c.agent == bindparam("of_agent")))
_ADD = insert(table)
_REMOVE = delete(table).where(*_is_one)
REMOVE_OF = delete(table).where(table.c.conversation_id == bindparam("key"))


def of_agent(session: SqlSession, agent: str, conversation_ids: Collection[str] | None) -> list[Draft]:
    """See `ports.Reading.drafts`."""
    if conversation_ids is None:
        return session.all(_OF_AGENT, {"of_agent": agent})
    found = (session.first(_ONE, {"of_agent": agent, "of_conversation": one}) for one in conversation_ids)
    return [draft for draft in found if draft is not None]


class SqlDrafts:
    def __init__(self, session: WriteSession) -> None:
        self._session = session

    def get(self, agent: str, conversation_id: str) -> Draft | None:
        return self._session.first(_ONE, {"of_agent": agent, "of_conversation": conversation_id})

    def count(self, agent: str) -> int:
        return int(self._session.one(_COUNT, {"of_agent": agent}))

    def save(self, draft: Draft) -> None:
        self.remove(draft.agent, draft.conversation_id)
        self._session.execute(_ADD, draft)

    def remove(self, agent: str, conversation_id: str) -> None:
        self._session.execute(_REMOVE, {"of_agent": agent, "of_conversation": conversation_id})
