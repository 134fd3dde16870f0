"""No statement reads more of a table the longer a store is in use: SQLite's plans, without statistics, as in a store.

A statement that may is named with the reason why what it reads stays bounded.
"""

from __future__ import annotations

import importlib
import pkgutil
import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.dialects import sqlite
from sqlalchemy.sql.expression import Delete, Select, Update
from sqlalchemy.sql.selectable import CompoundSelect

import connector.store.sql
from connector.store.sql.statements import RowQuery
from tests.kit.templates import copied

# What is in these, and a condition on these columns alone, leaves rows that grow without bounds.
GROWING = ("attempts", "consent", "conversations", "counters", "facts", "hooks", "message_refs", "messages",
           "presence_spans", "receipts", "requests", "work")  # fmt: skip
COARSE = re.compile(r"\((?:account|kind|span|line|state|skill)=\?\)")

BOUNDED = {
    "alerts.OVERDUE": "what is overdue",
    "desk_pages.URGENT_OVERDUE": "what is overdue",
    "desk_pages.URGENT_UNSENT": "what was not sent",
    "desk_pages.QUEUED_WORK": "the queues",
    "desk_pages.URGENT_SOON": "what is due soon",
    "desk_pages.URGENT_RINGING": "what rings",
    "agents.RINGING": "what rings",
    "conversations.SHOWN_SINCE": "what is open",
    "conversations.QUEUE_LENGTHS": "the queues",
    "conversations.QUEUE_LENGTHS_AT": "the queues",
    "conversations.FIRST_SKILL": "one row",
    "conversations.QUEUED": "its limit",
    "counters._OLDEST": "one row: the smallest of an index",
    "erasure._FIRST_AT": "one row: the first of an index",
    "erasure._COUNTED": "counters, which 400 days bound, when a person is erased",
    "facts._TO_GO": "its limit",
    "hooks._LATEST_TAKEN": "its limit: nearly every hook is taken",
    "hooks._LATEST_QUARANTINED": "the budgets of the quarantine",
    "hooks._LATEST_IN_QUARANTINE": "the budgets of the quarantine",
    "messages.MEDIA_JSON": "daily, beside one file each",
    "messages.UNSETTLED_COUNTS": "what is open",
    "traffic.LATEST_ATTEMPTS": "a few rows: the last of an index",
    "conversations._AHEAD": "what is open, at a start or after the clock was set",
    "conversations.JOINED": "what leads have joined, when an agent is disabled",
    "desk_pages.OF_AGENT": "what rings, and what leads have joined",
    "desk_pages.TAGGED_CLOSED": "its limit",
    "desk_pages.TAGGED_OPEN": "its limit",
    "delivery.LIMIT_ENDS": "the outbox",
    "work._EXTEND": "the outbox",
    "work._LIMIT_LEASES": "the outbox",
    "work._LIMIT_SINCE": "the outbox",
    "work.DEPTHS": "the outbox",
    "work.LINE_DEPTHS": "the outbox",
    "work.NEXT_DUE": "what waits for its lane, in the outbox",
    "work._MAKE_DUE": "the outbox",
    "work._RELEASE": "the outbox",
}


def statements() -> Iterator[tuple[str, Any]]:
    seen: set[int] = set()
    for module in pkgutil.iter_modules(connector.store.sql.__path__):
        found = vars(importlib.import_module(f"{connector.store.sql.__name__}.{module.name}"))
        for name, value in found.items():
            if not name.isupper():
                continue  # a part of others
            one = value.statement if isinstance(value, RowQuery) else value
            if isinstance(one, Select | CompoundSelect | Update | Delete) and id(one) not in seen:
                seen.add(id(one))  # others import it
                yield f"{module.name}.{name}", one


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(copied(Path(tmp_path_factory.mktemp("plans"), "textdesk.db")))) as connection:
        yield connection


def reads_too_much(step: str) -> bool:
    """Whether this step of a plan reads all rows of a growing table, or all of one account, kind, …"""
    found = re.match(r"(SCAN|SEARCH) (\w+)", step)
    return found is not None and found[2] in GROWING and (found[1] == "SCAN" or COARSE.search(step) is not None)


def test_no_statement_reads_ever_more(database: sqlite3.Connection) -> None:
    found = {}
    for name, statement in statements():
        sql = str(statement.compile(dialect=sqlite.dialect()))
        plan = database.execute(f"EXPLAIN QUERY PLAN {sql}", [None] * sql.count("?")).fetchall()
        if steps := [step for *_, step in plan if reads_too_much(step)]:
            found[name] = steps
    assert {name: steps for name, steps in found.items() if name not in BOUNDED} == {}
    assert BOUNDED.keys() - found.keys() == set()
