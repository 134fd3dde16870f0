"""One transaction: its groups, and what is written at its end."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from msgspec.structs import asdict
from sqlalchemy import Connection, bindparam, case, delete, func, insert, literal_column, select, update

from connector.store.ports import Raced
from connector.store.sql.accounts import SqlAccounts, SqlMarks, SqlUploads
from connector.store.sql.connection import WriteConnection, keeping_the_first
from connector.store.sql.conversations import SqlConversations
from connector.store.sql.messages import SqlAttempts, SqlMessages, SqlReceipts
from connector.store.sql.people import SqlAgents, SqlConsent, people
from connector.store.sql.tables import facts, hooks, requests, stream, uploads
from connector.store.sql.work import SqlWork
from connector.store.values import ChangeKind, Fact, FactRow, HookState, RawHook, Staff

CHANNEL = "textdesk"

_ANSWER = select(requests.c.answer).where(requests.c.id == bindparam("key"))
_REMEMBER = keeping_the_first(requests, "id")
_PURGE_HOOKS = delete(hooks).where(hooks.c.at < bindparam("before"))
_PURGE_REQUESTS = delete(requests).where(requests.c.at < bindparam("before"))
_PURGE_UPLOADS = delete(uploads).where(uploads.c.expires_at <= bindparam("until"))
# Clocks of several cores differ a little, so moments do not quite follow positions: the facts before the first that
# is young enough go, and what is left has no hole.
_first_to_stay = select(func.min(facts.c.position)).where(facts.c.at >= bindparam("before")).scalar_subquery()
_LAST_TO_GO = select(func.max(facts.c.position)).where(
    facts.c.position < func.coalesce(_first_to_stay, literal_column("9223372036854775807"))
)
_PURGE_FACTS = delete(facts).where(facts.c.position <= bindparam("last"))
_ADD_HOOKS = insert(hooks)
_ADD_FACTS = insert(facts)
_MOVE_STREAM = (
    update(stream)
    .values(
        position=stream.c.position + bindparam("told"),
        floor=case((stream.c.floor < bindparam("dropped"), bindparam("dropped")), else_=stream.c.floor),
    )
    .returning(stream.c.position)
)
_SET_HOOK_STATE = (
    update(hooks)
    .where(hooks.c.id == bindparam("key"), hooks.c.state != bindparam("to_state"))
    .values(state=bindparam("to_state"), reason=bindparam("because"))
)


class News(NamedTuple):
    """What a commit brings for those who wait."""

    facts: list[FactRow]
    work_moved: bool

    @property
    def changes(self) -> list[ChangeKind]:
        happened = ((ChangeKind.FACTS, bool(self.facts)), (ChangeKind.WORK, self.work_moved))
        return [change for change, has_happened in happened if has_happened]


NOTHING_NEW = News([], work_moved=False)


class SqlHooks:
    def __init__(self, unit: WriteConnection) -> None:
        self._unit = unit

    def add(self, hook: RawHook) -> None:
        self._unit.hooks.append(hook)

    def set_state(self, hook_id: str, state: HookState, reason: str) -> bool:
        values = {"key": hook_id, "to_state": state, "because": reason}
        return self._unit.changed(_SET_HOOK_STATE, values)


class SqlFacts:
    def __init__(self, unit: WriteConnection) -> None:
        self._unit = unit

    def append(self, facts: Iterable[Fact]) -> None:
        self._unit.facts.extend(facts)


class SqlRequests:
    def __init__(self, unit: WriteConnection) -> None:
        self._unit = unit

    def answer(self, request_id: str) -> bytes | None:
        answer: bytes | None = self._unit.value(_ANSWER, {"key": request_id})
        return answer

    def remember(self, request_id: str, agent: str, at: int, answer: bytes) -> None:
        values = {"id": request_id, "agent": agent, "at": at, "answer": answer}
        if not self._unit.kept(_REMEMBER, values):
            raise Raced  # the same request came in at another core: run again, this finds the answer


class SqlTransaction:
    """See `base.Transaction`. One for all transactions of a connection, one after another."""

    def __init__(self, connection: Connection) -> None:
        self.unit = unit = WriteConnection(connection)
        self.hooks = SqlHooks(unit)
        self.conversations = SqlConversations(unit)
        self.messages = SqlMessages(unit)
        self.attempts = SqlAttempts(unit)
        self.receipts = SqlReceipts(unit)
        self.agents = SqlAgents(unit)
        self.consent = SqlConsent(unit)
        self.work = SqlWork(unit)
        self.marks = SqlMarks(unit)
        self.accounts = SqlAccounts(unit)
        self.uploads = SqlUploads(unit)
        self.requests = SqlRequests(unit)
        self.facts = SqlFacts(unit)

    def staff(self, now: int) -> Staff:
        return people(self.unit.rows, now)

    def purge(self, hooks_before: int, facts_before: int, requests_before: int, uploads_until: int) -> None:
        self.unit.run(_PURGE_HOOKS, {"before": hooks_before})
        self.unit.run(_PURGE_REQUESTS, {"before": requests_before})
        self.unit.run(_PURGE_UPLOADS, {"until": uploads_until})
        last: int | None = self.unit.value(_LAST_TO_GO, {"before": facts_before})
        if last is not None:
            self.unit.run(_PURGE_FACTS, {"last": last})
            self.unit.floor = max(self.unit.floor, last)

    def finish(self) -> News:
        """Write what waited, and say what is new. The commit follows at once.

        Positions follow the order of commits: the next transaction reads the counter only once everybody can see
        this one, as writers wait for one another on either engine (see `WriteConnection.begin`).
        """
        unit = self.unit
        if unit.hooks:
            unit.run_many(_ADD_HOOKS, [asdict(hook) for hook in unit.hooks])
        placed: list[FactRow] = []
        if unit.facts or unit.floor:
            latest = unit.value(_MOVE_STREAM, {"told": len(unit.facts), "dropped": unit.floor})
            placed = [FactRow(at, fact) for at, fact in enumerate(unit.facts, latest - len(unit.facts) + 1)]
        if placed:
            unit.run_many(_ADD_FACTS, [asdict(row.fact) | {"position": row.position} for row in placed])
        news = News(placed, unit.work_moved)
        if news.changes and unit.engine == "postgresql":
            unit.control(f"NOTIFY {CHANNEL}, '{' '.join(news.changes)}'")
        return news
