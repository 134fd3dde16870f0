"""The traffic of lines in SQL, from the counters by minute."""

from __future__ import annotations

from sqlalchemy import BigInteger, bindparam, cast, desc, func, literal_column, select, type_coerce

from connector.domain.attempts import Attempt
from connector.domain.message import Direction
from connector.domain.status import Status
from connector.store.sql.columns import EnumColumn
from connector.store.sql.statements import structs
from connector.store.sql.tables.accounts import counters
from connector.store.sql.tables.messages import attempts
from connector.store.values import Span, TrafficCount
from connector.wire import limits

_count = func.sum(counters.c.count)
_alike = (counters.c.line, counters.c.kind, counters.c.status, counters.c.code, counters.c.words)
COUNTS = structs(
    TrafficCount,
    select(
        counters.c.line,
        type_coerce(counters.c.kind, EnumColumn(Direction)).label("direction"),
        type_coerce(counters.c.status, EnumColumn(Status)).label("status"),
        func.nullif(counters.c.code, literal_column("''")).label("code"),
        func.nullif(counters.c.words, literal_column("''")).label("words"),
        (counters.c.at // limits.TRAFFIC_BUCKET_MS).label("bucket"),
        cast(_count, BigInteger).label("count"),
        func.max(counters.c.last_at).label("last_at"),
    )
    .where(counters.c.span == int(Span.MINUTE), counters.c.at >= bindparam("since"))
    .where(counters.c.kind.in_([literal_column(f"'{direction}'") for direction in Direction]))
    .group_by(*_alike, literal_column("bucket"))
    .having(_count > 0),
)
LATEST_ATTEMPTS = structs(
    Attempt,
    select(attempts)
    .where(attempts.c.account == bindparam("account"))
    .order_by(desc(attempts.c.started_at))
    .limit(bindparam("limit")),
)
