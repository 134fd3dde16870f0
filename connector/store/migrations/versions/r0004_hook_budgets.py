"""Byte budgets of hooks, covering indexes, and counters made anew: what 0003 filled, no build of its time went on with.

Revision ID: 0004
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0004"
down_revision = "0003"

# Both engines run the same words. The newest message gives the present time: the clock that wrote them may be another.
# Positions are those of later changes.
_MINUTES = """
    INSERT INTO counters (span, at, account, line, kind, status, code, words, count, last_at, position)
    SELECT 60000, at - at % 60000, account, line, direction, status, coalesce(substr(code, 1, 64), ''),
        CASE WHEN status IN ('expired', 'failed', 'undelivered') THEN coalesce(substr(words, 1, 200), '') ELSE '' END,
        count(*), max(at), 0
    FROM messages GROUP BY 2, 3, 4, 5, 6, 7, 8
"""
_RECOVERED = """
    INSERT INTO counters (span, at, account, line, kind, status, code, words, count, last_at, position)
    SELECT 60000, at - at % 60000, account, line, 'recovered', status, '', '', count(*), max(at), 0
    FROM messages WHERE is_recovered GROUP BY 2, 3, 4, 6
"""
# Accounts that do not exist are names that strangers have made up.
_HOOKS = """
    INSERT INTO counters (span, at, account, line, kind, status, code, words, count, last_at, position)
    SELECT 60000, at - at % 60000, account, '', 'hook', state, '', '', count(*), max(at), 0
    FROM hooks WHERE reason != 'there is no such account' GROUP BY 2, 3, 6
"""
_HOURS = """
    INSERT INTO counters (span, at, account, line, kind, status, code, words, count, last_at, position)
    SELECT 3600000, at - at % 3600000, account, line, kind, status, code, '', sum(count), max(last_at), 0
    FROM counters WHERE span = 60000 GROUP BY 2, 3, 4, 5, 6, 7
"""
_TOTALS = """
    INSERT INTO counters (span, at, account, line, kind, status, code, words, count, last_at, position)
    SELECT 0, 0, account, line, kind, status, code, '', sum(count), max(last_at), 0
    FROM counters WHERE span = 3600000 GROUP BY 3, 4, 5, 6, 7
"""
_OLD_MINUTES = """
    DELETE FROM counters WHERE span = 60000 AND at < (SELECT max(at) FROM messages) - 172800000
"""
FILL_COUNTERS = (_MINUTES, _RECOVERED, _HOOKS, _HOURS, _TOTALS, _OLD_MINUTES)


def _key(name: str) -> sa.Column[Any]:
    """Compared by code point, whatever the language of the database."""
    kind = sa.Text().with_variant(postgresql.TEXT(collation="C"), "postgresql")
    return sa.Column(name, kind, primary_key=True, nullable=False)


def _number(name: str, primary_key: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.BigInteger(), primary_key=primary_key, autoincrement=False, nullable=False)


def _hook_budgets() -> None:
    """Hooks that are stored already are charged to none: they go with their age."""
    text = sa.Text().with_variant(postgresql.TEXT(collation="C"), "postgresql")
    op.add_column("hooks", sa.Column("budget", text, nullable=True))
    op.add_column("hooks", sa.Column("size", sa.Integer(), nullable=False, server_default="0"))
    only = sa.text("budget IS NOT NULL")
    columns = ["budget", "at", "id", "size"]
    op.create_index("hooks_by_budget", "hooks", columns, sqlite_where=only, postgresql_where=only)
    op.create_table("hook_budgets", _key("name"), _number("size"))


def _covering_indexes() -> None:
    """For questions that would read rows, or more of them, the longer a store is in use."""
    op.create_index("work_by_subject", "work", ["subject", "kind"])
    op.create_index("presence_spans_by_end", "presence_spans", ["until_at"])
    op.drop_index("work_ranked", "work")
    op.create_index("work_ranked", "work", ["kind", "rank", "ready_at", "ordinal"])
    op.drop_index("conversations_given", "conversations")
    only = sa.text("assigned_at IS NOT NULL")
    columns = ["assigned_at", "skill"]
    op.create_index("conversations_given", "conversations", columns, sqlite_where=only, postgresql_where=only)


def _counters() -> None:
    """Codes and words are cut, as they are part of the key."""
    op.drop_table("counters")
    op.create_table(
        "counters",
        _number("span", primary_key=True),
        _number("at", primary_key=True),
        _key("account"),
        _key("line"),
        sa.Column("kind", sa.Text(), primary_key=True, nullable=False),
        _key("status"),
        _key("code"),
        _key("words"),
        _number("count"),
        _number("last_at"),
        _number("position"),
        sqlite_with_rowid=False,
    )
    for statement in FILL_COUNTERS:
        op.execute(statement)
    op.create_index("counters_changed", "counters", ["position"])


def upgrade() -> None:
    _counters()
    _hook_budgets()
    _covering_indexes()
