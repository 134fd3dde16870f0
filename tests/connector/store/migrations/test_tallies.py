"""What reports tell of the time before there were any."""

from __future__ import annotations

from msgspec.structs import replace
from sqlalchemy import text

from connector.domain.conversation import ConversationState
from connector.domain.status import Status
from connector.domain.tallies import TallyKind, TallySpan
from connector.services.reports.report import report
from connector.store.marks import MarkKey
from connector.store.ports import Reading, Transaction
from connector.store.sql.engines import engines_for
from connector.store.sql.schema import upgrade
from connector.store.values import TallyQuestion
from connector.wire import requests
from tests.kit.stores import LINE, NOW, Place
from tests.kit.use_cases import Office

_DAY = 86_400_000
_MESSAGE = """
    INSERT INTO messages (id, conversation_id, account, line, consumer, person, seq, direction, text, at, status,
        status_at, overflow, author, encoding, segments, part, media, is_recovered)
    VALUES ('{0}', 'C1', 'main', '+15550100', '+15550123', '+15550123', 1, '{1}', 'Hello', {2}, '{3}', {2}, '', {4},
        'GSM-7', {5}, {6}, '[]', false)
"""
_CONVERSATION = """
    INSERT INTO conversations (id, account, line, consumer, person, skill, state, opened_at, last_at, closed_at,
        last_seq, unread, last_text, last_direction, reason, version, entry_point, due_by, due_told, is_reminder_kept,
        light, rings, tried, moves, joined, outcome, tags, closed_by, rank)
    VALUES ('{0}', 'main', '+15550100', '{1}', '{1}', 'orders', '{2}', {3}, {3}, {4}, 1, 0, '', 'inbound', '', 1,
        'poster', 'response', '', false, 0, '[]', '[]', 0, '[]', '{5}', '[]', {6}, 0)
"""


def summed(reading: Reading, by: str, kind: TallyKind, span: TallySpan) -> dict[str | int, dict[str, int]]:
    asked = TallyQuestion(kind=kind, span=span, since=0, until=2**62, by=by, leads=True)
    return {one.key: dict(one.measures) for one in reading.tallies(asked)}


async def test_stored_messages_and_conversations_are_counted(empty_place: Place) -> None:
    engines = engines_for(empty_place.where, 1)
    messages = [
        ("M1", "inbound", NOW, "received", "NULL", 1, '\'[7,2,1,false,"","",""]\''),
        ("M2", "inbound", NOW, "received", "NULL", 1, '\'[7,2,2,false,"","",""]\''),
        ("M3", "reply", NOW + 1, "delivered", "'ann'", 2, "NULL"),
        ("M4", "reply", NOW + 2, "failed", "'ann'", 3, "NULL"),
        ("M5", "reply", NOW + 3, "withdrawn", "'ann'", 1, "NULL"),
        ("M6", "reply", NOW - 90 * _DAY, "sent", "NULL", 4, "NULL"),
    ]
    conversations = [
        ("C1", "+15550123", "closed", NOW, NOW + 5000, "sold", "'ann'"),
        ("C2", "+15550124", "queued", NOW, "NULL", "", "NULL"),
    ]
    with engines.writing.begin() as connection:
        upgrade(connection, "0010")
        for row in messages:
            connection.execute(text(_MESSAGE.format(*row).replace(":", "\\:")))
        for each in conversations:
            connection.execute(text(_CONVERSATION.format(*each)))
    engines.dispose()
    office = Office(await empty_place.open())

    def read(reading: Reading) -> None:
        replies = {"replies": 2, "delivered": 1, "failed": 1, "segments": 2}
        closed = {"closed": 1, "open_ms": 5000}
        by_agent = summed(reading, "agent", TallyKind.WORK, TallySpan.DAY)
        assert by_agent == {
            "ann": replies | closed,
            "": {"replies": 1, "segments": 4, "texts": 1, "text_segments": 2, "opened": 2},
        }
        assert summed(reading, "agent", TallyKind.WORK, TallySpan.HOUR)["ann"] == replies | closed
        assert (
            "segments" not in summed(reading, "agent", TallyKind.WORK, TallySpan.HOUR)[""]
        )  # longer ago than hours stay
        assert summed(reading, "outcome", TallyKind.ENDED, TallySpan.DAY) == {"sold": closed}
        assert summed(reading, "entry_point", TallyKind.WORK, TallySpan.DAY)["poster"]["opened"] == 2
        assert reading.mark(MarkKey.tallies_began()) == NOW + 3

    await office.store.read(read)
    asked = requests.GetReport(NOW - 100 * _DAY, "line")
    office.clock.advance((NOW - office.now) / 1000 + 60)
    assert (await office.look(report, asked)).counted_since == NOW + 3
    assert [row.key for row in (await office.look(report, asked)).rows] == [LINE]


async def test_what_was_counted_then_moves_on_with_its_message(empty_place: Place) -> None:
    engines = engines_for(empty_place.where, 1)
    with engines.writing.begin() as connection:
        upgrade(connection, "0010")
        connection.execute(text(_MESSAGE.format("M1", "reply", NOW, "sent", "'ann'", 2, "NULL")))
        connection.execute(text(_CONVERSATION.format("C1", "+15550123", "closed", NOW, NOW + 5000, "sold", "'ann'")))
    engines.dispose()
    store = await empty_place.open()

    def change(tx: Transaction) -> None:
        tx.tallies.count_days_by(None)
        message, conversation = tx.messages.get("M1"), tx.conversations.get("C1")
        assert message is not None and conversation is not None
        tx.messages.update(replace(message, status=Status.DELIVERED))
        again = replace(conversation, state=ConversationState.ASSIGNED, closed_at=None, closed_by=None)
        tx.conversations.update(again)

    await store.write(change)
    found = await store.read(lambda reading: summed(reading, "agent", TallyKind.WORK, TallySpan.DAY))
    assert found["ann"] == {"replies": 1, "delivered": 1, "segments": 2}
    assert not (await store.read(lambda reading: summed(reading, "outcome", TallyKind.ENDED, TallySpan.DAY)))["sold"]


async def test_a_new_database_has_counted_from_the_start(empty_place: Place) -> None:
    store = await empty_place.open()
    assert await store.read(lambda reading: reading.mark(MarkKey.tallies_began())) is None
