"""A person who writes from several addresses: one conversation, one history, one consent."""

from __future__ import annotations

import pytest

from connector.providers.values import InboundText
from connector.services.unit_of_work import UnitOfWork
from connector.store.sql.store import SqlStore
from tests.kit.use_cases import OTHER_LINE, Office, rules

ADDRESSES = ["+5215512345678", "+525512345678"]


def office(store: SqlStore) -> Office:
    return Office(store, rules(), rules(address=OTHER_LINE))


async def test_the_address_written_from_last_is_replied_to(store: SqlStore) -> None:
    desk = office(store)
    first = await desk.text("Hola", ADDRESSES[0])
    assert (first.consumer, first.shown) == (ADDRESSES[0], "+52 55 1234 5678")
    second = await desk.text("Hola", ADDRESSES[1])
    assert (second.id, second.consumer, second.last_seq) == (first.id, ADDRESSES[1], 2)
    history = await store.read(lambda reading: reading.history(first.person, None, 9))
    assert [one.consumer for one in history] == ADDRESSES


async def test_a_text_that_is_recovered_late_changes_no_address(store: SqlStore) -> None:
    desk = office(store)
    await desk.text("Hola", ADDRESSES[0])
    late = InboundText(ref="late", line=rules().address, consumer=ADDRESSES[1], text="Hola")
    await desk.take(late, is_recovered=True)
    now = await desk.open_for("+525512345678")
    assert (now.consumer, now.last_seq) == (ADDRESSES[0], 2)


@pytest.mark.parametrize("stops", ADDRESSES)
async def test_an_opt_out_holds_for_every_address_on_every_line(store: SqlStore, stops: str) -> None:
    desk = office(store)
    await desk.take(InboundText(ref="stop", line=OTHER_LINE, consumer=stops, text="STOP"))
    for address in ADDRESSES:
        conversation = await desk.text("Hola", address)
        assert await desk.do(UnitOfWork.is_opted_out, conversation.person)


async def test_a_short_code_shows_numbers_as_the_lines_beside_it(store: SqlStore) -> None:
    desk = Office(store, rules(), rules(address="12345"))
    at_number, at_code = await desk.text("Hi", "+14155550110"), await desk.text("Hi", "+14155550112", line="12345")
    assert (at_number.shown, at_code.shown) == ("(415) 555-0110", "(415) 555-0112")
