"""Which consumers an agent can text first."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from connector.domain.refusals import Refused
from connector.store.sql.store import SqlStore
from connector.wire import answers, requests
from connector.wire.refusals import RefusalCode
from tests.kit.floor import desks
from tests.kit.stores import LINE
from tests.kit.use_cases import OTHER_LINE, Office, rules


@pytest.mark.parametrize("number", ["+14155550133", "+447911123456", "+15135550133", "55501"])
async def test_numbers_and_short_codes(store: SqlStore, number: str) -> None:
    floor = desks(store)
    await floor.come("ann")
    assert isinstance(await floor.ask(requests.Start(LINE, number, "About your call"), "ann"), answers.Started)


@pytest.mark.parametrize(
    "number", ["+0123456789", "415555013", "+1415555013", "+14155550133 ext. 5", "+999123456789", ""]
)
async def test_what_is_no_phone_number_is_refused(store: SqlStore, number: str) -> None:
    floor = desks(store)
    await floor.come("ann")
    assert await floor.refused(requests.Start(LINE, number, "About your call"), "ann") == RefusalCode.BAD_REQUEST


@pytest.mark.parametrize(
    "number", ["4155550133", "+1 415 555 0133", "(415) 555-0133", "001 415 555 0133", "+14155550133\n"]
)
async def test_a_number_in_any_spelling_is_answered_with_the_canonical_one(store: SqlStore, number: str) -> None:
    floor = desks(store)
    await floor.come("ann")
    started = await floor.ask(requests.Start(LINE, number, "About your call"), "ann")
    assert isinstance(started, answers.Started)
    assert started.consumer == "+14155550133"


async def test_words_say_in_which_country_a_number_was_read(store: SqlStore) -> None:
    floor = desks(store)
    await floor.come("ann")
    with pytest.raises(Refused, match=r"with its country code.*read as a number of US, \+1"):
        await floor.ask(requests.Start(LINE, "415 555 013", "About your call"), "ann")


SHORT = rules(address="55501")


@pytest.mark.parametrize("number", [LINE, "001 555 0100", "55501", f"whatsapp:{LINE}"])
async def test_our_own_lines_are_no_consumers(store: SqlStore, number: str) -> None:
    office = Office(store, rules(), SHORT)
    await office.sign_in()
    with pytest.raises(Refused, match="one of our own lines") as no:
        await office.ask(requests.Start(LINE, number, "Hello"))
    assert no.value.code == RefusalCode.CANNOT_ANSWER


async def test_a_text_of_our_own_line_is_stored_and_not_answered(store: SqlStore) -> None:
    """Neither by an agent nor by the notice: each answer would come in as a text again, without an end."""
    office = Office(store, rules(), rules(address=OTHER_LINE))
    office.brand = replace(office.brand, masking_notice="Please send no card numbers.")
    await office.sign_in()
    conversation = await office.text("4111 1111 1111 1111", consumer=OTHER_LINE)
    with pytest.raises(Refused, match="one of our own lines"):
        await office.ask(requests.Reply(conversation.id, "Hello"))
    assert (await office.open_for(OTHER_LINE)).last_seq == 1
