from __future__ import annotations

from connector.store.marks import MarkKey
from connector.store.sql.store import SqlStore
from tests.kit.stores import NOW


def test_the_texts_of_keys_are_those_in_databases_of_today() -> None:
    texts = {
        "pace +15550100": MarkKey.paced_until("+15550100"),
        "pause main": MarkKey.paused_until("main"),
        "recovered main": MarkKey.recovered_until("main"),
        "began main": MarkKey.recovery_began("main"),
        "store tried": MarkKey.store_tried(),
    }
    assert {text: key.text for text, key in texts.items()} == {text: text for text in texts}


async def test_a_mark_is_set_and_replaced(store: SqlStore) -> None:
    key, other = MarkKey.paused_until("main"), MarkKey.recovered_until("main")
    assert await store.write(lambda tx: tx.marks.get(key)) is None
    await store.write(lambda tx: tx.marks.set(key, NOW))
    await store.write(lambda tx: tx.marks.set(key, NOW + 1))
    assert await store.write(lambda tx: (tx.marks.get(key), tx.marks.get(other))) == (NOW + 1, None)
    assert await store.read(lambda reading: (reading.mark(key), reading.mark(other))) == (NOW + 1, None)
