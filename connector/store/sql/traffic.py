"""Counts of an account's and a line's traffic in SQL."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, bindparam, desc, func, literal_column, or_, select

from connector.store.sql.session import SqlSession
from connector.store.sql.statements import structs, tuples
from connector.store.sql.tables import IS_UNCERTAIN, attempts, hooks, messages
from connector.store.values import AccountActivity, HookState, TrafficCount
from connector.wire import limits

_alike = (messages.c.line, messages.c.direction, messages.c.status, messages.c.code, messages.c.words)
COUNTS = structs(
    TrafficCount,
    select(
        *_alike,
        (messages.c.at // limits.TRAFFIC_BUCKET_MS).label("bucket"),
        func.count().label("count"),
        func.max(messages.c.at).label("last_at"),
    )
    .where(messages.c.at >= bindparam("since"))
    .group_by(*_alike, literal_column("bucket")),
)

# Of an account: a forged hook that was refused is none.
_SIGNS_OF_LIFE = (HookState.TAKEN, HookState.UNREADABLE, HookState.UNROUTABLE, HookState.WATCHED)


def _last_hook(state: HookState) -> Any:
    found = select(hooks.c.at).where(hooks.c.account == bindparam("account"), hooks.c.state == state)
    return found.order_by(desc(hooks.c.at)).limit(1).scalar_subquery().label(f"last_{state}")


def _hooks_since(name: str, states: Sequence[HookState]) -> Any:
    is_in = or_(*(hooks.c.state == state for state in states))
    found = select(func.count()).where(hooks.c.account == bindparam("account"), is_in)
    return found.where(hooks.c.at >= bindparam("since")).scalar_subquery().label(name)


def _messages_since(name: str, condition: ColumnElement[bool]) -> Any:
    found = select(func.count()).where(messages.c.account == bindparam("account"), condition)
    return found.where(messages.c.at >= bindparam("since")).scalar_subquery().label(name)


_ACTIVITY = tuples(
    select(
        _hooks_since("refused", (HookState.REFUSED, HookState.WATCHED)),
        _hooks_since("unread", (HookState.UNREADABLE, HookState.UNROUTABLE)),
        _messages_since("uncertain", IS_UNCERTAIN),
        _messages_since("recovered", messages.c.is_recovered),
        *map(_last_hook, _SIGNS_OF_LIFE),
    )
)
_LATEST_ATTEMPT = tuples(
    select(attempts.c.started_at, attempts.c.outcome, attempts.c.code, attempts.c.words)
    .where(attempts.c.account == bindparam("account"))
    .order_by(desc(attempts.c.started_at))
    .limit(1)
)


def activity(session: SqlSession, account: str, since: int) -> AccountActivity:
    counted = session.one(_ACTIVITY, {"account": account, "since": since})
    refused, unread, uncertain, recovered, *hooks_at = counted
    sent_at, outcome, code, words = session.first(_LATEST_ATTEMPT, {"account": account}) or (None, None, None, None)
    was_accepted = outcome == "accepted"
    return AccountActivity(
        account=account,
        last_hook_at=max((at for at in hooks_at if at is not None), default=None),
        last_send_at=sent_at,
        refused_hooks=refused,
        unread_hooks=unread,
        uncertain=uncertain,
        recovered=recovered,
        last_code=None if was_accepted else code,
        last_words=None if was_accepted else words,
    )
