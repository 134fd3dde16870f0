"""Counters in SQL: written once a commit, from what its use cases have counted."""

from __future__ import annotations

from sqlalchemy import bindparam, case, delete, func, select
from sqlalchemy.dialects import postgresql, sqlite

from connector.domain.message import Message
from connector.domain.status import UNSUCCESSFUL
from connector.store.sql.session import CountChange, WriteSession
from connector.store.sql.statements import PerDialect, scalars, structs
from connector.store.sql.tables import counters as table
from connector.store.sql.tables import stream
from connector.store.values import CounterKey, CounterKind, CounterRow, RawHook, Span

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


_ADD = PerDialect(sqlite=_adding(sqlite.insert(table)), postgresql=_adding(postgresql.insert(table)))


def count_message(session: WriteSession, message: Message, by: int) -> None:
    """Count a message as it is stored (`by` is 1), or no longer as it was (-1)."""
    words = message.words if message.status in UNSUCCESSFUL else None
    key = CounterKey(
        account=message.account,
        line=message.line,
        kind=CounterKind(message.direction),
        status=message.status,
        code=(message.code or "")[:_CODE_LENGTH],
        words=(words or "")[:_WORDS_LENGTH],
    )
    session.counts.append(CountChange(key, message.at, by))
    if message.is_recovered:
        recovered = key._replace(kind=CounterKind.RECOVERED, code="", words="")
        session.counts.append(CountChange(recovered, message.at, by))


def count_hook(session: WriteSession, hook: RawHook, by: int) -> None:
    """The same for a hook, under its account."""
    key = CounterKey(hook.account, line="", kind=CounterKind.HOOK, status=hook.state, code="", words="")
    session.counts.append(CountChange(key, hook.at, by))


def flush(session: WriteSession) -> bool:
    """Add what was counted to the counters of all spans; whether it was anything.

    Comes after `facts.flush`: a row has the position up to which facts were committed when it last changed.
    """
    minutes: dict[tuple[int, CounterKey], tuple[int, int]] = {}
    for key, at, by in session.counts:
        minute = at // Span.MINUTE
        count, last_at = minutes.get((minute, key), (0, 0))
        minutes[minute, key] = count + by, max(last_at, at)
    rows: dict[tuple[int, int, CounterKey], tuple[int, int]] = {}
    for (minute, key), (count, last_at) in minutes.items():
        at = minute * Span.MINUTE
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
        session.execute_many(_ADD, values)
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
