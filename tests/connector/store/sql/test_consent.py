from __future__ import annotations

from functools import partial

from connector.domain.consent.entries import ConsentEntry, ConsentKind, LikelyOptOut
from connector.domain.conversation import Conversation, ConversationState
from connector.store.ports import Transaction
from connector.store.sql.store import SqlStore
from tests.kit.pseudonyms import PSEUDONYMS
from tests.kit.stores import CONSUMER, LINE, NOW, consent, conversation


def append(tx: Transaction, entry: ConsentEntry) -> None:
    tx.consent.append(entry)


def set_likely(tx: Transaction, likely: LikelyOptOut) -> None:
    tx.consent.set_likely(likely)


def insert(tx: Transaction, one: Conversation) -> None:
    tx.conversations.insert(one)


async def test_the_latest_consent_of_a_consumer_counts_on_any_line(store: SqlStore) -> None:
    entries = [
        consent(id="E1", at=NOW),
        consent(id="E3", at=NOW + 2, kind=ConsentKind.OPTED_IN, line="12345", account="short", message_id="M1"),
        consent(id="E2", at=NOW + 1),
        consent(id="E4", at=NOW + 9, consumer="+15550199", person="+15550199"),
    ]
    for each in entries:
        await store.write(partial(append, entry=each))
    assert await store.write(lambda tx: tx.consent.latest(CONSUMER, PSEUDONYMS)) == entries[1]
    again = consent(id="E5", at=NOW + 2)  # in the same millisecond
    await store.write(lambda tx: tx.consent.append(again))
    assert await store.write(lambda tx: tx.consent.latest(CONSUMER, PSEUDONYMS)) == again
    assert await store.write(lambda tx: tx.consent.latest("+15550000", PSEUDONYMS)) is None


async def test_entries_are_ordered_by_id_whatever_the_clock_did(store: SqlStore) -> None:
    for each in (consent(id="E1", at=NOW), consent(id="E2", at=NOW - 1, kind=ConsentKind.OPTED_IN, author="ann")):
        await store.write(partial(append, entry=each))
    found = await store.write(lambda tx: tx.consent.latest(CONSUMER, PSEUDONYMS))
    assert found is not None
    assert (found.id, found.author) == ("E2", "ann")
    assert await store.read(lambda reading: reading.latest_consent(CONSUMER)) == found


async def test_a_likely_opt_out_of_each_person_until_it_is_removed(store: SqlStore) -> None:
    first = LikelyOptOut(CONSUMER, NOW, "main", LINE, CONSUMER, "M1", "stpo")
    later = LikelyOptOut(CONSUMER, NOW + 1, "main", LINE, CONSUMER, None, "leave me alone")
    other = LikelyOptOut("+15550199", NOW, "main", LINE, "+15550199", "M2", "no more")
    for each in (first, later, other):
        await store.write(partial(set_likely, likely=each))
    assert await store.write(lambda tx: tx.consent.likely(CONSUMER)) == later
    assert await store.read(lambda reading: reading.likely_opt_out(CONSUMER)) == later
    assert await store.read(lambda reading: reading.likely_opt_outs(10)) == [other, later]
    assert await store.read(lambda reading: reading.likely_opt_outs(1)) == [other]
    assert await store.read(lambda reading: reading.desk_pages.likely_among([CONSUMER])) == {CONSUMER: later}
    await store.write(lambda tx: tx.consent.remove_likely(CONSUMER))
    assert await store.write(lambda tx: tx.consent.likely(CONSUMER)) is None
    assert await store.read(lambda reading: reading.likely_opt_out(CONSUMER)) is None


async def test_the_open_conversations_of_a_person(store: SqlStore) -> None:
    closed = ConversationState.CLOSED
    made = [
        conversation(id="C2", line="12345"),
        conversation(id="C1"),
        conversation(id="C3", line="67890", state=closed, closed_at=NOW),
        conversation(id="C4", consumer="+15550199"),
    ]
    for each in made:
        await store.write(partial(insert, one=each))
    assert await store.write(lambda tx: tx.conversations.open_of(CONSUMER)) == [made[1], made[0]]
