"""Large stores made in seconds: one row as the product writes it, multiplied by the database itself.

SQLite only. Each function takes the database of a core that is not running.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from msgspec.structs import asdict, replace
from sqlalchemy import Table, create_engine, insert

from connector.base.clock import SystemClock
from connector.domain.agent import Desk, Presence, PresenceSpan
from connector.domain.conversation import Conversation, ConversationState
from connector.domain.message import Message
from connector.lab.simulator.world import DEMO
from connector.services.work import SEND
from connector.store.migrations.versions.r0004_hook_budgets import FILL_COUNTERS
from connector.store.sql import tables
from connector.store.values import Work
from tests.kit import stores
from tests.kit.templates import copied

Fill = Callable[[Path], None]

HOUR_MS = 3_600_000
NOW = SystemClock().now()
_LINE = DEMO.twilio.lines[0].number
_PLACE = {"account": "main", "line": _LINE}
# Names of the rows' numbers in SQL: `n` is the row's, from 0.
_CONSUMER = "printf('+1{area}%07d', {number})"


def filled(data: Path, *fills: Fill) -> None:
    """A data directory with a store of this version, in which these have written."""
    path = copied(data / "textdesk.db")
    for fill in fills:
        fill(path)


def past(messages: int, *, each: int = 10, area: int = 212) -> Fill:
    """Closed conversations with so many messages in all, `each` of one consumer, over the last 60 days."""
    conversation = stores.conversation(
        **_PLACE, id="", consumer="", state=ConversationState.CLOSED, queued_at=None, waiting_since=None, agent="ann"
    )
    message = stores.message(
        **_PLACE, id="", conversation_id="", consumer="", text="My parcel was due yesterday.", ref=""
    )
    step = 60 * 24 * HOUR_MS // max(messages, 1)
    at = f"{NOW - 2 * 24 * HOUR_MS} - ({messages} - n) * {step}"
    count = messages // each

    def fill(path: Path) -> None:
        closed_at = at.replace("n)", f"n * {each})")
        rows = {"id": "printf('01J%023d', n)", "consumer": _consumer(area), "last_seq": str(each)}
        rows |= dict.fromkeys(("opened_at", "last_at", "closed_at", "assigned_at"), closed_at)
        _multiply(path, tables.conversations.conversations, conversation, count, rows)
        _messages(path, message, messages, each, area, at)
        with _opened(path) as database:
            database.execute(
                "INSERT INTO message_refs (account, ref, message_id) SELECT account, ref, id FROM messages"
            )

    return fill


def everything_about(messages: int, *, each: int = 10) -> Fill:
    """What stores have of `past` messages beside them: a raw hook, two facts and half a receipt for each, an attempt
    for every second, opt-outs of some consumers, presences, and the counters."""
    consumer = _consumer(212, f"n * 50 / {each}")
    at = f"{NOW - 2 * 24 * HOUR_MS} - ({messages} - n) * 1000"
    tables_of: dict[Table, tuple[Any, int, dict[str, str]]] = {
        tables.hooks.hooks: (stores.hook(account="main"), messages, {"id": "printf('01J%023d', n)", "at": at}),
        tables.facts.facts: (
            {"position": 0} | asdict(stores.fact()),
            2 * messages,
            {"position": "n + 1", "at": str(NOW)},
        ),
        tables.messages.receipts: (
            {"key": b""} | asdict(stores.receipt(account="main")),
            messages // 2,
            {"ref": "printf('SMf%031d', n)", "message_id": "printf('01J%023d', n)", "key": "randomblob(16)"},
        ),
        tables.consent.consent: (stores.consent(), messages // 50, {"id": "printf('E%025d', n)", "consumer": consumer}),
        tables.staff.presence_spans: (
            PresenceSpan("ann", "online", "", NOW, NOW),
            messages // 20,
            {"from_at": "n", "until_at": "n + 1"},
        ),
    }

    def fill(path: Path) -> None:
        for table, (row, count, changed) in tables_of.items():
            _multiply(path, table, row, count, changed)
        with _opened(path) as database:
            database.execute(
                "INSERT INTO attempts (message_id, number, account, started_at, ended_at, outcome)"
                " SELECT id, 1, account, at, at, 'accepted' FROM messages WHERE seq % 2 = 0"
            )
            database.execute("UPDATE stream SET position = (SELECT max(position) FROM facts)")
            for statement in FILL_COUNTERS:
                database.execute(statement)

    return fill


def held(conversations: int, *, agent: str = "ann", texts_each: int = 1, area: int = 415) -> Fill:
    """Open conversations of one agent, each waiting for an answer; a desk at another core holds them for the agent."""
    conversation = stores.conversation(
        **_PLACE, id="", consumer="", state=ConversationState.ASSIGNED, agent=agent, queued_at=None, assigned_at=NOW
    )

    def fill(path: Path) -> None:
        _open(conversation, conversations, texts_each, area)(path)
        _multiply(path, tables.staff.agents, stores.agent(id=agent, name=agent, capacity=conversations), 1, {})
        _multiply(path, tables.staff.desks, _elsewhere(agent), 1, {})

    return fill


def team(conversations: int, *, agents: int, waiting: int = 300, area: int = 415) -> Fill:
    """Open conversations: so many in the queue, the others shared out among agents with a desk elsewhere."""
    conversation = stores.conversation(
        **_PLACE, id="", consumer="", state=ConversationState.ASSIGNED, agent="", queued_at=None, assigned_at=NOW
    )

    def fill(path: Path) -> None:
        _open(conversation, conversations, 1, area)(path)
        agents_online(agents, capacity=conversations)(path)
        with _opened(path) as database:
            database.execute(
                "UPDATE conversations SET agent = printf('agent%03d', cast(substr(id, 4) AS INTEGER) % ?)", (agents,)
            )
            # Spread over all ids, as they are where conversations last for different times.
            database.execute(
                "UPDATE conversations SET state = 'queued', agent = NULL, queued_at = opened_at, assigned_at = NULL"
                " WHERE id IN (SELECT id FROM conversations ORDER BY cast(substr(id, 4) AS INTEGER) * 7919 % 1000003"
                " LIMIT ?)",
                (waiting,),
            )

    return fill


def queued(conversations: int, *, area: int = 646) -> Fill:
    """A queue."""
    return _open(stores.conversation(**_PLACE, id="", consumer=""), conversations, 1, area)


def agents_online(count: int, *, capacity: int) -> Fill:
    """Agents with a desk at another core, whose lease does not end."""
    agent = stores.agent(id="", name="", capacity=capacity, presence=Presence.ONLINE)

    def fill(path: Path) -> None:
        name = "printf('agent%03d', n)"
        _multiply(path, tables.staff.agents, agent, count, {"id": name, "name": name})
        _multiply(path, tables.staff.desks, _elsewhere(""), count, {"id": name, "agent": name})

    return fill


def working_day(conversations: int, *, mine: int, queued: int, colleagues: int, agent: str = "ann") -> Fill:
    """A working day at `agent`'s desk: conversations of theirs, a queue, and the rest with colleagues, three of ten of
    them closed today."""
    others = conversations - mine - queued
    closed = others * 3 // 10
    name = f"printf('agent%03d', n % {colleagues})"
    held = stores.conversation(
        **_PLACE, id="", consumer="", state=ConversationState.ASSIGNED, agent=agent, queued_at=None, assigned_at=NOW
    )
    ended = replace(held, state=ConversationState.CLOSED, waiting_since=None, closed_at=NOW - HOUR_MS)
    parts: tuple[tuple[Conversation, int, dict[str, str]], ...] = (
        (held, mine, {}),
        (stores.conversation(**_PLACE, id="", consumer=""), queued, {}),
        (held, others - closed, {"agent": name}),
        (ended, closed, {"agent": name, "closed_by": name, "unread": "0"}),
    )

    def fill(path: Path) -> None:
        first = 0
        for row, count, changed in parts:
            _open(row, count, 1, 415, first, changed)(path)
            first += count
        _multiply(path, tables.staff.agents, stores.agent(id=agent, name=agent, capacity=mine), 1, {})
        _multiply(path, tables.staff.desks, _elsewhere(agent), 1, {})
        agents_online(colleagues, capacity=(others - closed) // colleagues)(path)

    return fill


def outbox(replies: int, *, lanes: int, area: int = 415) -> Fill:
    """Replies that are due, written by turns to so many consumers with whom conversations are held."""
    reply = stores.reply(**_PLACE, id="", conversation_id="", consumer="", at=NOW, text="It is on its way.")
    work = Work(id="", kind=SEND, subject="", account="main", lane="", ordinal="", due_at=NOW)
    row = asdict(work) | {"node": None, "ready_at": NOW, "since": NOW}

    def fill(path: Path) -> None:
        consumer = _CONSUMER.format(area=area, number=f"n % {lanes}")
        key = "printf('01K2%022d', n)"
        more = {"seq": f"2 + n / {lanes}", "conversation_id": f"printf('01K%023d', n % {lanes})"}
        _multiply(path, tables.messages.messages, reply, replies, {"id": key, "consumer": consumer, **more})
        ids = {"id": key, "subject": key, "ordinal": key, "lane": f"'{_LINE} ' || {consumer}"}
        due = dict.fromkeys(("due_at", "ready_at", "since"), f"{NOW} - ({replies} - n)")
        _multiply(path, tables.work.work, row, replies, {**ids, **due})

    return fill


def _elsewhere(agent: str) -> Desk:
    return Desk(id=f"desk of {agent}", agent=agent, node="elsewhere", lease_until=NOW + 24 * HOUR_MS)


def _open(
    conversation: Conversation,
    count: int,
    texts_each: int,
    area: int,
    first: int = 0,
    changed: Mapping[str, str] | None = None,
) -> Fill:
    """`first`: the number of the first of them; `changed`: more columns from SQL expressions."""
    message = stores.message(**_PLACE, id="", conversation_id="", consumer="", text="Where is my parcel?", ref=None)
    times = ("opened_at", "last_at", "waiting_since", "assigned_at", "queued_at")

    def fill(path: Path) -> None:
        opened = {name: f"{NOW} - n * 1000" for name in times if getattr(conversation, name) is not None}
        number = f"n + {first}"
        ids = {"id": f"printf('01K%023d', {number})", "rank": "n"}
        ids["consumer"] = _CONSUMER.format(area=area, number=number)
        _multiply(
            path,
            tables.conversations.conversations,
            conversation,
            count,
            {**ids, **opened, "last_seq": str(texts_each), "unread": "1", **(changed or {})},
        )
        _messages(path, message, count * texts_each, texts_each, area, f"{NOW - HOUR_MS} + n", first)

    return fill


def _messages(path: Path, message: Message, count: int, each: int, area: int, at: str, first: int = 0) -> None:
    """`first`: the number of the first conversation."""
    is_past = message.ref is not None
    number = f"n / {each} + {first}"
    rows = {
        "id": f"printf('01{'J' if is_past else 'K1'}%0{23 if is_past else 22}d', n + {first * each})",
        "conversation_id": f"printf('01{'J' if is_past else 'K'}%023d', {number})",
        "consumer": _consumer(area, number) if is_past else _CONSUMER.format(area=area, number=number),
        "seq": f"n % {each} + 1",
        "text": "text || ' Number ' || n",
        "at": at,
        "status_at": at,
    }
    if is_past:
        rows["ref"] = "printf('SMf%031d', n)"
    _multiply(path, tables.messages.messages, message, count, rows)


def _consumer(area: int, number: str = "n") -> str:
    """Numbers in no order, as consumers' are; 7,919 has no factor in common with the number of numbers."""
    return _CONSUMER.format(area=area, number=f"({number}) * 7919 % 10000000")


