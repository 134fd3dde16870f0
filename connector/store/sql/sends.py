"""What agents sent, by slots of five minutes, in SQL."""

from __future__ import annotations

from sqlalchemy import BigInteger, bindparam, case, cast, delete, func, insert, select, update

from connector.domain.sending_limits import HOUR_MS, SLOT_MS, SpanOfSends
from connector.store.sql.session import WriteSession
from connector.store.sql.statements import structs
from connector.store.sql.tables.staff import agent_sends as table

_COUNTED_MS = 48 * HOUR_MS
_is_agents = table.c.agent == bindparam("of_agent")
_begins = table.c.hour
_OF = structs(
    SpanOfSends,
    select(
        func.min(_begins).label("begins"),
        (func.max(_begins) + SLOT_MS).label("until"),
        cast(func.sum(table.c.sends), BigInteger).label("sends"),
        cast(func.sum(table.c.new_numbers), BigInteger).label("new_numbers"),
    )
    .where(_is_agents, _begins >= bindparam("since"))
    .group_by(case((_begins >= bindparam("slots_since"), _begins), else_=_begins - _begins % HOUR_MS))
    .order_by(func.min(_begins)),
)
_COUNT = (
    update(table)
    .where(_is_agents, table.c.hour == bindparam("of_slot"))
    .values(sends=table.c.sends + 1, new_numbers=table.c.new_numbers + bindparam("added"))
)
_BEGIN = insert(table)
_PURGE = delete(table).where(_is_agents, table.c.hour < bindparam("before"))


class SqlSendCounts:
    def __init__(self, session: WriteSession) -> None:
        self._session = session

    def of(self, agent: str, since: int, slots_since: int) -> list[SpanOfSends]:
        return self._session.all(_OF, {"of_agent": agent, "since": since, "slots_since": slots_since})

    def add(self, agent: str, slot: int, *, is_new_number: bool) -> None:
        which = {"of_agent": agent, "of_slot": slot, "added": int(is_new_number)}
        if self._session.execute(_COUNT, which):
            return
        self._session.execute(_BEGIN, {"agent": agent, "hour": slot, "sends": 1, "new_numbers": int(is_new_number)})
        self._session.execute(_PURGE, {"of_agent": agent, "before": slot - _COUNTED_MS})
