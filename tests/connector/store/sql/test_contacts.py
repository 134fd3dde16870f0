from __future__ import annotations

from msgspec.structs import replace

from connector.domain.contact import Contact
from connector.domain.conversation import ConversationState
from connector.store.ports import Transaction
from connector.store.sql.store import SqlStore
from tests.kit.stores import CONSUMER, conversation

RENEE = Contact(
    CONSUMER,
    CONSUMER,
    "V1",
    5,
    "ann",
    "Renée 東\0",
    "fr",
    (("order", "A-17"), ("VIP", "yes\ud83d")),
    "a\nb\0",
    " renee",
)


async def test_a_contact_is_read_back_whole(store: SqlStore) -> None:
    await store.write(lambda tx: tx.contacts.save(RENEE))
    assert await store.write(lambda tx: tx.contacts.get(CONSUMER)) == RENEE
    assert await store.read(lambda reading: reading.contact(CONSUMER)) == RENEE
    assert await store.read(lambda reading: reading.contact("+1")) is None
    assert await store.write(lambda tx: tx.contacts.name_of(CONSUMER)) == RENEE.name
    other = Contact(CONSUMER, "+15550188", "V2", 6, "bob")
    await store.write(lambda tx: tx.contacts.save(other))
    assert await store.read(lambda reading: reading.contact(CONSUMER)) == other


async def test_a_name_is_that_of_the_contact_as_it_is_by_now(store: SqlStore) -> None:
    def name_at_each_step(tx: Transaction) -> list[str]:
        found = [tx.contacts.name_of(CONSUMER)]
        tx.contacts.save(RENEE)
        found.append(tx.contacts.name_of(CONSUMER))
        tx.contacts.save(replace(RENEE, name="Ana"))
        found.append(tx.contacts.name_of(CONSUMER))
        assert tx.contacts.remove(CONSUMER) and not tx.contacts.remove(CONSUMER)
        return [*found, tx.contacts.name_of(CONSUMER)]

    assert await store.write(name_at_each_step) == ["", RENEE.name, "Ana", ""]


async def test_closed_conversations_of_one_person_are_renamed_at_once(store: SqlStore) -> None:
    closed = conversation(id="C1", state=ConversationState.CLOSED, closed_at=1)
    others = [
        replace(closed, id="C2", name="Ana"),
        replace(closed, id="C3", person="+15550177"),
        conversation(id="C4"),
    ]

    def rename(tx: Transaction) -> list[tuple[str, int]]:
        for one in (closed, *others):
            tx.conversations.insert(one)
        tx.conversations.rename_closed(CONSUMER, "Ana")
        found = (tx.conversations.get(one) for one in ("C1", "C2", "C3", "C4"))
        return [(one.name, one.version) for one in found if one is not None]

    assert await store.write(rename) == [("Ana", 2), ("Ana", 1), ("", 1), ("", 1)]
