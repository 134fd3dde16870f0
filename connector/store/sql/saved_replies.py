"""Saved replies in SQL."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import BigInteger, bindparam, case, cast, delete, func, insert, select, update

from connector.domain.saved_reply import SHARED, ActionsDone, SavedReply, SavedReplyUses
from connector.store.sql.session import SqlSession, WriteSession
from connector.store.sql.statements import scalars, structs, upsert
from connector.store.sql.tables.saved_replies import reply_actions, saved_replies, saved_reply_uses

BY_ID = structs(SavedReply, select(saved_replies).where(saved_replies.c.id == bindparam("key")))
_of_owner = select(saved_replies).where(saved_replies.c.owner == bindparam("of_owner")).order_by(saved_replies.c.id)
_OF = structs(SavedReply, _of_owner)
_AFTER = structs(SavedReply, _of_owner.where(saved_replies.c.id > bindparam("after")).limit(bindparam("limit")))
_COUNT = scalars(select(func.count()).where(saved_replies.c.owner == bindparam("of_owner")))
_WITH_SHORTCUT = structs(
    SavedReply,
    select(saved_replies).where(
        saved_replies.c.owner == bindparam("of_owner"), saved_replies.c.shortcut == bindparam("of_shortcut")
    ),
)
_SAVE = upsert(saved_replies, "id")
_REMOVE = delete(saved_replies).where(saved_replies.c.id == bindparam("key"))
_uses = saved_reply_uses.c
_USES_UPTO = structs(
    SavedReplyUses,
    select(
        _uses.saved_reply_id,
        cast(func.sum(_uses.uses), BigInteger).label("uses"),
        func.max(case((_uses.agent == bindparam("of_agent"), _uses.used_at))).label("used_at"),
    )
    .where(_uses.saved_reply_id >= bindparam("first"), _uses.saved_reply_id <= bindparam("last"))
    .group_by(_uses.saved_reply_id),
)
_is_use = (_uses.saved_reply_id == bindparam("of_reply"), _uses.agent == bindparam("of_agent"))
_USED = update(saved_reply_uses).where(*_is_use).values(uses=_uses.uses + 1, used_at=bindparam("moment"))
_FIRST_USED = insert(saved_reply_uses)
_REMOVE_USES = delete(saved_reply_uses).where(_uses.saved_reply_id == bindparam("key"))
_ADD_DONE = insert(reply_actions)
_DONE = structs(ActionsDone, select(reply_actions).where(reply_actions.c.message_id == bindparam("key")))
REMOVE_DONE = delete(reply_actions).where(reply_actions.c.message_id == bindparam("key"))
_old = (
    select(reply_actions.c.message_id)
    .where(reply_actions.c.at < bindparam("before"))
    .order_by(reply_actions.c.at)
    .limit(bindparam("limit"))
)
PURGE = delete(reply_actions).where(reply_actions.c.message_id.in_(_old))


def after(session: SqlSession, agent: str, saved_reply_id: str, limit: int) -> list[SavedReply]:
    """See `ports.Reading.saved_replies`."""
    found: list[SavedReply] = []
    for owner in (agent, SHARED):
        found += session.all(_AFTER, {"of_owner": owner, "after": saved_reply_id, "limit": limit})
    return sorted(found, key=lambda one: one.id)[:limit]


def uses(session: SqlSession, agent: str, first: str, last: str) -> list[SavedReplyUses]:
    return session.all(_USES_UPTO, {"of_agent": agent, "first": first, "last": last})


class SqlSavedReplies:
    def __init__(self, session: WriteSession) -> None:
        self._session = session

    def get(self, saved_reply_id: str) -> SavedReply | None:
        return self._session.first(BY_ID, {"key": saved_reply_id})

    def of(self, owner: str) -> list[SavedReply]:
        return self._session.all(_OF, {"of_owner": owner})

    def count(self, owner: str) -> int:
        return int(self._session.one(_COUNT, {"of_owner": owner}))

    def with_shortcut(self, owner: str, shortcut: str) -> SavedReply | None:
        return self._session.first(_WITH_SHORTCUT, {"of_owner": owner, "of_shortcut": shortcut})

    def save(self, replies: Collection[SavedReply]) -> None:
        if replies:
            self._session.execute_many(_SAVE, [*replies])

    def remove(self, saved_reply_id: str) -> None:
        self._session.execute(_REMOVE, {"key": saved_reply_id})
        self._session.execute(_REMOVE_USES, {"key": saved_reply_id})

    def used(self, saved_reply_id: str, agent: str, at: int) -> None:
        if not self._session.execute(_USED, {"of_reply": saved_reply_id, "of_agent": agent, "moment": at}):
            first = {"saved_reply_id": saved_reply_id, "agent": agent, "uses": 1, "used_at": at}
            self._session.execute(_FIRST_USED, first)

    def add_done(self, done: ActionsDone) -> None:
        self._session.execute(_ADD_DONE, done)

    def done(self, message_id: str) -> ActionsDone | None:
        return self._session.first(_DONE, {"key": message_id})

    def remove_done(self, message_id: str) -> None:
        self._session.execute(REMOVE_DONE, {"key": message_id})
