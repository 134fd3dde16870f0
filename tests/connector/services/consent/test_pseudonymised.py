"""An opt-out or opt-in of an erased consumer still applies: it is stored under the keyed hash of their number."""

from __future__ import annotations

import pytest

from connector.domain.address import person_of
from connector.domain.refusals import Refused
from connector.store.sql.store import SqlStore
from connector.wire import requests
from connector.wire.refusals import RefusalCode
from tests.kit.pseudonyms import PSEUDONYMS
from tests.kit.stores import LINE
from tests.kit.use_cases import Office

MEXICAN = "+5215512345678"  # an old spelling


async def erased(office: Office, consumer: str) -> None:
    person = person_of(consumer)
    await office.store.write(lambda tx: tx.consent.pseudonymise(person, PSEUDONYMS.of(person)))


async def test_an_opt_out_holds_under_its_hash_and_start_lifts_it(store: SqlStore) -> None:
    office = Office(store)
    await office.sign_in()
    await office.ask(requests.OptOut(MEXICAN, "by phone"))
    await erased(office, MEXICAN)
    for spelling in (MEXICAN, "+52 55 1234 5678"):
        with pytest.raises(Refused) as refused:
            await office.ask(requests.Start(LINE, spelling, "Hello"))
        assert refused.value.code == RefusalCode.OPTED_OUT
    conversation = await office.text("Are you there?", MEXICAN)
    with pytest.raises(Refused) as refused:
        await office.ask(requests.Reply(conversation.id, "Yes"))
    assert refused.value.code == RefusalCode.OPTED_OUT
    await office.text("START", MEXICAN)
    await office.reply(conversation)


async def test_the_entries_of_one_who_writes_again_are_theirs(store: SqlStore) -> None:
    office = Office(store)
    await office.ask(requests.OptOut(MEXICAN, "by phone"))
    await erased(office, MEXICAN)
    conversation = await office.text("Are you there?", MEXICAN)
    found = await store.read(lambda reading: reading.latest_consent(conversation.person))
    assert found is not None and (found.consumer, found.evidence) == (MEXICAN, "")
