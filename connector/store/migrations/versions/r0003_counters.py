"""Counters of messages and hooks by minute, hour and in all, filled from what is stored.

Revision ID: 0003
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0003"
down_revision = "0002"

# Both engines run the same words. The newest message gives the present time: the clock that wrote them may be another.
_MINUTES = """
    INSERT INTO counters (span, at, account, line, kind, status, code, words, count, last_at, position)
    SELECT 60000, at - at % 60000, account, line, direction, status, coalesce(code, ''),
        CASE WHEN status IN ('expired', 'failed', 'undelivered') THEN coalesce(words, '') ELSE '' END,
        count(*), max(at), (SELECT position FROM stream)
    FROM messages GROUP BY 2, 3, 4, 5, 6, 7, 8
"""
_RECOVERED = """
    INSERT INTO counters (span, at, account, line, kind, status, code, words, count, last_at, position)
    SELECT 60000, at - at % 60000, account, line, 'recovered', status, '', '',
        count(*), max(at), (SELECT position FROM stream)
    FROM messages WHERE is_recovered GROUP BY 2, 3, 4, 6
"""
# Accounts that do not exist are names that strangers have made up.
_HOOKS = """
    INSERT INTO counters (span, at, account, line, kind, status, code, words, count, last_at, position)
    SELECT 60000, at - at % 60000, account, '', 'hook', state, '', '', count(*), max(at), (SELECT position FROM stream)
    FROM hooks WHERE reason != 'there is no such account' GROUP BY 2, 3, 6
"""
_HOURS = """
    INSERT INTO counters (span, at, account, line, kind, status, code, words, count, last_at, position)
    SELECT 3600000, at - at % 3600000, account, line, kind, status, code, '', sum(count), max(last_at), max(position)
    FROM counters WHERE span = 60000 GROUP BY 2, 3, 4, 5, 6, 7
"""
_TOTALS = """
    INSERT INTO counters (span, at, account, line, kind, status, code, words, count, last_at, position)
    SELECT 0, 0, account, line, kind, status, code, '', sum(count), max(last_at), max(position)
    FROM counters WHERE span = 3600000 GROUP BY 3, 4, 5, 6, 7
"""
_OLD_MINUTES = """
    DELETE FROM counters WHERE span = 60000 AND at < (SELECT max(at) FROM messages) - 172800000
"""


def _key(name: str) -> sa.Column[Any]:
    """Compared by code point, whatever the language of the database."""
    kind = sa.Text().with_variant(postgresql.TEXT(collation="C"), "postgresql")
    return sa.Column(name, kind, primary_key=True, nullable=False)


def _number(name: str, primary_key: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.BigInteger(), primary_key=primary_key, autoincrement=False, nullable=False)


def upgrade() -> None:
    op.create_table(
        "counters",
        _number("span", primary_key=True),
        _number("at", primary_key=True),
        _key("account"),
        _key("line"),
        _key("kind"),
        _key("status"),
        _key("code"),
        _key("words"),
        _number("count"),
        _number("last_at"),
        _number("position"),
        sqlite_with_rowid=False,
    )
    for statement in (_MINUTES, _RECOVERED, _HOOKS, _HOURS, _TOTALS, _OLD_MINUTES):
        op.execute(statement)
    op.create_index("counters_changed", "counters", ["position"])
