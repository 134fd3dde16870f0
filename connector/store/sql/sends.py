"""What agents sent, by hour, in SQL."""

from __future__ import annotations

from sqlalchemy import bindparam, delete, insert, select, update

from connector.domain.sending_limits import HOUR_MS, HourOfSends
from connector.store.sql.session import WriteSession
from connector.store.sql.statements import structs
from connector.store.sql.tables.staff import agent_sends as table

_COUNTED_MS = 48 * HOUR_MS
_is_agents = table.c.agent == bindparam("of_agent")
_OF = structs(
    HourOfSends,
    select(table.c.hour, table.c.sends, table.c.new_numbers)
    .where(_is_agents, table.c.hour >= bindparam("since"))
    .order_by(table.c.hour),
)
_COUNT = (
    update(table)
    .where(_is_agents, table.c.hour == bindparam("of_hour"))
    .values(sends=table.c.sends + 1, new_numbers=table.c.new_numbers + bindparam("added"))
)
_BEGIN = insert(table)
_PURGE = delete(table).where(_is_agents, table.c.hour < bindparam("before"))


class SqlSendCounts:
    def __init__(self, session: WriteSession) -> None:
        self._session = session

    def of(self, agent: str, since: int) -> list[HourOfSends]:
        return self._session.all(_OF, {"of_agent": agent, "since": since})

    def add(self, agent: str, hour: int, *, is_new_number: bool) -> None:
        which = {"of_agent": agent, "of_hour": hour, "added": int(is_new_number)}
        if self._session.execute(_COUNT, which):
            return
        self._session.execute(_BEGIN, {"agent": agent, "hour": hour, "sends": 1, "new_numbers": int(is_new_number)})
        self._session.execute(_PURGE, {"of_agent": agent, "before": hour - _COUNTED_MS})
