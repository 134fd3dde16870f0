"""Mentions of agents in SQL."""

from __future__ import annotations

from sqlalchemy import bindparam, delete, desc, insert, select

from connector.domain.note_mentions import Mention
from connector.store.sql.session import SqlSession, WriteSession
from connector.store.sql.statements import structs
from connector.store.sql.tables.mentions import mentions as table

_OF_AGENT = structs(
    Mention,
    select(table)
    .where(table.c.agent == bindparam("of_agent"))
    .order_by(desc(table.c.message_id))
    .limit(bindparam("limit")),
)
_ADD = insert(table)
_REMOVE = delete(table).where(
    table.c.agent == bindparam("of_agent"), table.c.conversation_id == bindparam("of_conversation")
)
REMOVE_OF = delete(table).where(table.c.message_id == bindparam("key"))


def of_agent(session: SqlSession, agent: str, limit: int) -> list[Mention]:
    """See `ports.Reading.mentions`."""
    return session.all(_OF_AGENT, {"of_agent": agent, "limit": limit})


class SqlMentions:
    def __init__(self, session: WriteSession) -> None:
        self._session = session

    def add(self, mention: Mention) -> None:
        self._session.execute(_ADD, mention)

    def remove(self, agent: str, conversation_id: str) -> int:
        return self._session.execute(_REMOVE, {"of_agent": agent, "of_conversation": conversation_id})
