"""Counters in SQL: written once a commit, from what its use cases have counted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import bindparam, case, delete, func, select

from connector.domain.message import Direction, Message
from connector.domain.status import UNSUCCESSFUL
from connector.domain.tallies import TAKEN, is_billed_otherwise
from connector.store.sql.session import PlainKey, WriteSession
from connector.store.sql.statements import PerDialect, scalars, structs
from connector.store.sql.tables.accounts import counters as table
from connector.store.sql.tables.facts import stream
from connector.store.values import CounterKey, CounterKind, CounterRow, RawHook, Span

if TYPE_CHECKING:
    from sqlalchemy.dialects import postgresql, sqlite

# A provider's words are bounded, as they are part of a key.
_CODE_LENGTH = 64
_WORDS_LENGTH = 200

SINCE = structs(CounterRow, select(table).where(table.c.span == bindparam("of"), table.c.at >= bindparam("since")))
CHANGED = structs(CounterRow, select(table).where(table.c.position >= bindparam("position")))
_OLDEST = scalars(select(func.min(table.c.at).label("at")).where(table.c.span == bindparam("of")))
_DELETE = delete(table).where(table.c.span == bindparam("of"), table.c.at < bindparam("before"))
_DELETE_EMPTY = delete(table).where(
    table.c.span == int(Span.HOUR),
    table.c.at >= bindparam("since"),
    table.c.at < bindparam("before"),
    table.c.count == 0,
)
_KINDS = {direction: CounterKind(direction) for direction in Direction}
_SPANS_AT_ONCE = 10
_DAY_MS = 24 * Span.HOUR


def _adding(insert: sqlite.Insert | postgresql.Insert) -> sqlite.Insert | postgresql.Insert:
    new = insert.excluded
    changes = {
        "count": table.c.count + new.count,
        "last_at": case((table.c.last_at < new.last_at, new.last_at), else_=table.c.last_at),
        "position": new.position,
    }
    insert = insert.values(position=select(stream.c.position).scalar_subquery())
    return insert.on_conflict_do_update(index_elements=table.primary_key, set_=changes)


ADD = PerDialect(table, _adding)


def count_message(session: WriteSession, message: Message, by: int) -> None:
    """Count a message as it is stored (`by` is 1), or no longer as it was (-1)."""
    account, line, status = message.account, message.line, message.status
    words = (message.words or "")[:_WORDS_LENGTH] if status in UNSUCCESSFUL else ""
    code = (message.code or "")[:_CODE_LENGTH]
    _count(session, message.at, by, (account, line, _KINDS[message.direction], status, code, words))
    if message.billed is not None and status in TAKEN and is_billed_otherwise(message):
        segments = f"{message.segments} {message.billed}"
        _count(session, message.at, by, (account, line, CounterKind.BILLED_OTHERWISE, status, segments, ""))
    if message.is_recovered:
        _count(session, message.at, by, (account, line, CounterKind.RECOVERED, status, "", ""))


def count_hook(session: WriteSession, hook: RawHook, by: int) -> None:
    """The same for a hook, under its account."""
    _count(session, hook.at, by, (hook.account, "", CounterKind.HOOK, hook.state, "", ""))


def _count(session: WriteSession, at: int, by: int, of: PlainKey) -> None:
    key = at // Span.MINUTE, of
    known = session.counts.get(key)
    session.counts[key] = (by, at) if known is None else (known[0] + by, max(known[1], at))


def flush(session: WriteSession) -> bool:
    """Add what was counted to the counters of all spans; whether it was anything.

    Comes after `facts.flush`: a row has the position up to which facts were committed when it last changed.
    """
    rows: dict[tuple[int, int, CounterKey], tuple[int, int]] = {}
    for (minute, of), (count, last_at) in session.counts.items():
        at, key = minute * Span.MINUTE, CounterKey(*of)
        short = key._replace(words="")
        for place in ((Span.MINUTE, at, key), (Span.HOUR, at - at % Span.HOUR, short), (Span.IN_ALL, 0, short)):
            counted, latest_at = rows.get(place, (0, 0))
            rows[place] = counted + count, max(latest_at, last_at)
    values = [
        {"span": span, "at": at, **key._asdict(), "count": count, "last_at": last_at}
        for (span, at, key), (count, last_at) in sorted(rows.items())
        if count
    ]
    if values:
        session.execute_many(ADD, values)
    return bool(values)


def purge(session: WriteSession, minutes_before: int, hours_before: int) -> bool:
    """Delete the first spans that are older than these times; whether more are left.

    Hours whose minutes are gone hardly change any more, so their counters that have come to 0 go, too.
    """
    left = [_purge(session, Span.MINUTE, minutes_before), _purge(session, Span.HOUR, hours_before)]
    if any(left):
        return True
    session.execute(_DELETE_EMPTY, {"since": minutes_before - _DAY_MS, "before": minutes_before})
    return False


def _purge(session: WriteSession, span: Span, before: int) -> bool:
    oldest: int | None = session.first(_OLDEST, {"of": span})
    if oldest is None or oldest >= before:
        return False
    until = oldest + _SPANS_AT_ONCE * span
    session.execute(_DELETE, {"of": span, "before": min(until, before)})
    return until < before
