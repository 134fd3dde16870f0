"""The work queue, with leases, in SQL."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from msgspec.structs import asdict
from sqlalchemy import (
    Text,
    and_,
    bindparam,
    delete,
    exists,
    func,
    insert,
    literal_column,
    or_,
    select,
    tuple_,
    union_all,
    update,
)

from connector.domain.urgency import Urgency
from connector.store.sql.session import WriteSession
from connector.store.sql.statements import scalars, structs
from connector.store.sql.tables.messages import messages
from connector.store.sql.tables.work import work as table
from connector.store.values import AheadLimits, LineDepth, Work, WorkDepth

_other = table.alias("other")
# Before all others of its lane: the one that is leased, else the lowest ordinal.
_IS_FIRST = ~exists().where(
    _other.c.lane == table.c.lane,
    _other.c.id != table.c.id,
    or_(
        _other.c.node.is_not(None),
        and_(table.c.node.is_(None), tuple_(_other.c.ordinal, _other.c.id) < tuple_(table.c.ordinal, table.c.id)),
    ),
)
_ADD = insert(table)
# `without` is one text, so that a compiled statement of either engine serves any number of accounts.
_WITHOUT = bindparam("without", type_=Text)
_LINE_END, _NOTHING = literal_column("'\n'", Text), literal_column("''", Text)
_IS_WANTED = func.replace(_WITHOUT, _LINE_END + table.c.account + _LINE_END, _NOTHING) == _WITHOUT


def _due_of(rank: Urgency) -> Any:
    found = (
        select(table.c.id, table.c.rank, table.c.ready_at, table.c.ordinal)
        .where(table.c.kind == bindparam("of_kind"), table.c.rank == literal_column(str(int(rank))))
        .where(table.c.ready_at <= bindparam("now"), _IS_WANTED, _IS_FIRST)
        .order_by(table.c.ready_at, table.c.ordinal)
        .limit(bindparam("limit"))
        .subquery()
    )
    return select(*found.c)


# Each rank by itself, so that an index gives its first ones without reading all others that are due.
_by_rank = union_all(*(_due_of(rank) for rank in Urgency)).subquery()
_due = (
    select(_by_rank.c.id).order_by(_by_rank.c.rank, _by_rank.c.ready_at, _by_rank.c.ordinal).limit(bindparam("limit"))
)
_CLAIM = structs(
    Work,
    update(table)
    .where(table.c.id.in_(_due))
    .values(node=bindparam("by"), ready_at=bindparam("until"))
    .returning(*table.c),
)
_DONE = delete(table).where(table.c.id == bindparam("key"))
_RESCHEDULE = (
    update(table)
    .where(table.c.id == bindparam("key"))
    .values(due_at=bindparam("due"), ready_at=bindparam("due"), node=None, tries=table.c.tries + bindparam("counted"))
)
_MAKE_DUE = (
    update(table)
    .where(table.c.account == bindparam("of_account"), table.c.node.is_(None), table.c.ready_at > bindparam("now"))
    .where(table.c.since <= bindparam("now"))
    .values(ready_at=bindparam("now"))
)
_RELEASE = update(table).where(table.c.node == bindparam("of_node")).values(ready_at=bindparam("now"), node=None)
_CANCEL = delete(table).where(
    table.c.kind == bindparam("kind"), table.c.subject == bindparam("subject"), table.c.node.is_(None)
)
_PROMOTE_LANE = (
    update(table)
    .where(table.c.lane == bindparam("of_lane"), table.c.rank > bindparam("to_rank"))
    .values(rank=bindparam("to_rank"))
)
NEXT_DUE = scalars(
    select(table.c.ready_at)
    .where(table.c.kind == bindparam("kind"), _IS_WANTED, _IS_FIRST)
    .order_by(table.c.ready_at)
    .limit(1)
)
_EXTEND = (
    update(table)
    .where(table.c.node.is_not(None), table.c.ready_at > bindparam("after"), table.c.ready_at < bindparam("until_at"))
    .values(ready_at=bindparam("until_at"))
)
_LIMIT_LEASES = (
    update(table)
    .where(table.c.node.is_not(None), table.c.ready_at > bindparam("until_at"))
    .values(ready_at=bindparam("until_at"))
)
_LIMIT_DUE = (
    update(table)
    .where(
        table.c.kind == bindparam("of_kind"),
        table.c.ready_at > bindparam("latest"),
        table.c.node.is_(None),
        table.c.tries >= bindparam("from_tries"),
        table.c.tries < bindparam("to_tries"),
    )
    .values(ready_at=bindparam("latest"), due_at=bindparam("latest"))
)
_LIMIT_SINCE = update(table).where(table.c.since > bindparam("now")).values(since=bindparam("now"))
_MOST_TRIES = 2**31 - 1
_depth = (func.count().label("waiting"), func.min(table.c.since).label("oldest_since"))
DEPTHS = structs(
    WorkDepth,
    select(table.c.account, *_depth)
    .where(table.c.kind == bindparam("kind"), or_(table.c.node.is_(None), table.c.ready_at <= bindparam("now")))
    .group_by(table.c.account)
    .order_by(table.c.account),
)
LINE_DEPTHS = structs(
    LineDepth,
    select(messages.c.line, *_depth)
    .join_from(table, messages, messages.c.id == table.c.subject)
    .where(table.c.kind == bindparam("kind"))
    .group_by(messages.c.line),
)


def names(accounts: Collection[str]) -> str:
    """Accounts as the parameter `without`."""
    return "".join(f"\n{account}\n" for account in accounts)


def bring_back(session: WriteSession, limits: AheadLimits) -> None:
    """See `ports.Transaction.bring_back`."""
    session.execute(_LIMIT_LEASES, {"until_at": limits.lease_until})
    for one, following in zip(limits.work, (*limits.work[1:], None), strict=True):
        is_last = following is None or following.kind != one.kind
        to_tries = _MOST_TRIES if is_last or following is None else following.tries
        tried = {"from_tries": one.tries, "to_tries": to_tries}
        session.execute(_LIMIT_DUE, {"of_kind": one.kind, "latest": one.due_at, **tried})
    session.execute(_LIMIT_SINCE, {"now": limits.now})
    session.has_changed_work = True


class SqlWork:
    def __init__(self, session: WriteSession) -> None:
        self._session = session

    def add(self, work: Work) -> None:
        values = asdict(work) | {"node": None, "ready_at": work.due_at, "since": work.due_at}
        self._session.execute(_ADD, values)
        self._session.has_changed_work = True

    def claim(
        self, kind: str, node: str, now: int, limit: int, lease_until: int, without: Collection[str] = ()
    ) -> list[Work]:
        values = {
            "of_kind": kind,
            "by": node,
            "now": now,
            "limit": limit,
            "until": lease_until,
            "without": names(without),
        }
        return sorted(self._session.all(_CLAIM, values), key=lambda work: (work.rank, work.due_at, work.ordinal))

    def done(self, work_id: str) -> None:
        self._session.execute(_DONE, {"key": work_id})
        self._session.has_changed_work = True

    def make_due(self, account: str, now: int) -> None:
        self._session.execute(_MAKE_DUE, {"of_account": account, "now": now})
        self._session.has_changed_work = True

    def promote_lane(self, lane: str, rank: int) -> None:
        self._session.execute(_PROMOTE_LANE, {"of_lane": lane, "to_rank": rank})

    def extend_leases(self, after: int, until: int) -> None:
        self._session.execute(_EXTEND, {"after": after, "until_at": until})

    def release_leases(self, node: str, now: int) -> None:
        self._session.execute(_RELEASE, {"of_node": node, "now": now})
        self._session.has_changed_work = True

    def cancel(self, kind: str, subject: str) -> bool:
        self._session.has_changed_work = True
        return self._session.execute(_CANCEL, {"kind": kind, "subject": subject}) > 0

    def reschedule(self, work_id: str, due_at: int, *, is_try: bool = False) -> None:
        self._session.execute(_RESCHEDULE, {"key": work_id, "due": due_at, "counted": int(is_try)})
        self._session.has_changed_work = True
