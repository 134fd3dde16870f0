"""Which consumers an agent can text first."""

from __future__ import annotations

import pytest

from connector.domain.refusals import Refused
from connector.store.sql.store import SqlStore
from connector.wire import answers, requests
from connector.wire.refusals import RefusalCode
from tests.kit.floor import desks
from tests.kit.stores import LINE


@pytest.mark.parametrize("number", ["+14155550133", "+447911123456", "+15550133", "55501"])
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
