"""Importing contacts: all right lines at once or none, each wrong one with its line, whatever happens meanwhile."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from connector.domain.audit import AuditAction
from connector.domain.contact import Contact
from connector.domain.refusals import Refused
from connector.services.contacts import imports
from connector.services.contacts.imports import Checked
from connector.store.sql.store import SqlStore
from connector.wire import answers, contacts
from connector.wire.contacts import ContactRow
from connector.wire.refusals import RefusalCode
from tests.kit.floor import Desks, desks
from tests.kit.stores import CONSUMER, LINE, audit_entries

RENEE, BEN = "+14155550171", "+447400123456"


def row(line: int, number: str, name: str | None = None, **fields: Any) -> ContactRow:
    return ContactRow(line=line, number=number, name=name, **fields)


async def staged(floor: Desks, *rows: ContactRow, import_id: str = "I1") -> answers.ContactsStaged:
    """As the core does it: checked beside the writer, then written."""
    checked = await floor.office.question(contacts.StageContacts(import_id, list(rows)))
    assert isinstance(checked, Checked)
    return await floor.office.do(imports.stage, "ann", import_id, checked)


async def applied(floor: Desks, right: int, *, import_id: str = "I1", skip_wrong: bool = False) -> Any:
    return await floor.ask(contacts.ApplyContacts(import_id, right, skip_wrong), "ann")


async def followed(floor: Desks) -> int:
    steps = 0
    while await floor.office.do(imports.follow):
        steps += 1
    return steps


async def everyone(store: SqlStore) -> dict[str, Contact]:
    return {one.consumer: one for one in await store.read(lambda reading: reading.contacts_after("", 1000))}


async def left(store: SqlStore) -> int:
    return len(await store.write(lambda tx: tx.contact_imports.next_persons("I1", 1000)))


async def test_nothing_is_a_contact_before_all_are(store: SqlStore) -> None:
    floor = desks(store)
    await floor.come("ann")
    await floor.office.text(consumer=RENEE)
    await staged(floor, row(2, "(415) 555-0171", "Renée", language="French", attributes={"order": "7"}, notes="a\nb"))
    assert await everyone(store) == {}
    await staged(floor, row(3, "+44 7400 123456", "Ben"))
    assert await applied(floor, 2) == answers.ContactsImported(2, 0, 0)
    found = await everyone(store)
    assert found[RENEE].content == ("Renée", "fr", (("order", "7"),), "a\nb") and found[BEN].name == "Ben"
    assert {one.changed_by for one in found.values()} == {"ann"}
    assert (await floor.office.open_for(RENEE)).name == ""  # soon
    await followed(floor)
    assert (await floor.office.open_for(RENEE)).name == "Renée" and await left(store) == 0
    [told] = await floor.office.events("contact_changed")  # nobody shows Ben
    assert (told["consumer"], told["name"]) == (RENEE, "Renée")
    [entry] = [one for one in await audit_entries(store) if one.action is AuditAction.CONTACTS_IMPORTED]
    assert msgspec.json.decode(entry.details) == {"added": 2, "changed": 0, "unchanged": 0}
    await floor.demand_events_equal_snapshot()


async def test_every_wrong_line_says_what_to_do(store: SqlStore) -> None:
    floor = desks(store)
    await floor.come("ann")
    first = await staged(
        floor,
        row(2, RENEE, "Renée"),
        row(3, "twelve", "Zoe"),
        row(4, "", "Zoe"),
        row(5, LINE, "Us"),
        row(6, BEN, "Ben", language="gibberish!"),
        row(7, "001 415 555 0171", "Renée again"),
        row(8, "+1 415 555 0172"),
        row(9, "+1 415 555 0173", "x" * 101),
        row(12, "555-0174", "Local"),
    )
    second = await staged(floor, row(10, "1 (415) 555-0171", "Renée"), row(11, BEN, "Ben"))
    words = {one.line: one.words for one in (*first.wrong, *second.wrong)}
    assert sorted(words) == [3, 4, 5, 6, 7, 8, 9, 10, 11, 12]
    assert words[7] == words[10] == "It is the number of line 2 again: leave one of the two."
    assert words[11] == "It is the number of line 6 again: leave one of the two."
    assert words[3].startswith("Write the number with its country code") and words[4] == "It has no number."
    assert "one of our own lines" in words[5] and "gibberish! is no language" in words[6]
    assert "Nothing is said" in words[8] and "at most 100 characters" in words[9]
    assert words[12].startswith("5550174 may lack its area code: write the number with its country code")
    assert (first.added, second.added) == (1, 0)
    with pytest.raises(Refused) as no:
        await applied(floor, 1)
    assert no.value.code == RefusalCode.WRONG_LINES and await everyone(store) == {}
    assert await applied(floor, 1, skip_wrong=True) == answers.ContactsImported(1, 0, 0)
    assert {one.name for one in (await everyone(store)).values()} == {"Renée"}


async def test_a_page_that_is_missing_or_came_twice(store: SqlStore) -> None:
    floor = desks(store)
    await floor.come("ann")
    page = (row(2, RENEE, "Renée"), row(3, BEN, "Ben"))
    assert await staged(floor, *page) == await staged(floor, *page)
    with pytest.raises(Refused, match="2 lines are here, and 3 were sent"):
        await applied(floor, 3)
    assert await applied(floor, 2) == answers.ContactsImported(2, 0, 0)
    for again in (applied(floor, 2), staged(floor, *page)):
        with pytest.raises(Refused):
            await again


async def test_what_a_file_does_not_name_stays_and_the_rest_is_as_it_says(store: SqlStore) -> None:
    floor = desks(store)
    await floor.come("ann")
    known = {"order": "7", "VIP": "yes"}
    for number in (RENEE, BEN):
        await floor.ask(contacts.SetContactOf(number=number, name="N", attributes=known, notes="a dog"), "ann")
    answer = await staged(
        floor, row(2, RENEE, "Renée", attributes={"order": "8", "size": ""}), row(3, BEN, "N", attributes={})
    )
    assert (answer.changed, answer.unchanged, answer.emptied) == (1, 1, 0)
    await applied(floor, 2)
    found = await everyone(store)
    assert found[RENEE].content == ("Renée", "", (("order", "8"), ("VIP", "yes")), "a dog")
    assert found[BEN].content == ("N", "", (("order", "7"), ("VIP", "yes")), "a dog")
    emptied = await staged(floor, row(2, RENEE, notes="", attributes={"VIP": ""}), import_id="I2")
    assert emptied.emptied == 1
    await applied(floor, 1, import_id="I2")
    assert (await everyone(store))[RENEE].content == ("Renée", "", (("order", "8"),), "")


async def test_what_an_agent_writes_meanwhile_is_not_replaced(store: SqlStore) -> None:
    floor = desks(store)
    await floor.come("ann")
    await staged(floor, row(2, RENEE, "Renée"))
    await floor.ask(contacts.SetContactOf(number=RENEE, notes="a dog"), "ann")
    with pytest.raises(Refused) as no:
        await applied(floor, 1)
    assert no.value.code == RefusalCode.NEWER_CONTACT
    await floor.ask(contacts.DropContacts("I1"), "ann")
    await followed(floor)
    await staged(floor, row(2, RENEE, "Renée"))
    await applied(floor, 1)
    assert (await everyone(store))[RENEE].content == ("Renée", "", (), "a dog")


async def test_a_name_that_is_changed_before_the_conversations_follow_is_the_one_they_get(store: SqlStore) -> None:
    floor = desks(store)
    await floor.come("ann")
    one = await floor.office.text()
    await staged(floor, row(2, CONSUMER, "Renée"))
    await applied(floor, 1)
    await floor.ask(contacts.SetContactOf(number=CONSUMER, name="Ana"), "ann")
    await followed(floor)
    assert (await floor.conversation(one.id)).name == "Ana"
    await floor.demand_events_equal_snapshot()


async def test_who_is_erased_or_dropped_leaves_no_line(store: SqlStore) -> None:
    floor = desks(store)
    await floor.come("ann")
    await staged(floor, row(2, RENEE, "Renée"), row(3, BEN, "Ben"))
    await store.write(lambda tx: tx.contact_imports.remove_person(RENEE))
    assert await left(store) == 1
    with pytest.raises(Refused):
        await applied(floor, 2)
    await floor.ask(contacts.DropContacts("I1"), "ann")
    await followed(floor)
    assert await left(store) == 0 and await everyone(store) == {}


async def test_an_import_that_nobody_applies_goes_after_a_day(store: SqlStore) -> None:
    floor = desks(store)
    await floor.come("ann")
    await staged(floor, row(2, RENEE, "Renée"))
    assert not await floor.office.do(imports.expire)
    floor.office.clock.advance(25 * 3600)
    assert await floor.office.do(imports.expire) and not await floor.office.do(imports.expire)
    assert await left(store) == 0


async def test_many_follow_in_small_steps_and_a_killed_core_goes_on(store: SqlStore) -> None:
    floor = desks(store)
    await floor.come("ann", capacity=0)
    numbers = [f"+1415555{number:04d}" for number in range(250)]
    one = await floor.office.text(consumer=numbers[200])
    await staged(floor, *(row(2 + at, number, f"N{at}") for at, number in enumerate(numbers)))
    await applied(floor, 250)
    assert await floor.office.do(imports.follow)
    assert await left(store) == 150
    # What a killed core has left is all in the store.
    assert await followed(floor) == 3
    assert (await floor.conversation(one.id)).name == "N200" and await left(store) == 0


async def test_masks_come_back_as_what_they_hide(store: SqlStore) -> None:
    floor = desks(store)
    await floor.come("ann")
    card = "4242 4242 4242 4242"
    await floor.ask(contacts.SetContactOf(number=RENEE, name="Renée", notes=card), "ann")
    read = await floor.office.question(contacts.GetContacts())
    masked = read.contacts[0].notes
    answer = await staged(floor, row(2, RENEE, "Renée", notes=masked), row(3, BEN, "Ben", notes=masked))
    assert answer.unchanged == 1 and [one.line for one in answer.wrong] == [3]


async def test_another_administrators_import_is_left_alone(store: SqlStore) -> None:
    floor = desks(store)
    await floor.come("ann")
    await floor.come("bob")
    await staged(floor, row(2, RENEE, "Renée"))
    assert await floor.refused(contacts.ApplyContacts("I1", 1), "bob") == RefusalCode.BAD_REQUEST
    await floor.ask(contacts.DropContacts("I1"), "bob")
    assert await applied(floor, 1) == answers.ContactsImported(1, 0, 0)
