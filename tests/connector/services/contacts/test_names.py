"""The name of a contact stands with every conversation of its person, without a look-up for each text."""

from __future__ import annotations

from connector.domain.contact import Contact
from connector.domain.conversation import Conversation
from connector.services.contacts import names
from connector.services.unit_of_work import UnitOfWork
from connector.store.sql.store import SqlStore
from connector.wire import requests
from tests.kit.floor import Desks, desks
from tests.kit.stores import CONSUMER
from tests.kit.use_cases import OTHER_LINE

DAY_S = 86_400


def called(uow: UnitOfWork, name: str, person: str = CONSUMER) -> None:
    uow.tx.contacts.save(Contact(person, person, uow.brand.ids.new(), uow.now, "ann", name))
    names.spread(uow, person)


async def closed(floor: Desks) -> Conversation:
    one = await floor.office.text()
    await floor.ask(requests.Close(one.id, accept=True), "ann")
    return one


async def test_a_conversation_has_the_name_from_its_opening(store: SqlStore) -> None:
    floor = desks(store)
    await floor.come("ann")
    await floor.office.do(called, "Renée Dubois")
    assert (await floor.office.text()).name == "Renée Dubois"
    assert (await floor.office.text(consumer="+15550177")).name == ""
    started = await floor.ask(requests.Start(OTHER_LINE, CONSUMER, "Hello", confirmed=True), "ann")
    assert (await floor.conversation(started.conversation_id)).name == "Renée Dubois"  # type: ignore[union-attr]
    [first, *_] = await floor.office.events("message_received")
    assert first["conversation"]["name"] == "Renée Dubois"
    await floor.demand_events_equal_snapshot()


async def test_another_name_reaches_every_conversation_and_desks_hear_of_those_in_their_lists(store: SqlStore) -> None:
    floor = desks(store)
    await floor.come("ann")
    old = await closed(floor)
    floor.office.clock.advance(2 * DAY_S)
    await floor.come("ann")
    recent, here = await closed(floor), await floor.office.text()
    await floor.office.text(consumer="+15550177")
    before = {one.id: await floor.conversation(one.id) for one in (old, recent, here)}
    await floor.office.do(called, "Renée")
    after = {one: await floor.conversation(one) for one in before}
    assert {one.name for one in after.values()} == {"Renée"}
    assert all(after[one].version == before[one].version + 1 for one in before)
    told = await floor.office.events("conversation_updated")
    assert [one["conversation"]["id"] for one in told] == [here.id, recent.id]
    await floor.office.do(called, "Renée")  # the same again
    assert len(await floor.office.events("conversation_updated")) == 2
