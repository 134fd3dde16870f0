from __future__ import annotations

from functools import partial

from connector.domain.consent.entries import ConsentEntry, ConsentKind
from connector.store.ports import Transaction
from connector.store.sql.store import SqlStore
from tests.kit.stores import CONSUMER, NOW, consent


def append(tx: Transaction, entry: ConsentEntry) -> None:
    tx.consent.append(entry)


async def test_the_latest_consent_of_a_consumer_counts_on_any_line(store: SqlStore) -> None:
    entries = [
        consent(id="E1", at=NOW),
        consent(id="E3", at=NOW + 2, kind=ConsentKind.OPTED_IN, line="12345", account="short", message_id="M1"),
        consent(id="E2", at=NOW + 1),
        consent(id="E4", at=NOW + 9, consumer="+15550199", person="+15550199"),
    ]
    for each in entries:
        await store.write(partial(append, entry=each))
    assert await store.write(lambda tx: tx.consent.latest(CONSUMER)) == entries[1]
    again = consent(id="E5", at=NOW + 2)  # in the same millisecond
    await store.write(lambda tx: tx.consent.append(again))
    assert await store.write(lambda tx: tx.consent.latest(CONSUMER)) == again
    assert await store.write(lambda tx: tx.consent.latest("+15550000")) is None
