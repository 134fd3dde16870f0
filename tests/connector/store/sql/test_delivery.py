from __future__ import annotations

from typing import Any

from connector.domain.delivery import Receipt
from connector.domain.status import Status
from connector.store.ports import Transaction
from connector.store.sql.store import SqlStore
from tests.kit.stores import NOW, attempt, receipt


async def test_attempts_are_replaced_by_message_and_number(store: SqlStore) -> None:
    ended = attempt(number=2, ended_at=NOW + 1, outcome="refused", code="21610", words="opted out")

    def try_twice(tx: Transaction) -> None:
        tx.attempts.add(attempt())
        tx.attempts.add(attempt(number=2))
        tx.attempts.add(attempt(message_id="R2"))
        tx.attempts.update(ended)

    await store.write(try_twice)
    assert await store.write(lambda tx: tx.attempts.latest("R1")) == ended
    assert await store.write(lambda tx: tx.attempts.latest("R2")) == attempt(message_id="R2")
    assert await store.write(lambda tx: tx.attempts.latest("R3")) is None


SAME: list[dict[str, Any]] = [
    {"at": NOW + 1},
    {"status": Status.SENT},
]
OTHER: list[dict[str, Any]] = [
    {"account": "short"},
    {"ref": "SM8"},
    {"ref": None},
    {"ref": ""},
    {"message_id": None},
    {"message_id": ""},
    {"message_id": "R2"},
    {"part": 2},
    {"parts": 2},
    {"raw_status": "DELIVERED"},
    {"raw_status": "delivered\0\ud83d"},
    {"code": "30003"},
    {"words": "other"},
]
FIRST = receipt(message_id="R1")


async def test_a_repeated_receipt_is_stored_once(store: SqlStore) -> None:
    same: list[Receipt] = [receipt(**{"message_id": "R1"} | changes) for changes in SAME]
    assert await store.write(lambda tx: [tx.receipts.add_once(each) for each in [FIRST, *same]]) == [True] + [
        False
    ] * len(same)
    assert await store.write(lambda tx: tx.receipts.for_message("main", "R1", "SM9")) == [FIRST]


async def test_a_different_receipt_is_stored_too(store: SqlStore) -> None:
    others: list[Receipt] = [receipt(**{"message_id": "R1"} | changes) for changes in OTHER]
    for _ in range(2):
        kept = await store.write(lambda tx: [tx.receipts.add_once(each) for each in [FIRST, *others]])
    assert kept == [False] * (1 + len(others))
    assert await store.write(lambda tx: tx.receipts.for_message("short", "R1", "SM9")) == [others[0]]
    # One that names another reply is that one's only, whatever its reference.
    about = [FIRST, *(one for one in others[1:] if one.message_id in ("R1", None))]
    assert await store.write(lambda tx: tx.receipts.for_message("main", "R1", "SM9")) == about


async def test_receipts_are_found_by_either_id_oldest_first(store: SqlStore) -> None:
    kept = [
        receipt(at=NOW + 3, message_id="R1", ref=None),
        receipt(at=NOW + 1, raw_status="sent", status=Status.SENT),
        receipt(at=NOW + 1, raw_status="queued", status=Status.ACCEPTED, code="7", words="later", part=2, parts=3),
        receipt(ref="SM7"),
        receipt(message_id="R2", ref=None),
    ]
    await store.write(lambda tx: [tx.receipts.add_once(each) for each in kept])

    async def found(ref: str | None) -> list[Receipt]:
        return await store.write(lambda tx: tx.receipts.for_message("main", "R1", ref))

    assert await found("SM9") == [kept[1], kept[2], kept[0]]
    assert await found(None) == [kept[0]]
