"""What revision 0005 does with stored consumers: each gets its person, and what is of one person becomes one.

The keys are those that the core makes (`connector.domain.address`), so this follows its rules. Both engines run the
same words.
"""

from __future__ import annotations

import json
import logging
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection, RowMapping
from sqlalchemy.dialects import postgresql

from connector.base.clock import SystemClock
from connector.base.ids import Ids
from connector.domain.address import home_of, parse, person_of, region_of, shown

_log = logging.getLogger(__name__)
_TABLES = ("conversations", "messages", "consent")
_ESCAPE = "\U0010ffff"  # stands in stored text for a character that an engine does not take; no number has one
_OPEN_TWICE = sa.text("""
    SELECT c.* FROM conversations AS c JOIN (
        SELECT person, line FROM conversations WHERE state != 'closed' GROUP BY person, line HAVING count(*) > 1
    ) AS twice ON twice.person = c.person AND twice.line = c.line
    WHERE c.state != 'closed' ORDER BY c.id
""")
_MESSAGES = sa.text("SELECT id, conversation_id FROM messages WHERE person = :person ORDER BY id")
_MOVE = sa.text("UPDATE messages SET conversation_id = :conversation, seq = :seq WHERE id = :id")
_CLOSE = sa.text("""
    UPDATE conversations SET state = 'closed', closed_at = last_at, reason = :reason, version = version + 1, unread = 0,
        queued_at = NULL, waiting_since = NULL, due_at = NULL, reminder_at = NULL, is_reminder_kept = false,
        rings = '[]', ring_until = NULL, handed_by = NULL, joined = '[]', wrap_up_until = NULL, timer_at = NULL
    WHERE id = :id
""")
_LANES = sa.text("""
    UPDATE work SET lane = (SELECT m.line || ' ' || m.person FROM messages AS m WHERE m.id = work.subject)
    WHERE kind = 'send' AND EXISTS (SELECT 1 FROM messages AS m WHERE m.id = work.subject)
""")
_LEDGER = sa.text("SELECT person, consumer, at, id, kind FROM consent ORDER BY at, id")
_RESTATE = sa.text("""
    INSERT INTO consent (id, at, account, line, consumer, person, kind, rule, evidence, message_id)
    SELECT :id, :at, account, line, consumer, person, kind, 'for all numbers of one phone: ' || rule, evidence,
        message_id
    FROM consent WHERE id = :entry
""")
_HIGHEST_ID = sa.text("""
    SELECT max(latest) FROM (
        SELECT max(id) AS latest FROM messages UNION ALL SELECT max(id) FROM consent
        UNION ALL SELECT max(id) FROM conversations UNION ALL SELECT max(id) FROM hooks
    ) AS given
""")
_STATES = ("assigned", "wrap_up", "ringing", "queued")  # of several, the one in the first of these goes on


def give_persons(connection: Connection) -> None:
    """Fill `person` and `shown`; from here on, send to the canonical form of numbers.

    Messages that have been sent, and the ledger of consent, keep the address as it was.
    """
    stored = sa.text(" UNION ".join(f"SELECT account, line, consumer FROM {table}" for table in _TABLES))
    parties = [(account, line, consumer) for account, line, consumer in connection.execute(stored)]
    regions = _regions((account, line) for account, line, _ in parties)
    pairs = dict.fromkeys((line, consumer) for _, line, consumer in parties)
    rows = [_reading(line, consumer, regions[line]) for line, consumer in pairs]
    if not rows:
        return
    _log.warning("upgrading the database: %s addresses of consumers are read", f"{len(rows):,}")
    addresses = _addresses()
    addresses.create(connection)
    connection.execute(addresses.insert(), rows)
    for table in _TABLES:
        connection.execute(sa.text(f"UPDATE {table} SET person = consumer"))
        _set(connection, table, "person", "a.person != a.consumer")
    _set(connection, "conversations", "shown", "1 = 1")
    for table, also in (("conversations", ""), ("messages", "status = 'queued' AND ")):
        _set(connection, table, "consumer", "a.canonical != a.consumer", source="canonical", also=also)
    addresses.drop(connection)
    connection.execute(_LANES)


def merge_open_conversations(connection: Connection) -> None:
    """Leave one open conversation of a line and a person, with all messages of the others, which are closed."""
    groups: dict[tuple[str, str], list[RowMapping]] = defaultdict(list)
    for row in connection.execute(_OPEN_TWICE).mappings():
        groups[row["person"], row["line"]].append(row)
    if groups:
        _log.warning("upgrading the database: %s conversations were open twice", f"{len(groups):,}")
    for (person, _), conversations in groups.items():
        going_on = min(conversations, key=lambda one: (_STATES.index(one["state"]), -one["last_at"], one["id"]))
        others = [one for one in conversations if one["id"] != going_on["id"]]
        ids = {one["id"] for one in conversations}
        messages = [row.id for row in connection.execute(_MESSAGES, {"person": person}) if row.conversation_id in ids]
        moves = [{"id": id_, "seq": seq, "conversation": going_on["id"]} for seq, id_ in enumerate(messages, 1)]
        if moves:
            connection.execute(_MOVE, moves)
        reason = f"the same person: goes on in {going_on['id']}"
        connection.execute(_CLOSE, [{"id": one["id"], "reason": reason} for one in others])
        merged = _merged(going_on, conversations, len(messages))
        names = ", ".join(f"{name} = :{name}" for name in merged)
        connection.execute(
            sa.text(f"UPDATE conversations SET {names} WHERE id = :id"), {**merged, "id": going_on["id"]}
        )


