"""Raw hooks in SQL, and the budgets of bytes that those in quarantine are charged to."""

from __future__ import annotations

import heapq
import logging
from collections.abc import Sequence

from msgspec.structs import replace
from sqlalchemy import and_, bindparam, delete, desc, func, insert, not_, or_, select, update

from connector.store.hook_budgets import Standing, excess, standing_of
from connector.store.sql.counters import count_hook
from connector.store.sql.session import SqlSession, WriteSession
from connector.store.sql.statements import structs, tuples, upsert
from connector.store.sql.tables.hooks import IS_CHARGED, IS_QUARANTINED, hook_budgets
from connector.store.sql.tables.hooks import hooks as table
from connector.store.values import Cutoffs, HookState, RawHook

log = logging.getLogger(__name__)

_ADD = insert(table)
BY_ID = structs(RawHook, select(table).where(table.c.id == bindparam("key")))
_SET_STATE = (
    update(table)
    .where(table.c.id == bindparam("key"), table.c.state != bindparam("to_state"))
    .values(state=bindparam("to_state"), reason=bindparam("because"), budget=None, size=0)
)
IS_GENUINE = and_(table.c.budget >= f"{Standing.GENUINE} ", table.c.budget < f"{Standing.GENUINE}!")
_old = (
    select(table.c.id)
    .where(table.c.at < bindparam("before"))
    .order_by(table.c.at, table.c.id)
    .limit(bindparam("limit"))
)
_is_other = or_(table.c.budget.is_(None), not_(IS_GENUINE))
_PURGE = delete(table).where(table.c.id.in_(_old.where(_is_other)))
_PURGE_GENUINE = delete(table).where(table.c.id.in_(_old.where(IS_GENUINE, IS_CHARGED)))
_SIZES = tuples(select(hook_budgets.c.name, hook_budgets.c.size))
_SET_SIZE = upsert(hook_budgets, "name")
_FORGET_SIZES = delete(hook_budgets)
_ADD_UP = insert(hook_budgets).from_select(
    ["name", "size"], select(table.c.budget, func.sum(table.c.size)).where(IS_CHARGED).group_by(table.c.budget)
)
_OLDEST = tuples(
    select(table.c.id, table.c.size)
    .where(table.c.budget == bindparam("name"), IS_CHARGED)
    .order_by(table.c.at, table.c.id)
    .limit(bindparam("limit"))
)
_DELETE = delete(table).where(table.c.id == bindparam("key"))
_AT_ONCE = 100
_newest = select(table).order_by(desc(table.c.at), desc(table.c.id)).limit(bindparam("limit"))
_latest = _newest.where(table.c.state == bindparam("state"))
_LATEST_TAKEN = structs(RawHook, _latest)
# Through partial indexes.
_LATEST_QUARANTINED = structs(RawHook, _latest.where(IS_QUARANTINED))
_LATEST_IN_QUARANTINE = structs(RawHook, _newest.where(IS_QUARANTINED))
_LATEST_CHARGED = structs(RawHook, _newest.where(table.c.budget == bindparam("name"), IS_CHARGED))
_QUARANTINE = frozenset(HookState) - {HookState.TAKEN}


def latest(session: SqlSession, states: Sequence[HookState], limit: int) -> list[RawHook]:
    if set(states) == _QUARANTINE:
        return session.all(_LATEST_IN_QUARANTINE, {"limit": limit})
    found: list[RawHook] = []
    for state in set(states):
        query = _LATEST_TAKEN if state is HookState.TAKEN else _LATEST_QUARANTINED
        found += session.all(query, {"state": state, "limit": limit})
    return _newest_of(found, limit)


def latest_of(session: SqlSession, standing: Standing, limit: int) -> list[RawHook]:
    names = [name for name, _ in session.all(_SIZES, {}) if standing_of(name) is standing]
    found = [hook for name in names for hook in session.all(_LATEST_CHARGED, {"name": name, "limit": limit})]
    return _newest_of(found, limit)


def _newest_of(hooks: list[RawHook], limit: int) -> list[RawHook]:
    return heapq.nlargest(limit, hooks, key=lambda hook: (hook.at, hook.id))


class SqlHooks:
    def __init__(self, session: WriteSession) -> None:
        self._session = session

    def add(self, hook: RawHook) -> None:
        self._session.hooks.append(hook)
        if _is_counted(hook):
            count_hook(self._session, hook, 1)

    def set_state(self, hook_id: str, state: HookState, reason: str) -> bool:
        stored = self._session.first(BY_ID, {"key": hook_id})
        values = {"key": hook_id, "to_state": state, "because": reason}
        if stored is None or not self._session.execute(_SET_STATE, values):
            return False
        if _is_counted(stored):
            count_hook(self._session, stored, -1)
        count_hook(self._session, replace(stored, state=state), 1)
        if stored.budget is not None:
            sizes = dict(self._session.all(_SIZES, {}))
            _set_size(self._session, stored.budget, max(0, sizes.get(stored.budget, 0) - stored.size))
        return True


def _is_counted(hook: RawHook) -> bool:
    return hook.budget is None or standing_of(hook.budget) is not Standing.UNKNOWN


def flush(session: WriteSession) -> None:
    """Write the collected hooks, and delete the oldest of the budgets that they exceed."""
    if not session.hooks:
        return
    session.execute_many(_ADD, session.hooks)
    charged = [(hook.budget, hook.size) for hook in session.hooks if hook.budget is not None]
    if not charged:
        return
    sizes: dict[str, int] = dict(session.all(_SIZES, {}))
    touched = {name for name, _ in charged}
    for name, size in charged:
        sizes[name] = sizes.get(name, 0) + size
    while (over := excess(sizes)) is not None:
        name, bytes_over = over
        sizes[name] = max(0, sizes[name] - _delete_oldest(session, name, bytes_over))
        touched.add(name)
    for name in touched:
        _set_size(session, name, sizes[name])


def purge(session: WriteSession, cutoffs: Cutoffs, limit: int) -> bool:
    """Delete the first of those that are too old, and add the budgets up anew after the last; whether more are left."""
    old = ((_PURGE, cutoffs.hooks_before), (_PURGE_GENUINE, cutoffs.genuine_hooks_before))
    if any(session.execute(statement, {"before": before, "limit": limit}) == limit for statement, before in old):
        return True
    session.execute(_FORGET_SIZES, {})
    session.execute(_ADD_UP, {})
    return False


def _delete_oldest(session: WriteSession, name: str, size: int) -> int:
    """Delete the oldest of a budget, so many bytes or some rows less. Returns the bytes, and `size` if it was empty."""
    deleted, keys = 0, []
    for key, bytes_of_row in session.all(_OLDEST, {"name": name, "limit": _AT_ONCE}):
        if deleted >= size:
            break
        keys.append({"key": key})
        deleted += bytes_of_row
    if not keys:
        return size  # the sum was wrong; the next purge adds it up
    session.execute_many(_DELETE, keys)
    if standing_of(name) is Standing.GENUINE:
        log.error("%d genuine hooks in quarantine were deleted to store newer ones (%s)", len(keys), name)
    return deleted


def _set_size(session: WriteSession, name: str, size: int) -> None:
    session.execute(_SET_SIZE, {"name": name, "size": size})
