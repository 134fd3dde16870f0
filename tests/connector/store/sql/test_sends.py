"""What agents sent by slots of five minutes, and what else limits of sending are read from, on every engine."""

from __future__ import annotations

from connector.domain.sending_limits import HOUR_MS, SLOT_MS, SpanOfSends
from connector.store.ports import Transaction
from connector.store.sql.store import SqlStore
from tests.kit.stores import CONSUMER, NOW, conversation, message, reply

HOUR = NOW - NOW % HOUR_MS


async def test_sends_are_counted_by_agent_and_slot_and_old_ones_go(store: SqlStore) -> None:
    def count(tx: Transaction) -> None:
        tx.sends.add("ann", HOUR - 60 * HOUR_MS, is_new_number=True)
        for slot, is_new in ((2, True), (2, False), (5, True)):
            tx.sends.add("ann", HOUR - HOUR_MS + slot * SLOT_MS, is_new_number=is_new)
        for slot in (0, 1):
            tx.sends.add("ann", HOUR + slot * SLOT_MS, is_new_number=False)
        tx.sends.add("bob", HOUR, is_new_number=True)

    await store.write(count)
    found = await store.write(lambda tx: tx.sends.of("ann", 0, HOUR))
    before = HOUR - HOUR_MS
    assert found == [
        SpanOfSends(before + 2 * SLOT_MS, before + 6 * SLOT_MS, 3, 2),
        SpanOfSends(HOUR, HOUR + SLOT_MS, 1, 0),
        SpanOfSends(HOUR + SLOT_MS, HOUR + 2 * SLOT_MS, 1, 0),
    ]
    assert await store.write(lambda tx: tx.sends.of("ann", HOUR, HOUR)) == found[1:]
    assert await store.write(lambda tx: tx.sends.of("bob", 0, 0)) == [SpanOfSends(HOUR, HOUR + SLOT_MS, 1, 1)]


async def test_whether_a_person_has_ever_written(store: SqlStore) -> None:
    await store.write(lambda tx: tx.messages.add_once(reply()))
    assert not await store.write(lambda tx: tx.messages.has_inbound(CONSUMER))
    await store.write(lambda tx: tx.messages.add_once(message()))
    assert await store.write(lambda tx: tx.messages.has_inbound(CONSUMER))
    assert not await store.write(lambda tx: tx.messages.has_inbound("+15550188"))


async def test_the_queue_of_one_account(store: SqlStore) -> None:
    def put(tx: Transaction) -> None:
        for number, account in enumerate(("main", "other", "main")):
            consumer = f"+1555012{number}"
            tx.conversations.insert(conversation(id=f"C{number}", account=account, consumer=consumer, rank=9 - number))

    await store.write(put)

    async def queued(limit: int, account: str | None) -> list[str]:
        return [one.id for one in await store.write(lambda tx: tx.conversations.queued(limit, "orders", account))]

    assert await queued(9, None) == ["C2", "C1", "C0"]
    assert await queued(9, "main") == ["C2", "C0"]
    assert await queued(1, "main") == ["C2"]
    assert await queued(9, "third") == []
    last = conversation(id="C0", rank=9)

    async def ahead(*accounts: str) -> int:
        return await store.read(lambda reading: reading.ahead_of(last, accounts))

    assert [await ahead(), await ahead("main"), await ahead("main", "other"), await ahead("third")] == [2, 1, 2, 0]
    assert await store.read(lambda reading: reading.queue_lengths("main")) == {"orders": 2}
