"""Replies to be sent later, in SQL."""

from __future__ import annotations

from sqlalchemy import bindparam, delete, func, insert, select

from connector.domain.scheduled import ScheduledReply
from connector.store.sql.session import SqlSession, WriteSession
from connector.store.sql.statements import scalars, structs
from connector.store.sql.tables.scheduled import scheduled_replies as table

_BY_ID = structs(ScheduledReply, select(table).where(table.c.id == bindparam("key")))
_IN_CONVERSATION = structs(
    ScheduledReply,
    select(table).where(table.c.conversation_id == bindparam("key")).order_by(table.c.send_at, table.c.id),
)
_OF_AUTHOR = structs(
    ScheduledReply, select(table).where(table.c.author == bindparam("key")).order_by(table.c.send_at, table.c.id)
)
_COUNT = scalars(select(func.count()).where(table.c.author == bindparam("key")))
_ADD = insert(table)
_REMOVE = delete(table).where(table.c.id == bindparam("key"))
REMOVE_OF = delete(table).where(table.c.conversation_id == bindparam("key"))


def by_id(session: SqlSession, scheduled_id: str) -> ScheduledReply | None:
    return session.first(_BY_ID, {"key": scheduled_id})


def in_conversation(session: SqlSession, conversation_id: str) -> list[ScheduledReply]:
    return session.all(_IN_CONVERSATION, {"key": conversation_id})


def of_author(session: SqlSession, author: str) -> list[ScheduledReply]:
    return session.all(_OF_AUTHOR, {"key": author})


class SqlScheduled:
    def __init__(self, session: WriteSession) -> None:
        self._session = session

    def add(self, scheduled: ScheduledReply) -> None:
        self._session.execute(_ADD, scheduled)

    def get(self, scheduled_id: str) -> ScheduledReply | None:
        return by_id(self._session, scheduled_id)

    def in_conversation(self, conversation_id: str) -> list[ScheduledReply]:
        return in_conversation(self._session, conversation_id)

    def count(self, author: str) -> int:
        return int(self._session.one(_COUNT, {"key": author}))

    def remove(self, scheduled_id: str) -> None:
        self._session.execute(_REMOVE, {"key": scheduled_id})