def restate_consent(connection: Connection) -> None:
    """Append an entry where a person's last one by id is not what holds: an opt-out under any of their numbers wins.

    Under one number the entry with the latest time held, which a text that was recovered late need not be.
    """
    by_number: dict[str, dict[str, RowMapping]] = defaultdict(dict)
    last: dict[str, RowMapping] = {}
    for row in connection.execute(_LEDGER).mappings():
        by_number[row["person"]][row["consumer"]] = row
        if row["person"] not in last or row["id"] > last[row["person"]]["id"]:
            last[row["person"]] = row
    ids = Ids(SystemClock())
    ids.follow(connection.execute(_HIGHEST_ID).scalar() or "")
    for person, latest in by_number.items():
        opt_outs = [row for row in latest.values() if row["kind"] == "opted_out"]
        holds = max(opt_outs or latest.values(), key=lambda row: (row["at"], row["id"]))
        if last[person]["kind"] != holds["kind"]:
            at = max(row["at"] for row in latest.values())
            connection.execute(_RESTATE, {"id": ids.new(), "at": at, "entry": holds["id"]})


def _addresses() -> sa.Table:
    def text(name: str, *, is_key: bool = False) -> sa.Column[str]:
        kind = sa.Text().with_variant(postgresql.TEXT(collation="C"), "postgresql")
        return sa.Column(name, kind, primary_key=is_key, nullable=False)

    keys = (text("line", is_key=True), text("consumer", is_key=True))
    rest = (text("person"), text("canonical"), text("shown"))
    return sa.Table("addresses", sa.MetaData(), *keys, *rest, prefixes=["TEMPORARY"])


def _regions(lines: Iterable[tuple[str, str]]) -> dict[str, str | None]:
    """The country of each line, from (account, line), as the core finds it: by the other lines of its account.

    Of these only the stored ones are known. A line that had several accounts, of different countries, has none.
    """
    together: dict[str, set[str]] = defaultdict(set)
    for account, line in lines:
        together[account].add(line)
    homes: dict[str, set[str]] = defaultdict(set)
    for of_account in together.values():
        for line in of_account:
            homes[line].add(home_of(line, of_account))
    return {line: region_of(home_of(line, found)) for line, found in homes.items()}


def _reading(line: str, consumer: str, region: str | None) -> dict[str, str]:
    if _ESCAPE in consumer:
        return {"line": line, "consumer": consumer, "person": consumer, "canonical": consumer, "shown": consumer}
    canonical = parse(consumer, region).text
    person, written = person_of(canonical), shown(canonical, region)
    return {"line": line, "consumer": consumer, "person": person, "canonical": canonical, "shown": written}


def _set(connection: Connection, table: str, column: str, condition: str, *, source: str = "", also: str = "") -> None:
    """Set a column to that of the row's address, where the condition holds for it."""
    where = f"a.line = {table}.line AND a.consumer = {table}.consumer"
    connection.execute(
        sa.text(
            f"UPDATE {table} SET {column} = (SELECT a.{source or column} FROM addresses AS a WHERE {where})"
            f" WHERE {also}EXISTS (SELECT 1 FROM addresses AS a WHERE {where} AND {condition})"
        )
    )


def _merged(going_on: RowMapping, conversations: Sequence[RowMapping], last_seq: int) -> dict[str, Any]:
    """The columns that change of the one that goes on. Its timer is due at once; running it computes the next."""
    latest = max(conversations, key=lambda one: (one["last_at"], one["id"]))
    due = min(conversations, key=lambda one: (one["due_at"] is None, one["due_at"]))
    waits = [one["waiting_since"] for one in conversations if one["waiting_since"] is not None]
    reminders = [one for one in (going_on, *conversations) if one["reminder_at"] is not None]
    joined = [agent for one in conversations for agent in json.loads(one["joined"])]
    merged = {
        **{name: latest[name] for name in ("consumer", "shown", "last_at", "last_text", "last_direction", "last_part")},
        **{name: due[name] for name in ("due_at", "due_by", "due_told")},
        "last_seq": last_seq,
        "opened_at": min(one["opened_at"] for one in conversations),
        "unread": sum(one["unread"] for one in conversations),
        "waiting_since": min(waits, default=None),
        "moves": sum(one["moves"] for one in conversations),
        "joined": json.dumps(sorted({*joined} - {going_on["agent"]}), separators=(",", ":")),
        "version": max(one["version"] for one in conversations) + 1,
        "reason": "joined with a conversation under another spelling of the number",
        "timer_at": 0,
    }
    if reminders:
        merged |= {name: reminders[0][name] for name in ("reminder_at", "is_reminder_kept")}
    if waits:
        merged |= {"idle_since": None, "light_at": None}
    return merged
