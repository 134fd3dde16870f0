"""Recording contacts: who may, what is stored, and that two agents never replace unseen what the other wrote."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from connector.domain.agent import Role
from connector.domain.audit import AuditAction
from connector.domain.contact import Contact
from connector.domain.refusals import Refused
from connector.services.request_table import execute
from connector.store.sql.store import SqlStore
from connector.wire import answers, contacts, requests
from connector.wire.contacts import ContactView
from connector.wire.refusals import RefusalCode
from tests.kit.floor import Desks, desks
from tests.kit.stores import CONSUMER, audit_entries, told
from tests.kit.use_cases import Office

CARD = "4242 4242 4242 4242"
OTHER = "+14155550177"


async def recorded(floor: Desks, conversation_id: str, by: str = "ann", **fields: Any) -> str:
    answer = await floor.ask(contacts.SetContact(conversation_id=conversation_id, **fields), by)
    assert isinstance(answer, answers.ContactSaved)
    return answer.version


async def view(office: Office, conversation_id: str) -> ContactView:
    found: answers.PersonFound = await office.question(contacts.GetContact(conversation_id))
    return found.person.contact


async def stored(store: SqlStore, person: str = CONSUMER) -> Contact | None:
    return await store.read(lambda reading: reading.contact(person))


async def test_what_was_recorded_is_read_by_whoever_sees_a_conversation_with_them(store: SqlStore) -> None:
    floor = desks(store)
    await floor.come("ann")
    one = await floor.office.text()
    attributes = {"order": "A-17", " VIP ": "yes", "gone": " "}
    notes = "\nPrefers mornings.  \nHas a dog\t\x1b[2J\n"
    version = await recorded(
        floor, one.id, name="  Renée\n Dubois ", language="french", attributes=attributes, notes=notes
    )
    found = await view(floor.office, one.id)
    assert (found.name, found.language, found.version, found.changed_by) == ("Renée Dubois", "fr", version, "ann")
    assert [*found.attributes.items()] == [("order", "A-17"), ("VIP", "yes")]
    assert found.notes.startswith("Prefers mornings.\nHas a dog") and "\x1b" not in found.notes
    assert (await floor.conversation(one.id)).name == "Renée Dubois"


async def test_what_is_not_named_stays_and_an_empty_contact_is_none(store: SqlStore) -> None:
    floor = desks(store)
    await floor.come("ann")
    one = await floor.office.text()
    version = await recorded(floor, one.id, name="Ana", notes="calls on Fridays")
    version = await recorded(floor, one.id, based_on=version, language="pt-br")
    found = await view(floor.office, one.id)
    assert (found.name, found.language, found.notes) == ("Ana", "pt-BR", "calls on Fridays")
    assert await recorded(floor, one.id, based_on=version, language="pt_BR") == version  # nothing changes
    assert await recorded(floor, one.id, based_on=version, name="", language="", notes=" ") == ""
    assert await stored(store) is None and (await floor.conversation(one.id)).name == ""


async def test_of_two_agents_none_replaces_unseen_what_the_other_wrote(store: SqlStore) -> None:
    floor = desks(store)
    await floor.come("ann")
    await floor.come("bob")
    one = await floor.office.text()
    first = await recorded(floor, one.id, name="Ana")
    second = await recorded(floor, one.id, "bob", based_on=first, notes="a dog")
    with pytest.raises(Refused) as no:
        await recorded(floor, one.id, based_on=first, notes="a cat")
    assert no.value.code == RefusalCode.NEWER_CONTACT and no.value.details["version"] == second
    assert no.value.words.startswith("bob has changed it")
    assert (await view(floor.office, one.id)).notes == "a dog"
    await recorded(floor, one.id, "bob", based_on=second, name="", notes="")
    with pytest.raises(Refused, match="has removed it"):
        await recorded(floor, one.id, based_on=second, notes="a cat")


async def test_desks_that_see_a_conversation_with_them_hear_of_it(store: SqlStore) -> None:
    floor = desks(store)
    await floor.come("ann")
    one = await floor.office.text()
    version = await recorded(floor, one.id, name="Ana")
    [event] = await floor.office.events("contact_changed")
    assert (event["consumer"], event["name"], event["version"], event["by"]) == (CONSUMER, "Ana", version, "ann")
    [row] = [row for row in await told(store) if row.fact.kind == "contact_changed"]
    assert msgspec.json.decode(row.fact.visibility or "") == [["main", "orders", ["ann"]]]
    await floor.ask(contacts.SetContactOf(number=OTHER, name="Nobody we know"), "ann")
    assert len(await floor.office.events("contact_changed")) == 1  # nobody shows it
    await floor.demand_events_equal_snapshot()


async def test_the_audit_says_who_changed_what_and_not_the_words(store: SqlStore) -> None:
    floor = desks(store)
    await floor.come("ann")
    one = await floor.office.text()
    await recorded(floor, one.id, name="Ana", attributes={"order": "A-17"})
    await floor.ask(contacts.RemoveContact(CONSUMER), "ann")
    found = [entry for entry in await audit_entries(store) if entry.action.startswith("contact")]
    assert [entry.action for entry in found] == [AuditAction.CONTACT_CHANGED, AuditAction.CONTACT_REMOVED]
    assert msgspec.json.decode(found[0].details) == {"fields": ["name", "attributes"]}
    assert all("Ana" not in entry.details and CONSUMER not in entry.person for entry in found)
    assert (await floor.conversation(one.id)).name == ""


async def test_masked_texts_are_read_masked_and_stay_what_they_are(store: SqlStore) -> None:
    floor = desks(store)
    await floor.come("ann")
    one = await floor.office.text()
    version = await recorded(floor, one.id, name=f"Ana {CARD}", attributes={"pays": CARD}, notes=f"{CARD} since May")
    found = await view(floor.office, one.id)
    assert CARD not in repr(found) and found.masked == ["card"] and found.notes.endswith("4242 since May")
    [event] = await floor.office.events("contact_changed")
    assert CARD not in event["name"] and CARD not in repr(await floor.office.events("conversation_updated"))
    version = await recorded(
        floor, one.id, based_on=version, attributes={**found.attributes, "order": "7"}, notes=f"{found.notes}, or May"
    )
    contact = await stored(store)
    assert contact is not None and contact.attributes == (("pays", CARD), ("order", "7"))
    assert contact.notes == f"{CARD} since May, or May"
    await recorded(floor, one.id, based_on=version, notes="since May")
    contact = await stored(store)
    assert contact is not None and contact.notes == "since May"


async def test_an_administrator_records_by_number_and_it_is_there_when_they_write(store: SqlStore) -> None:
    floor = desks(store)
    await floor.come("ann")
    await floor.ask(contacts.SetContactOf(number="+1 (415) 555-0177", name="Ben"), "ann")
    await floor.ask(contacts.SetContactOf(number=OTHER, notes="by post"), "ann")  # whatever has changed
    one = await floor.office.text(consumer=OTHER)
    assert one.name == "Ben" and (await view(floor.office, one.id)).notes == "by post"


async def test_a_lead_records_by_number_what_they_see(store: SqlStore) -> None:
    floor = desks(store)
    await floor.come("ann")
    await floor.come("lea", role=Role.LEAD, skills=("orders",), accounts=("main",))
    await floor.come("max", role=Role.LEAD, skills=("bookings",), accounts=("other",))
    await floor.office.text()
    change = contacts.SetContactOf(number=CONSUMER, name="Ana")
    for who, code in (("lea", None), ("max", RefusalCode.UNKNOWN_CONTACT), ("ann", RefusalCode.NOT_ALLOWED)):
        try:
            await floor.office.ask(change, name=who, is_administrator=False)
        except Refused as no:
            assert no.code == code, who
        else:
            assert code is None, who


async def test_a_repeated_request_changes_nothing_and_its_answer_holds_no_text(store: SqlStore) -> None:
    floor = desks(store)
    await floor.come("ann")
    one = await floor.office.text()
    request = contacts.SetContact(conversation_id=one.id, name="Ana")
    first = await floor.office.do(execute, "ann", "R1", request, is_administrator=True)
    again = await floor.office.do(execute, "ann", "R1", request, is_administrator=True)
    assert first == again and isinstance(first, answers.ContactSaved)
    assert len(await floor.office.events("contact_changed")) == 1
    remembered = await store.write(lambda tx: tx.requests.answer("ann", "R1"))
    assert remembered is not None and b"Ana" not in remembered


async def test_a_closed_conversation_of_long_ago_takes_notes_too(store: SqlStore) -> None:
    floor = desks(store)
    await floor.come("ann")
    one = await floor.office.text()
    await floor.ask(requests.Close(one.id), "ann")
    floor.office.clock.advance(400 * 86_400)
    await floor.come("ann")
    await recorded(floor, one.id, name="Ana")
    assert (await floor.conversation(one.id)).name == "Ana"
