"""The log of answered requests in SQL."""

from __future__ import annotations

from sqlalchemy import bindparam, delete, or_, select

from connector.store.ports import Raced
from connector.store.sql.session import WriteSession
from connector.store.sql.statements import insert_or_ignore, scalars
from connector.store.sql.tables.facts import requests as table

# Of two agents, neither of whom can have a line end in their name, no two requests have the same key. Earlier versions
# joined agent and id by "/", so that those of "a/b" and "a" could be the same; the agent's name tells these apart.
_ANSWER = scalars(
    select(table.c.answer).where(
        or_(table.c.id == bindparam("key"), table.c.id == bindparam("earlier_key")),
        table.c.agent == bindparam("of_agent"),
    )
)
_ADD = insert_or_ignore(table, "id")
_old = select(table.c.id).where(table.c.at < bindparam("before")).order_by(table.c.at).limit(bindparam("limit"))
PURGE = delete(table).where(table.c.id.in_(_old))


class SqlRequests:
    def __init__(self, session: WriteSession) -> None:
        self._session = session

    def answer(self, agent: str, request_id: str) -> bytes | None:
        keys = {"key": _key(agent, request_id), "earlier_key": f"{agent}/{request_id}", "of_agent": agent}
        return self._session.first(_ANSWER, keys)

    def remember(self, agent: str, request_id: str, at: int, answer: bytes) -> None:
        values = {"id": _key(agent, request_id), "agent": agent, "at": at, "answer": answer}
        if not self._session.execute(_ADD, values):
            raise Raced  # the same request came in at another core: the next run finds its answer


def _key(agent: str, request_id: str) -> str:
    return f"{agent}\n{request_id}"
