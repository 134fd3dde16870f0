"""Importing contacts, on either engine."""

from __future__ import annotations

from typing import Any

from msgspec.structs import replace

from connector.domain.contact import Contact
from connector.domain.conversation import ConversationState
from connector.store.contact_imports import ContactImport, StagedContact, StagedCounts
from connector.store.ports import Transaction
from connector.store.sql.store import SqlStore
from tests.kit.stores import conversation

ODD = "Renée 東\0\ud83d"


def line(number: int, **fields: Any) -> StagedContact:
    usual = {"import_id": "I1", "person": f"+1{number}", "consumer": f"+1{number}", "is_changed": True}
    return StagedContact(line=number, **{**usual, **fields})


async def test_all_right_lines_become_contacts_by_one_statement(store: SqlStore) -> None:
    before = Contact("+12", "+12", "V1", 1, "ann", "Ben")
    rows = [
        line(1, name=ODD, language="fr", attributes=(("order", "7"),), notes="a\nb\0", found_by=" renee"),
        line(2, name="Benno", based_on="V1"),
        line(3, is_changed=False, based_on="V9", name="as it is"),
        line(4, is_changed=False, is_wrong=True),
        replace(line(5, name="Zoe"), import_id="I2"),
    ]

    def run(tx: Transaction) -> tuple[StagedCounts, int, int]:
        tx.contacts.save(before)
        tx.contact_imports.save(ContactImport("I1", "ann", 5))
        tx.contact_imports.stage(rows)
        tx.contact_imports.stage([line(1, name="again")])
        counts, outdated = tx.contact_imports.counts("I1"), tx.contact_imports.outdated("I1")
        assert tx.contacts.name_of("+12") == "Ben"
        tx.contact_imports.apply("I1", "V2", 9, "bob")
        assert tx.contacts.name_of("+12") == "Benno"
        return counts, outdated, tx.contact_imports.outdated("I1")

    assert await store.write(run) == (StagedCounts(3, 1, 1, 1), 0, 2)
    found = {one.person: one for one in await store.read(lambda reading: reading.contacts_after("", 9))}
    assert found == {
        "+11": Contact("+11", "+11", "V2", 9, "bob", ODD, "fr", (("order", "7"),), "a\nb\0", " renee"),
        "+12": Contact("+12", "+12", "V2", 9, "bob", "Benno"),
    }


async def test_lines_and_contacts_are_looked_up_by_person(store: SqlStore) -> None:
    def run(tx: Transaction) -> None:
        tx.contact_imports.stage([line(1), line(2), replace(line(3), import_id="I2")])
        tx.contacts.save(Contact("+13", "+13", "V1", 1, "ann", "Ben"))

    await store.write(run)
    persons = ["+11", "+13", "no\0where"]
    assert await store.read(lambda reading: reading.staged_lines("I1", persons)) == {"+11": 1}
    assert [*await store.read(lambda reading: reading.contacts_among(persons))] == ["+13"]


async def test_persons_follow_in_order_and_those_with_conversations_alone(store: SqlStore) -> None:
    def run(tx: Transaction) -> list[object]:
        tx.conversations.insert(conversation(id="C1", person="+11"))
        tx.conversations.insert(conversation(id="C2", person="+13", state=ConversationState.CLOSED, closed_at=1))
        tx.conversations.insert(conversation(id="C3", person="+14", line="+15550101"))
        imports = tx.contact_imports
        imports.save(ContactImport("I1", "ann", 5))
        found: list[object] = [imports.first_applied(), imports.abandoned(6)]
        imports.save(ContactImport("I1", "ann", 5, 6))
        imports.stage([line(1), line(2), line(3), line(4, is_changed=False), line(5)])
        found += [imports.first_applied(), imports.abandoned(6), imports.next_persons("I1", 4)]
        found.append(imports.changed_among("I1", "+14"))
        imports.remove_until("I1", "+14")
        found += [imports.next_persons("I1", 4), imports.remove_person("+15"), imports.next_persons("I1", 4)]
        imports.remove("I1")
        return [*found, imports.get("I1")]

    begun, done = ContactImport("I1", "ann", 5), ContactImport("I1", "ann", 5, 6)
    assert await store.write(run) == [
        *(None, begun, done, None, ["+11", "+12", "+13", "+14"], ["+11", "+13"], ["+15"], 1, [], None)
    ]
