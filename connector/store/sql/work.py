"""Work under leases, in SQL."""

from __future__ import annotations

from typing import Any

from msgspec.structs import asdict
from sqlalchemy import (
    and_,
    bindparam,
    delete,
    exists,
    insert,
    literal_column,
    or_,
    select,
    tuple_,
    union_all,
    update,
)

from connector.domain.urgency import Urgency
from connector.store.sql.connection import WriteConnection
from connector.store.sql.tables import work
from connector.store.values import Work

_other = work.alias("other")
# Before all others of its lane: the one that is held, else the lowest ordinal.
_IS_FIRST = ~exists().where(
    _other.c.lane == work.c.lane,
    _other.c.id != work.c.id,
    or_(
        _other.c.node.is_not(None),
        and_(work.c.node.is_(None), tuple_(_other.c.ordinal, _other.c.id) < tuple_(work.c.ordinal, work.c.id)),
    ),
)
_ADD = insert(work)


def _due_of(rank: Urgency) -> Any:
    found = (
        select(work.c.id, work.c.rank, work.c.ready_at, work.c.ordinal)
        .where(work.c.kind == bindparam("of_kind"), work.c.rank == literal_column(str(int(rank))))
        .where(work.c.ready_at <= bindparam("now"), _IS_FIRST)
        .order_by(work.c.ready_at, work.c.ordinal)
        .limit(bindparam("most"))
        .subquery()
    )
    return select(*found.c)


# Each rank for itself, so that an index gives its first ones without a look at all the others that are due.
_by_rank = union_all(*(_due_of(rank) for rank in Urgency)).subquery()
_due = select(_by_rank.c.id).order_by(_by_rank.c.rank, _by_rank.c.ready_at, _by_rank.c.ordinal).limit(bindparam("most"))
_CLAIM = (
    update(work)
    .where(work.c.id.in_(_due))
    .values(node=bindparam("by"), ready_at=bindparam("until"), tries=work.c.tries + 1)
    .returning(*[work.c[field] for field in Work.__struct_fields__])
)
_DONE = delete(work).where(work.c.id == bindparam("key"))
_POSTPONE = (
    update(work)
    .where(work.c.id == bindparam("key"))
    .values(due_at=bindparam("due"), ready_at=bindparam("due"), node=None)
)
_HASTEN = (
    update(work)
    .where(work.c.account == bindparam("of_account"), work.c.node.is_(None), work.c.ready_at > bindparam("now"))
    .values(ready_at=bindparam("now"))
)
_RELEASE = update(work).where(work.c.node == bindparam("of_node")).values(ready_at=bindparam("now"), node=None)
_WITHDRAW = delete(work).where(
    work.c.kind == bindparam("of_kind"), work.c.subject == bindparam("about"), work.c.node.is_(None)
)
_HURRY = (
    update(work).where(work.c.lane == bindparam("in_lane"), work.c.rank > bindparam("to")).values(rank=bindparam("to"))
)
NEXT_DUE = (
    select(work.c.ready_at).where(work.c.kind == bindparam("of_kind"), _IS_FIRST).order_by(work.c.ready_at).limit(1)
)


class SqlWork:
    def __init__(self, unit: WriteConnection) -> None:
        self._unit = unit

    def add(self, work: Work) -> None:
        self._unit.run(_ADD, asdict(work) | {"node": None, "ready_at": work.due_at, "since": work.due_at})
        self._unit.work_moved = True

    def claim(self, kind: str, node: str, now: int, limit: int, lease_until: int) -> list[Work]:
        values = {"of_kind": kind, "by": node, "now": now, "most": limit, "until": lease_until}
        rows = self._unit.rows(_CLAIM, values)
        return sorted((Work(*row) for row in rows), key=lambda work: (work.rank, work.due_at, work.ordinal))

    def done(self, work_id: str) -> None:
        self._unit.run(_DONE, {"key": work_id})
        self._unit.work_moved = True

    def make_due(self, account: str, now: int) -> None:
        self._unit.run(_HASTEN, {"of_account": account, "now": now})
        self._unit.work_moved = True

    def promote_lane(self, lane: str, rank: int) -> None:
        self._unit.run(_HURRY, {"in_lane": lane, "to": rank})

    def release_leases(self, node: str, now: int) -> None:
        self._unit.run(_RELEASE, {"of_node": node, "now": now})
        self._unit.work_moved = True

    def cancel(self, kind: str, subject: str) -> bool:
        self._unit.work_moved = True
        return self._unit.changed(_WITHDRAW, {"of_kind": kind, "about": subject})

    def reschedule(self, work_id: str, due_at: int) -> None:
        self._unit.run(_POSTPONE, {"key": work_id, "due": due_at})
        self._unit.work_moved = True
