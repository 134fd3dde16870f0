"""Raw hooks in SQL."""

from __future__ import annotations

import heapq
from collections.abc import Sequence

from msgspec.structs import replace
from sqlalchemy import bindparam, delete, desc, insert, select, update

from connector.store.sql.counters import count_hook
from connector.store.sql.session import SqlSession, WriteSession
from connector.store.sql.statements import structs
from connector.store.sql.tables import IS_QUARANTINED
from connector.store.sql.tables import hooks as table
from connector.store.values import HookState, RawHook

ADD = insert(table)
BY_ID = structs(RawHook, select(table).where(table.c.id == bindparam("key")))
_SET_STATE = (
    update(table)
    .where(table.c.id == bindparam("key"), table.c.state != bindparam("to_state"))
    .values(state=bindparam("to_state"), reason=bindparam("because"))
)
PURGE = delete(table).where(table.c.at < bindparam("before"))
_latest = (
    select(table)
    .where(table.c.state == bindparam("state"))
    .order_by(desc(table.c.at), desc(table.c.id))
    .limit(bindparam("limit"))
)
_LATEST_TAKEN = structs(RawHook, _latest)
_LATEST_QUARANTINED = structs(RawHook, _latest.where(IS_QUARANTINED))  # through its partial index


def latest(session: SqlSession, states: Sequence[HookState], limit: int) -> list[RawHook]:
    found: list[RawHook] = []
    for state in set(states):
        query = _LATEST_TAKEN if state is HookState.TAKEN else _LATEST_QUARANTINED
        found += session.all(query, {"state": state, "limit": limit})
    return heapq.nlargest(limit, found, key=lambda hook: (hook.at, hook.id))


class SqlHooks:
    def __init__(self, session: WriteSession) -> None:
        self._session = session

    def add(self, hook: RawHook, *, is_counted: bool = True) -> None:
        self._session.hooks.append(hook)
        if is_counted:
            count_hook(self._session, hook, 1)

    def set_state(self, hook_id: str, state: HookState, reason: str) -> bool:
        stored = self._session.first(BY_ID, {"key": hook_id})
        values = {"key": hook_id, "to_state": state, "because": reason}
        if stored is None or not self._session.execute(_SET_STATE, values):
            return False
        count_hook(self._session, stored, -1)
        count_hook(self._session, replace(stored, state=state), 1)
        return True
