"""Reading contacts: what is known of a person, and finding persons, by rights."""

from __future__ import annotations

from typing import Any

from connector.domain.agent import Sees
from connector.domain.audit import AuditAction
from connector.store.sql.store import SqlStore
from connector.wire import answers, contacts, limits, requests
from connector.wire.contacts import PersonView
from tests.kit.floor import Desks, desks
from tests.kit.stores import CONSUMER, LINE, audit_entries
from tests.kit.use_cases import OTHER_LINE

DAY_S = 86_400
RENEE, REN, BEN = "+14155550171", "+14155550172", "+447400123456"


async def person(floor: Desks, conversation_id: str, name: str = "ann", **more: Any) -> PersonView:
    answer = await floor.office.question(contacts.GetContact(conversation_id), name=name, **more)
    assert isinstance(answer, answers.PersonFound)
    return answer.person


async def found(floor: Desks, words: str, name: str = "ann", limit: int = 20, **more: Any) -> list[str]:
    answer = await floor.office.question(contacts.FindContacts(words, limit), name=name, **more)
    assert isinstance(answer, answers.Contacts)
    return [one.name for one in answer.contacts]


async def test_their_other_conversations_are_counted_and_named(store: SqlStore) -> None:
    floor = desks(store)
    await floor.come("ann")
    began = floor.office.now
    for number in range(8):
        one = await floor.office.text(line=OTHER_LINE if number % 2 else LINE)
        await floor.ask(requests.Close(one.id, outcome=f"solved {number}", tags=["kettle"]), "ann")
        floor.office.clock.advance(30 * DAY_S)
        await floor.come("ann")
    here = await floor.office.text()
    about = await person(floor, here.id)
    assert (about.others, about.since) == (8, began) and len(about.latest) == limits.PAST_CONVERSATIONS
    assert [one.outcome for one in about.latest] == [f"solved {number}" for number in range(7, 1, -1)]
    assert about.latest[0].line == OTHER_LINE and about.latest[0].tags == ["kettle"]
    history = await floor.office.question(requests.GetHistory(here.id))
    assert history.person == about
    older = await floor.office.question(requests.GetHistory(here.id, before=history.messages[0].id))
    assert older.person is None


async def test_conversations_out_of_sight_count_for_nothing(store: SqlStore) -> None:
    floor = desks(store)
    await floor.come("ann")
    await floor.come("dot", skills=("bookings",), sees=Sees.SKILLS)
    await floor.office.text()
    here = await floor.office.text(line=OTHER_LINE)
    assert (await person(floor, here.id)).others == 1
    limited = await person(floor, here.id, "dot", is_administrator=False)
    assert (limited.others, limited.latest, limited.since) == (0, [], here.opened_at)


async def named(floor: Desks) -> None:
    for number, name in ((RENEE, "Renée Dubois"), (REN, "Ren Dûmas"), (BEN, "Ben O'Brien-Łęcki")):
        await floor.ask(contacts.SetContactOf(number=number, name=name, notes="secret"), "ann")


async def test_people_are_found_by_the_beginnings_of_their_names_and_by_number(store: SqlStore) -> None:
    floor = desks(store)
    await floor.come("ann")
    await named(floor)
    assert await found(floor, "ren") == ["Ren Dûmas", "Renée Dubois"]
    assert await found(floor, "du RENE") == ["Renée Dubois"]
    assert await found(floor, "brien") == ["Ben O'Brien-Łęcki"] == await found(floor, "07400 123")
    assert await found(floor, "(415) 555-0171") == ["Renée Dubois"]
    assert await found(floor, "ubois") == await found(floor, "12") == await found(floor, " ") == []
    assert await found(floor, "ren", limit=1) == ["Ren Dûmas"]
    answer = await floor.office.question(contacts.FindContacts("ren", 1))
    assert answer.more and answer.contacts[0].notes == "" and answer.contacts[0].shown == "(415) 555-0172"


async def test_who_is_out_of_sight_is_not_found_and_who_has_no_conversation_is(store: SqlStore) -> None:
    floor = desks(store)
    await floor.come("ann")
    await floor.come("dot", skills=("bookings",))
    await named(floor)
    await floor.office.text(consumer=RENEE)
    await floor.office.text(consumer=REN, line=OTHER_LINE)
    assert await found(floor, "du", "dot", is_administrator=False) == ["Ren Dûmas"]
    assert await found(floor, "ben", "dot", is_administrator=False) == ["Ben O'Brien-Łęcki"]


async def test_all_are_read_page_by_page_by_administrators_and_the_audit_has_it(store: SqlStore) -> None:
    floor = desks(store)
    await floor.come("ann")
    await named(floor)
    first = await floor.office.question(contacts.GetContacts(limit=2))
    rest = await floor.office.question(contacts.GetContacts(first.contacts[-1].consumer, 2))
    assert [one.consumer for one in (*first.contacts, *rest.contacts)] == [RENEE, REN, BEN]
    assert (first.more, rest.more) == (True, False)
    actions = [entry.action for entry in await audit_entries(store)]
    assert actions.count(AuditAction.CONTACTS_READ) == 1


async def test_a_number_of_which_only_a_conversation_is_known_has_an_empty_contact(store: SqlStore) -> None:
    floor = desks(store)
    await floor.come("ann")
    one = await floor.office.text()
    answer = await floor.office.question(contacts.GetContactOf(CONSUMER))
    assert answer.person.contact.version == "" and answer.person.latest[0].id == one.id
