"""Tallies, which reports are made of, filled with what the stored messages and conversations say.

Revision ID: 0011
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0011"
down_revision = "0010"

_MEASURES = """
    texts text_segments text_pictures opened closed open_ms answers answer_ms late first_answers first_ms replies
    delivered failed segments pictures billed_replies billed predicted billed_otherwise transfers give_backs take_overs
    online_ms wait_0 wait_1 wait_2 wait_3 wait_4 wait_5 wait_6 wait_7 wait_8 wait_9 wait_10 wait_11 wait_12 wait_13
    wait_14 wait_15 wait_16 wait_17 wait_18 wait_19
""".split()  # noqa: SIM905

# Both engines run the same words. What a stored message does not say, as how long its consumer had waited, is not
# counted. Hours and days are those of UTC, as no configuration is at hand.
_KEY = "kind, span, at, account, line, country, skill, agent, entry_point, outcome"
_REPLIES = f"""
    INSERT INTO tallies ({_KEY}, replies, delivered, failed, segments)
    SELECT 'work', 3600000, at - at % 3600000, account, line, '', '', coalesce(author, ''), '', '', count(*),
        sum(CASE WHEN status = 'delivered' THEN 1 ELSE 0 END),
        sum(CASE WHEN status IN ('expired', 'failed', 'undelivered') THEN 1 ELSE 0 END),
        sum(CASE WHEN status IN ('accepted', 'sent', 'delivered', 'undelivered', 'expired') THEN segments ELSE 0 END)
    FROM messages WHERE direction = 'reply' AND status != 'withdrawn' GROUP BY 3, 4, 5, 8
"""
# Of a text in segments the first one counts; a part is the JSON array of its reference, total and number.
_TEXTS = f"""
    INSERT INTO tallies ({_KEY}, texts, text_segments)
    SELECT 'work', 3600000, at - at % 3600000, account, line, '', '', '', '', '',
        sum(CASE WHEN part IS NULL OR part LIKE '[%,%,1,%' THEN 1 ELSE 0 END), sum(segments)
    FROM messages WHERE direction = 'inbound' GROUP BY 3, 4, 5
    ON CONFLICT ({_KEY}) DO UPDATE SET texts = excluded.texts, text_segments = excluded.text_segments
"""
_OPENED = f"""
    INSERT INTO tallies ({_KEY}, opened)
    SELECT 'work', 3600000, opened_at - opened_at % 3600000, account, line, '', skill, '', entry_point, '', count(*)
    FROM conversations WHERE true GROUP BY 3, 4, 5, 7, 9
    ON CONFLICT ({_KEY}) DO UPDATE SET opened = excluded.opened
"""
_CLOSED = f"""
    INSERT INTO tallies ({_KEY}, closed, open_ms)
    SELECT 'work', 3600000, closed_at - closed_at % 3600000, account, line, '', skill, coalesce(closed_by, ''),
        entry_point, '', count(*), sum(CASE WHEN closed_at > opened_at THEN closed_at - opened_at ELSE 0 END)
    FROM conversations WHERE state = 'closed' AND closed_at IS NOT NULL GROUP BY 3, 4, 5, 7, 8, 9
    ON CONFLICT ({_KEY}) DO UPDATE SET closed = excluded.closed, open_ms = excluded.open_ms
"""
_ENDED = f"""
    INSERT INTO tallies ({_KEY}, closed, open_ms)
    SELECT 'ended', 3600000, closed_at - closed_at % 3600000, account, line, '', skill, coalesce(closed_by, ''),
        entry_point, outcome, count(*), sum(CASE WHEN closed_at > opened_at THEN closed_at - opened_at ELSE 0 END)
    FROM conversations WHERE state = 'closed' AND closed_at IS NOT NULL GROUP BY 3, 4, 5, 7, 8, 9, 10
"""
_FILLED = ["replies", "delivered", "failed", "segments", "texts", "text_segments", "opened", "closed", "open_ms"]
_DAYS = f"""
    INSERT INTO tallies ({_KEY}, {", ".join(_FILLED)})
    SELECT kind, 86400000, at - at % 86400000, account, line, country, skill, agent, entry_point, outcome,
        {", ".join(f"sum({name})" for name in _FILLED)}
    FROM tallies WHERE span = 3600000 GROUP BY 1, 3, 4, 5, 6, 7, 8, 9, 10
"""
# The newest message gives the present time: the clock that wrote them may be another.
_OLD_HOURS = """
    DELETE FROM tallies WHERE span = 3600000 AND at < (SELECT max(at) FROM messages) - 3024000000
"""
_BEGAN = """
    INSERT INTO marks (name, at)
    SELECT 'tallies began', newest FROM (SELECT max(at) AS newest FROM messages) AS latest WHERE newest IS NOT NULL
"""


def _text() -> sa.types.TypeEngine[Any]:
    """Compared by code point, whatever the language of the database."""
    return sa.Text().with_variant(postgresql.TEXT(collation="C"), "postgresql")


def _key(name: str) -> sa.Column[Any]:
    return sa.Column(name, _text(), primary_key=True, nullable=False)


def _moment(name: str) -> sa.Column[Any]:
    return sa.Column(name, sa.BigInteger(), primary_key=True, autoincrement=False, nullable=False)


def upgrade() -> None:
    op.create_table(
        "tallies",
        sa.Column("kind", sa.Text(), primary_key=True, nullable=False),
        _moment("span"),
        _moment("at"),
        *map(_key, ("account", "line", "country", "skill", "agent", "entry_point", "outcome")),
        *(sa.Column(name, sa.BigInteger(), nullable=False, server_default="0") for name in _MEASURES),
        sqlite_with_rowid=False,
    )
    for name in ("skill", "entry_point"):
        op.add_column("messages", sa.Column(name, _text(), nullable=False, server_default=""))
    op.add_column("messages", sa.Column("waited_ms", sa.BigInteger()))
    for name in ("is_late", "is_first"):
        op.add_column("messages", sa.Column(name, sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("messages", sa.Column("billed", sa.Integer()))
    op.add_column("conversations", sa.Column("tally", sa.Text()))
    for statement in (_REPLIES, _TEXTS, _OPENED, _CLOSED, _ENDED, _DAYS, _OLD_HOURS, _BEGAN):
        op.execute(statement)
