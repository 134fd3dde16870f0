"""The log of answered requests in SQL."""

from __future__ import annotations

from sqlalchemy import bindparam, delete, select

from connector.store.ports import Raced
from connector.store.sql.session import WriteSession
from connector.store.sql.statements import insert_or_ignore, scalars
from connector.store.sql.tables import requests as table

_ANSWER = scalars(select(table.c.answer).where(table.c.id == bindparam("key")))
_ADD = insert_or_ignore(table, "id")
_old = select(table.c.id).where(table.c.at < bindparam("before")).order_by(table.c.at).limit(bindparam("limit"))
PURGE = delete(table).where(table.c.id.in_(_old))


class SqlRequests:
    def __init__(self, session: WriteSession) -> None:
        self._session = session

    def answer(self, request_id: str) -> bytes | None:
        return self._session.first(_ANSWER, {"key": request_id})

    def remember(self, request_id: str, agent: str, at: int, answer: bytes) -> None:
        values = {"id": request_id, "agent": agent, "at": at, "answer": answer}
        if not self._session.execute(_ADD, values):
            raise Raced  # the same request came in at another core: the next run finds its answer