@contextmanager
def _opened(path: Path) -> Iterator[sqlite3.Connection]:
    """One transaction, not safe from a crash."""
    with closing(sqlite3.connect(path, isolation_level=None)) as database:
        for pragma in ("synchronous = off", "journal_mode = memory", "cache_size = -500000"):
            database.execute(f"PRAGMA {pragma}")
        database.execute("BEGIN")
        yield database
        database.execute("COMMIT")


def _multiply(path: Path, table: Table, row: Any, count: int, changed: Mapping[str, str]) -> None:
    """Write `row` (a value, or its columns) `count` times, with these columns from SQL expressions of `n`.

    The person is the consumer, as where it is a number in its canonical form.
    """
    values = row if isinstance(row, dict) else asdict(row)
    if "person" in values and "consumer" in changed:
        changed = {"person": changed["consumer"], **changed}
    engine = create_engine(f"sqlite:///{path}")
    with engine.begin() as connection:
        connection.execute(insert(table), values)
    engine.dispose()
    columns = [column.name for column in table.columns if column.name in values]
    chosen = ", ".join(changed.get(name, f"one.{name}") for name in columns)
    with _opened(path) as database:
        database.execute(f"CREATE TEMP TABLE one AS SELECT * FROM {table.name} ORDER BY rowid DESC LIMIT 1")
        database.execute(f"DELETE FROM {table.name} WHERE rowid = (SELECT max(rowid) FROM {table.name})")
        database.execute(
            f"INSERT INTO {table.name} ({', '.join(columns)})"
            " WITH RECURSIVE numbers(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM numbers WHERE n + 1 < ?)"
            f" SELECT {chosen} FROM numbers, one WHERE ? > 0",
            (count, count),
        )
