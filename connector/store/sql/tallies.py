"""Tallies in SQL: written once a commit, from what its use cases have counted, and summed for reports."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import tzinfo
from typing import TYPE_CHECKING, Any

from sqlalchemy import BigInteger, ColumnElement, bindparam, cast, delete, func, or_, select

from connector.domain.conversation import Conversation
from connector.domain.days import DAY_MS, HOUR_MS, day_began_at, hour_began_at
from connector.domain.message import Message
from connector.domain.tallies import (
    MEASURES,
    Measures,
    TallyKey,
    TallyKind,
    TallySpan,
    TallySum,
    of_closing,
    of_message,
    of_move,
    of_opening,
)
from connector.store.sql.among import NOTHING, is_among, lines
from connector.store.sql.columns import Identifier
from connector.store.sql.session import SqlSession, WriteSession
from connector.store.sql.statements import PerDialect, RowQuery, scalars
from connector.store.sql.tables.tallies import tallies as table
from connector.store.values import TallyQuestion

if TYPE_CHECKING:
    from sqlalchemy.dialects import postgresql, sqlite

# Clocks of all zones go with a quarter of an hour, so that hours and days are found once for all that share one.
QUARTER_MS = HOUR_MS // 4
_SPANS_AT_ONCE = 10
_LONGEST_ONLINE_MS = 31 * DAY_MS  # of one span of presence; of a longer one its end counts
KEY = ("kind", "span", "at", "account", "line", "country", "skill", "agent", "entry_point", "outcome")
_NOTHING_COUNTED = dict.fromkeys(MEASURES, 0)


def _adding(insert: sqlite.Insert | postgresql.Insert) -> sqlite.Insert | postgresql.Insert:
    sums = {name: table.c[name] + insert.excluded[name] for name in MEASURES}
    return insert.on_conflict_do_update(index_elements=table.primary_key, set_=sums)


ADD = PerDialect(table, _adding)
_OLDEST = scalars(
    select(func.min(table.c.at).label("at")).where(table.c.kind == bindparam("kind"), table.c.span == bindparam("of"))
)
_DELETE = delete(table).where(
    table.c.kind == bindparam("of_kind"), table.c.span == bindparam("of"), table.c.at < bindparam("before")
)


def _sum_by(name: str) -> RowQuery[TallySum]:
    """The sums of what a question asks for, by this column, line and country."""
    names = list(dict.fromkeys((name, "line", "country")))
    group = [table.c[each] for each in names]
    filters = (_is_only(each) for each in _FILTERS)
    statement = (
        select(*group, *(cast(func.sum(table.c[each]), BigInteger).label(each) for each in MEASURES))
        .where(table.c.kind == bindparam("kind"), table.c.span == bindparam("of"))
        .where(table.c.at >= bindparam("since"), table.c.at < bindparam("until"))
        .where(
            or_(
                (bindparam("leads", type_=BigInteger) == 1)
                & is_among(table.c.account, "accounts")
                & is_among(table.c.skill, "skills"),
                table.c.agent == bindparam("own"),
            )
        )
        .where(*filters)
        .group_by(*group)
    )

    def make(*row: Any) -> TallySum:
        values = dict(zip(names, row, strict=False))
        measures = {each: count for each, count in zip(MEASURES, row[len(names) :], strict=True) if count}
        return TallySum(values[name], values["line"], values["country"], measures)

    return RowQuery(statement, (*names, *MEASURES), make)


def _is_only(name: str) -> ColumnElement[bool]:
    """Whether this column is the bound name; anything is, where that is empty."""
    bound = bindparam(f"of_{name}", type_=Identifier)
    return or_(bound == NOTHING, table.c[name] == bound)


_FILTERS = ("account", "line", "skill", "agent", "entry_point", "outcome")
GROUPS = (*_FILTERS, "at")
_SUMS = {name: _sum_by(name) for name in GROUPS}
_ONLINE = {
    name: RowQuery(
        select(table.c[name], cast(func.sum(table.c.online_ms), BigInteger).label("online_ms"))
        .where(table.c.kind == TallyKind.PRESENCE, table.c.span == bindparam("of"))
        .where(table.c.at >= bindparam("since"), table.c.at < bindparam("until"))
        .where(is_among(table.c.agent, "agents"))
        .group_by(table.c[name]),
        (name, "online_ms"),
        lambda key, online_ms: (key, online_ms),
    )
    for name in ("agent", "at")
}


def sums(session: SqlSession, question: TallyQuestion) -> list[TallySum]:
    values = {
        "kind": question.kind,
        "of": int(question.span),
        "since": question.since,
        "until": question.until,
        "leads": int(question.leads),
        "accounts": lines(question.accounts),
        "skills": lines(question.skills),
        "own": question.own,
        **{f"of_{name}": question.only.get(name, "") for name in _FILTERS},
    }
    return session.all(_SUMS[question.by], values)


def online(
    session: SqlSession, span: TallySpan, since: int, until: int, agents: Sequence[str], by: str
) -> dict[str | int, int]:
    values = {"of": int(span), "since": since, "until": until, "agents": lines(agents)}
    found: list[tuple[str | int, int]] = session.all(_ONLINE[by], values)
    return dict(found)


# Counting.


def count_message(session: WriteSession, before: Message | None, after: Message) -> None:
    """Count a message as it is stored now, and no longer as it was."""
    key, measures = of_message(after)
    if before is not None:
        old_key, old = of_message(before)
        if (old_key, old) == (key, measures):
            return
        _add(session, before.at, old_key, old, -1)
    _add(session, after.at, key, measures)


def count_opening(session: WriteSession, conversation: Conversation) -> None:
    """Count a new conversation, which may be closed already."""
    _add(session, conversation.opened_at, *of_opening(conversation))
    count_closing(session, None, conversation)


def count_closing(session: WriteSession, before: Conversation | None, after: Conversation) -> None:
    """Count a conversation that is closed now, and no longer one that was and is open again."""
    for conversation, by in ((before, -1), (after, 1)):
        if conversation is not None and conversation.closed_at is not None:
            for key, measures in of_closing(conversation):
                _add(session, conversation.closed_at, key, measures, by)


def _add(session: WriteSession, at: int, key: TallyKey, measures: Measures, by: int = 1) -> None:
    if measures:
        counted = session.tallies.setdefault((at // QUARTER_MS, key), {})
        for name, count in measures.items():
            counted[name] = counted.get(name, 0) + by * count


def count_online(session: WriteSession, agent: str, from_at: int, until_at: int) -> None:
    """Count that an agent was online for this time."""
    at, key = max(from_at, until_at - _LONGEST_ONLINE_MS), TallyKey(TallyKind.PRESENCE, agent=agent)
    while at < until_at:
        until = min(until_at, hour_began_at(at, session.zone) + HOUR_MS)
        _add(session, at, key, {"online_ms": until - at})
        at = until


def flush(session: WriteSession) -> None:
    """Add what was counted to the tallies of its hours and days."""
    rows: dict[tuple[int, int, TallyKey], dict[str, int]] = {}
    for (quarter, key), measures in session.tallies.items():
        for span, at in _spans_of(quarter * QUARTER_MS, session.zone):
            sums = rows.setdefault((span, at, key), {})
            for name, count in measures.items():
                sums[name] = sums.get(name, 0) + count
    values = [
        {"span": int(span), "at": at, **key._asdict(), **_NOTHING_COUNTED, **measures}
        for (span, at, key), measures in sorted(rows.items(), key=lambda row: row[0])
        if any(measures.values())
    ]
    if values:
        session.execute_many(ADD, values)


def _spans_of(at: int, zone: tzinfo | None) -> list[tuple[TallySpan, int]]:
    return [(TallySpan.HOUR, hour_began_at(at, zone)), (TallySpan.DAY, day_began_at(at, zone))]


def purge(session: WriteSession, hours_before: int, days_before: int) -> bool:
    """Delete the first spans that are older than these times; whether more are left."""
    left = [
        _purge(session, kind, span, before)
        for kind in TallyKind
        for span, before in ((TallySpan.HOUR, hours_before), (TallySpan.DAY, days_before))
    ]
    return any(left)


def _purge(session: WriteSession, kind: TallyKind, span: TallySpan, before: int) -> bool:
    oldest: int | None = session.first(_OLDEST, {"kind": kind, "of": int(span)})
    if oldest is None or oldest >= before:
        return False
    until = min(before, oldest + _SPANS_AT_ONCE * span)
    session.execute(_DELETE, {"of_kind": kind, "of": int(span), "before": until})
    return until < before


class SqlTallies:
    def __init__(self, session: WriteSession) -> None:
        self._session = session

    def count_days_by(self, zone: tzinfo | None) -> None:
        self._session.zone = zone

    def count_move(self, conversation: Conversation, measure: str, agent: str, at: int) -> None:
        key, measures = of_move(conversation, measure, agent)
        _add(self._session, at, key, measures)
