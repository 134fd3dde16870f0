"""What a desk is sent at its start and asks for later, in pages: conversations by id, and what belongs to them.

By id, as what moves in a list between two pages would be read twice or never. Each page is read with the next index
entries of its states, whatever the number of those it leaves out.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    and_,
    bindparam,
    case,
    desc,
    func,
    or_,
    select,
    union_all,
)

from connector.domain.agent import Agent
from connector.domain.consent.entries import ConsentKind, LikelyOptOut
from connector.domain.conversation import Conversation, ConversationState, DueAlarm
from connector.domain.message import Message
from connector.domain.rights import Visibility, visibility_of
from connector.domain.status import Status
from connector.store.sql.agents import ALL, CONNECTED, SILENT
from connector.store.sql.among import NOTHING, is_among, lines
from connector.store.sql.consent import LIKELY_FIRST
from connector.store.sql.conversations import (
    FIRST_SKILL,
    NEXT_SKILL,
    QUEUED,
    VISIBILITIES_WITH,
    VISIBILITY,
    by_conversation,
    visibility,
)
from connector.store.sql.keys import KEYS, json_of
from connector.store.sql.session import SqlSession
from connector.store.sql.statements import RowQuery, scalars, structs, tuples
from connector.store.sql.tables.consent import consent, likely_opt_outs
from connector.store.sql.tables.conversations import HAS_JOINED, HAS_OWNER, IS_CLOSED, IS_OPEN, IS_QUEUED, IS_RINGING
from connector.store.sql.tables.conversations import conversations as table
from connector.store.sql.tables.messages import messages
from connector.store.sql.tables.on_call import IS_DUE_SOON, IS_OVERDUE, IS_UNSENT
from connector.store.values import ConversationCount, HeldWork, PageScope, PastConversation, QueuedWork

HELD = (ConversationState.ASSIGNED, ConversationState.WRAP_UP)
_ABOVE_ALL = "~"  # every id is below it


_in_scope = (is_among(table.c.account, "accounts"), is_among(table.c.skill, "skills"))


def _bound(scope: PageScope) -> dict[str, Any]:
    return {"accounts": lines(scope.accounts), "skills": lines(scope.skills)}


OF_AGENT = structs(
    Conversation,
    union_all(
        select(table).where(HAS_OWNER, table.c.agent == bindparam("of_agent")),
        select(table).where(IS_RINGING),
        select(table).where(HAS_JOINED),
    ),
)
_MOST_URGENT = {
    "overdue": (IS_OVERDUE, table.c.due_at),
    "unsent": (IS_UNSENT, table.c.unsent_at),
    "soon": (IS_DUE_SOON, table.c.due_at),
    "ringing": (IS_RINGING, table.c.ring_until),
}
URGENT_OVERDUE, URGENT_UNSENT, URGENT_SOON, URGENT_RINGING = (
    structs(Conversation, select(table).where(which, *_in_scope).order_by(first).limit(bindparam("limit")))
    for which, first in _MOST_URGENT.values()
)
URGENT_LIKELY = structs(
    Conversation,
    select(table).where(IS_OPEN, table.c.person.in_(select(KEYS.c.value)), *_in_scope).limit(bindparam("limit")),
)
OPEN_AFTER = structs(
    Conversation,
    select(table)
    .where(IS_OPEN, table.c.state == bindparam("state"), table.c.id > bindparam("after"), *_in_scope)
    .order_by(table.c.id)
    .limit(bindparam("limit")),
)
_closed = select(table.c.id).where(IS_CLOSED, table.c.closed_at >= bindparam("since"))
# Not the column itself, whose index has all that were ever closed.
_closed_id = func.coalesce(table.c.id, NOTHING)


def _by_id(ids: Select[Any]) -> Select[Any]:
    chosen = ids.limit(bindparam("limit")).subquery()
    return select(table).join(chosen, table.c.id == chosen.c.id)


_is_of_agent = table.c.agent == bindparam("of_agent")
_closed_after = _closed.where(_closed_id > bindparam("after")).order_by(_closed_id)
CLOSED_AFTER = structs(Conversation, _by_id(_closed_after.where(or_(_is_of_agent, and_(*_in_scope)))))
CLOSED_OF_AGENT = structs(Conversation, _by_id(_closed_after.where(_is_of_agent)))
_is_others = or_(table.c.agent.is_(None), table.c.agent != bindparam("of_agent"))
CLOSED_BEFORE = structs(
    Conversation,
    _by_id(_closed.where(_closed_id < bindparam("before"), _is_others, *_in_scope).order_by(desc(_closed_id))),
)
OPEN_BEFORE = structs(
    Conversation,
    select(table)
    .where(IS_OPEN, table.c.state == bindparam("state"), table.c.id < bindparam("before"), _is_others, *_in_scope)
    .order_by(desc(table.c.id))
    .limit(bindparam("limit")),
)
_group = (table.c.agent, table.c.account, table.c.skill)
HELD_COUNTS = RowQuery(
    select(*_group, func.count().label("count")).where(HAS_OWNER, table.c.agent.is_not(None)).group_by(*_group),
    ("agent", "account", "skill", "count"),
    ConversationCount,
)
_is_unsure = table.c.unsent_status == Status.UNCERTAIN
_is_late = and_(table.c.due_told == DueAlarm.OVERDUE, table.c.snoozed_until.is_(None))


def _number(which: ColumnElement[bool]) -> ColumnElement[int]:
    return func.coalesce(func.sum(case((which, 1), else_=0)), 0)


HELD_WORK = structs(
    HeldWork,
    select(
        *_group,
        func.count().label("count"),
        _number(table.c.waiting_since.is_not(None)).label("waiting"),
        func.min(table.c.waiting_since).label("waits_since"),
        _number(_is_late).label("overdue"),
        _number(and_(table.c.unsent > 0, ~_is_unsure)).label("unsent"),
        _number(_is_unsure).label("unsure"),
    )
    .where(HAS_OWNER, table.c.agent.is_not(None))
    .group_by(*_group),
)
QUEUED_WORK = structs(
    QueuedWork,
    select(
        table.c.account,
        table.c.skill,
        func.count().label("count"),
        func.min(func.coalesce(table.c.waiting_since, table.c.queued_at)).label("waits_since"),
        _number(_is_late).label("overdue"),
    )
    .where(IS_QUEUED)
    .group_by(table.c.account, table.c.skill),
)
CLOSED_COUNTS = RowQuery(
    select(*_group, func.count().label("count"))
    .where(IS_CLOSED, table.c.closed_at >= bindparam("since"))
    .group_by(*_group),
    ("agent", "account", "skill", "count"),
    ConversationCount,
)
OWNED_COUNT = scalars(select(func.count().label("count")).where(HAS_OWNER, table.c.agent == bindparam("of_agent")))
VISIBILITIES = tuples(select(*VISIBILITY).join(KEYS, table.c.id == KEYS.c.value))
_past = (table.c.line, table.c.state, table.c.opened_at, table.c.closed_at, table.c.outcome, table.c.tags)
PAST_WITH = tuples(
    union_all(
        *(
            select(*VISIBILITY, *_past).where(table.c.person == bindparam("person"), each)
            for each in (IS_OPEN, IS_CLOSED)
        )
    )
)
_tagged = (table.c.tags, *VISIBILITY)
TAGGED_OPEN = tuples(
    select(*_tagged)
    .where(IS_OPEN, table.c.state == bindparam("state"))
    .order_by(desc(table.c.id))
    .limit(bindparam("limit"))
)
TAGGED_CLOSED = tuples(select(*_tagged).where(IS_CLOSED).order_by(desc(table.c.closed_at)).limit(bindparam("limit")))
HISTORY_IN = structs(
    Message,
    select(messages)
    .where(
        messages.c.person == bindparam("person"),
        messages.c.id < bindparam("before"),
        messages.c.conversation_id.in_(select(KEYS.c.value)),
    )
    .order_by(desc(messages.c.id))
    .limit(bindparam("limit")),
)
HISTORY_IN_AFTER = structs(
    Message,
    select(messages)
    .where(
        messages.c.person == bindparam("person"),
        messages.c.id > bindparam("after"),
        messages.c.conversation_id.in_(select(KEYS.c.value)),
    )
    .order_by(messages.c.id)
    .limit(bindparam("limit")),
)
_latest_kind = (
    select(consent.c.kind)
    .where(consent.c.person == KEYS.c.value)
    .order_by(desc(consent.c.id))
    .limit(1)
    .correlate(KEYS)
    .scalar_subquery()
)
OPTED_OUT_AMONG = scalars(select(KEYS.c.value).where(_latest_kind == ConsentKind.OPTED_OUT))
LIKELY_AMONG = structs(LikelyOptOut, select(likely_opt_outs).join(KEYS, likely_opt_outs.c.person == KEYS.c.value))


class SqlDeskPages:
    """See `store.desk_pages.DeskPages`."""

    def __init__(self, session: SqlSession) -> None:
        self._session = session

    def held_counts(self) -> list[ConversationCount]:
        return self._session.all(HELD_COUNTS, {})

    def held_work(self) -> list[HeldWork]:
        return self._session.all(HELD_WORK, {})

    def queued_work(self) -> list[QueuedWork]:
        return self._session.all(QUEUED_WORK, {})

    def closed_counts(self, since: int) -> list[ConversationCount]:
        return self._session.all(CLOSED_COUNTS, {"since": since})

    def owned_count(self, agent: str) -> int:
        return int(self._session.one(OWNED_COUNT, {"of_agent": agent}))

    def agents(self) -> list[Agent]:
        return self._session.all(ALL, {})

    def connected(self, now: int) -> frozenset[str]:
        return frozenset(self._session.all(CONNECTED, {"now": now}))

    def silent(self, now: int) -> frozenset[str]:
        return frozenset(self._session.all(SILENT, {"now": now}))

    def open_of_agent(self, agent: str) -> list[Conversation]:
        found: list[Conversation] = self._session.all(OF_AGENT, {"of_agent": agent})
        theirs = (one for one in found if agent in visibility_of(one).people)
        return list({one.id: one for one in theirs}.values())

    def first_queued(self, scope: PageScope, limit: int) -> list[Conversation]:
        found: list[Conversation] = []
        skill: str | None = self._session.first(FIRST_SKILL, {})
        while skill is not None:
            if not scope.skills or skill in scope.skills:
                found += self._session.all(QUEUED, {"skill": skill, "limit": limit})
            skill = self._session.first(NEXT_SKILL, {"previous": skill})
        return sorted(found, key=lambda one: (one.rank, one.id))[:limit]

    def urgent(self, scope: PageScope, limit: int) -> list[Conversation]:
        values = {"limit": limit, **_bound(scope)}
        queries = (URGENT_OVERDUE, URGENT_UNSENT, URGENT_SOON, URGENT_RINGING)
        found = [one for query in queries for one in self._session.all(query, values)]
        likely = [one.person for one in self._session.all(LIKELY_FIRST, {"limit": limit})]
        found += self._session.all(URGENT_LIKELY, {"keys": json_of(likely), **values})
        found += self.first_queued(scope, limit)
        return list({one.id: one for one in found}.values())

    def open_after(
        self, states: Sequence[ConversationState], scope: PageScope, after: str, limit: int
    ) -> list[Conversation]:
        values = {"after": after, "limit": limit, **_bound(scope)}
        found = [one for state in states for one in self._session.all(OPEN_AFTER, {"state": state, **values})]
        return sorted(found, key=lambda one: one.id)[:limit]

    def closed_after(self, agent: str, since: int, scope: PageScope, after: str, limit: int) -> list[Conversation]:
        values = {"of_agent": agent, "since": since, "after": after, "limit": limit, **_bound(scope)}
        return sorted(self._session.all(CLOSED_AFTER, values), key=lambda one: one.id)

    def closed_of_agent(self, agent: str, since: int, after: str, limit: int) -> list[Conversation]:
        values = {"of_agent": agent, "since": since, "after": after, "limit": limit}
        return sorted(self._session.all(CLOSED_OF_AGENT, values), key=lambda one: one.id)

    def of_others_before(
        self, agent: str, scope: PageScope, before: str | None, since: int, limit: int
    ) -> list[Conversation]:
        values = {"of_agent": agent, "before": before or _ABOVE_ALL, "limit": limit, **_bound(scope)}
        found: list[Conversation] = self._session.all(CLOSED_BEFORE, {"since": since, **values})
        for state in HELD:
            found += self._session.all(OPEN_BEFORE, {"state": state, **values})
        return sorted(found, key=lambda one: one.id, reverse=True)[:limit]

    def visibilities(self, ids: Collection[str]) -> dict[str, Visibility]:
        return by_conversation(self._session.all(VISIBILITIES, {"keys": json_of(ids)}))

    def visibilities_with(self, person: str) -> dict[str, Visibility]:
        return by_conversation(self._session.all(VISIBILITIES_WITH, {"person": person}))

    def past_with(self, person: str) -> list[PastConversation]:
        found = [
            PastConversation(id_, visibility(*seen), *past)
            for id_, *rest in self._session.all(PAST_WITH, {"person": person})
            for seen, past in [(rest[:5], rest[5:])]
        ]
        return sorted(found, key=lambda one: (one.opened_at, one.id), reverse=True)

    def history_in(self, conversations: Collection[str], person: str, before: str | None, limit: int) -> list[Message]:
        values = {"keys": json_of(conversations), "person": person, "before": before or _ABOVE_ALL, "limit": limit}
        return self._session.all(HISTORY_IN, values)[::-1]

    def history_in_after(self, conversations: Collection[str], person: str, after: str, limit: int) -> list[Message]:
        values = {"keys": json_of(conversations), "person": person, "after": after, "limit": limit}
        return self._session.all(HISTORY_IN_AFTER, values)

    def tagged_of_late(self, limit: int) -> list[tuple[Visibility, tuple[str, ...]]]:
        found = self._session.all(TAGGED_CLOSED, {"limit": limit})
        for state in ConversationState:
            if state is not ConversationState.CLOSED:
                found += self._session.all(TAGGED_OPEN, {"state": state, "limit": limit})
        tags = {row[1]: row[0] for row in found}
        return [(seen, tags[one]) for one, seen in by_conversation(row[1:] for row in found if row[0]).items()]

    def opted_out_among(self, persons: Collection[str]) -> frozenset[str]:
        return frozenset(self._session.all(OPTED_OUT_AMONG, {"keys": json_of(persons)}))

    def likely_among(self, persons: Collection[str]) -> dict[str, LikelyOptOut]:
        return {one.person: one for one in self._session.all(LIKELY_AMONG, {"keys": json_of(persons)})}
